"""A desk -> the application that `newsletter preview` serves on this machine."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from newsletter.web.preview.endpoints import Endpoints
from newsletter.web.preview.guarding import Guard
from newsletter.web.preview.watching import Watched, watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from newsletter.web.preview.desk import Desk


def create_preview(desk: Desk) -> Starlette:
    """It watches and renders while its lifespan lasts."""
    return Starlette(
        routes=_routes(Endpoints(desk)),
        middleware=[Middleware(Guard)],
        exception_handlers={HTTPException: partial(_refused, desk)},
        lifespan=lambda _app: _at_work(desk),
    )


def _routes(to: Endpoints) -> list[Route]:
    return [
        Route("/", to.index),
        Route("/now", to.index_now),
        Route("/events", to.index_events),
        Route("/issues/{slug}/", to.issue),
        Route("/issues/{slug}/now", to.issue_now),
        Route("/issues/{slug}/mail", to.mail),
        Route("/issues/{slug}/events", to.issue_events),
        Route("/issues/{slug}/images/{name}", to.image),
        Route("/issues/{slug}/readers", to.search, methods=["POST"]),
        Route("/issues/{slug}/fields", to.type_in, methods=["POST"]),
        Route("/assets/{name}", to.asset),
        Route("/favicon.ico", to.no_icon),
    ]


@asynccontextmanager
async def _at_work(desk: Desk) -> AsyncIterator[None]:
    watched = Watched(folder=desk.folder, others={slug: path.parent for slug, path in desk.others.items()})
    tasks = [asyncio.create_task(desk.board.run()), asyncio.create_task(watch(watched, desk.board.changed))]
    if desk.first:
        desk.board.shown(desk.first)
    try:
        yield
    finally:
        desk.events.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        desk.worker.stop()
        desk.readers.close()


async def _refused(desk: Desk, _request: Request, why: Exception) -> Response:
    status = why.status_code if isinstance(why, HTTPException) else 400
    if status == 404:
        return desk.pages.words("There is no such page", "The issue may have been renamed or deleted.", 404)
    words = "Mend newsletter.toml first." if status == 409 else "This cannot be done."
    return PlainTextResponse(words, status, getattr(why, "headers", None))
