"""Request -> Response for every address of the preview. Files, mails and databases are worked on in threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from newsletter.web.forms import read_form
from newsletter.web.headers import POLICY
from newsletter.web.preview.board import INDEX
from newsletter.web.preview.guarding import mail_policy
from newsletter.web.preview.showing import frame, showing, wish_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from newsletter.settings import Workspace
    from newsletter.web.preview.board import Shown
    from newsletter.web.preview.desk import Desk
    from newsletter.web.preview.making import Edition
    from newsletter.web.preview.overview import Row
    from newsletter.web.preview.showing import Showing

#: seconds that a page waits for its issue to be rendered; of a later one it is told by its events
_PATIENCE = 5.0


class Endpoints:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def index(self, _request: Request) -> Response:
        return self._desk.pages.index(await run_in_threadpool(self._desk.name), await self._rows())

    async def index_now(self, _request: Request) -> Response:
        return self._desk.pages.index_part(await self._rows())

    async def issue(self, request: Request) -> Response:
        slug = await self._slug(request)
        shown = await self._desk.board.fresh(slug, _PATIENCE)
        return await run_in_threadpool(self._issue, await self._showing(request, slug, shown))

    async def issue_now(self, request: Request) -> Response:
        """What is rendered by now. A page asks when it was told of it, so there is nothing to wait for."""
        slug = await self._slug(request)
        one = await self._showing(request, slug, self._desk.board.shown(slug))
        return await run_in_threadpool(self._desk.pages.issue_parts, one)

    async def mail(self, request: Request) -> Response:
        """The mail for a frame. The policy lets nothing in it run."""
        slug = await self._slug(request)
        wish = wish_of(request.query_params)
        html = await run_in_threadpool(frame, slug, await self._edition(slug), wish, self._desk.readers)
        return HTMLResponse(html, headers={POLICY: mail_policy(web=wish.web)})

    async def image(self, request: Request) -> Response:
        """An image of exactly this name among those that were rendered; no file is looked for."""
        edition = await self._edition(await self._slug(request))
        name = request.path_params["name"]
        found = next((image for image in edition.prepared.images if image.name == name), None)
        if found is None:
            raise HTTPException(404)
        return Response(found.content, media_type=found.media_type)

    async def index_events(self, _request: Request) -> Response:
        return self._events(INDEX)

    async def issue_events(self, request: Request) -> Response:
        slug = await self._slug(request)
        self._desk.board.shown(slug)
        return self._events(slug)

    async def search(self, request: Request) -> Response:
        """Readers by a piece of their address or name. Posted, so that it stands in no address and no log."""
        await self._slug(request)
        words = " ".join((await read_form(request)).all("words"))[:200]
        found = await run_in_threadpool(lambda: self._desk.readers.search(self._workspace(), words))
        return self._desk.pages.found(found)

    async def type_in(self, request: Request) -> Response:
        """Values of fields -> the name that they are remembered by, or what is wrong with one of them."""
        await self._slug(request)
        form = await read_form(request)
        values = {name: " ".join(given) for name, given in form.values.items()}
        settings = (await run_in_threadpool(self._workspace)).settings
        try:
            return JSONResponse({"reader": self._desk.readers.type_in(values, settings).key})
        except ValueError as why:
            return JSONResponse({"trouble": str(why)})

    async def asset(self, request: Request) -> Response:
        found = self._desk.pages.asset(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return found

    async def no_icon(self, _request: Request) -> Response:
        return Response(status_code=204)

    def _events(self, topic: str) -> Response:
        return StreamingResponse(self._desk.events.stream(topic), media_type="text/event-stream")

    async def _slug(self, request: Request) -> str:
        slug: str = request.path_params["slug"]
        if not await run_in_threadpool(self._desk.has, slug):
            raise HTTPException(404)
        return slug

    async def _edition(self, slug: str) -> Edition:
        shown = self._desk.board.shown(slug)
        if shown.edition is None:
            shown = await self._desk.board.fresh(slug, _PATIENCE)
        if shown.edition is None:
            raise HTTPException(404)
        return shown.edition

    async def _showing(self, request: Request, slug: str, shown: Shown) -> Showing:
        wish = wish_of(request.query_params)
        return await run_in_threadpool(showing, slug, shown, wish, self._desk.readers, self._desk.folder)

    def _issue(self, one: Showing) -> Response:
        edition = one.shown.edition
        return self._desk.pages.issue(one, edition.workspace if edition else None, self._desk.name())

    async def _rows(self) -> Sequence[Row]:
        states = self._desk.board.counted(await run_in_threadpool(self._desk.issues))
        return await run_in_threadpool(self._desk.rows, states)

    def _workspace(self) -> Workspace:
        """As it is now.

        Raises:
            HTTPException: its settings are broken, which the page tells.
        """
        try:
            return self._desk.load()
        except Exception as why:
            raise HTTPException(409) from why
