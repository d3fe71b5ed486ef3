"""One request to a page: what of it the pages may know, and the way from a route to a page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from newsletter.web.forms import read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from newsletter.web.forms import Form
    from newsletter.web.site import Site

    Show = Callable[[Site, "Visit"], Response]
    Submit = Callable[[Site, "Visit", Form], Response]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """`key` is what the path ends with: a token, or a name. `query` has the last value of each parameter."""

    key: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    #: where it came from, as far as a trusted proxy says; empty where that is not known
    ip: str = ""

    @property
    def user_agent(self) -> str:
        return self.headers.get("user-agent", "")


def route(
    site: Site,
    path: str,
    show: Show,
    submit: Submit | None = None,
    *,
    cross_site: bool = False,
    steady: bool = False,
) -> Route:
    """A page at `path`, which may end with {key}. GET and HEAD show, and never change anything; only a POST may.

    A POST from a page of another site is refused unless `cross_site`: there it is expected. The answer to a POST waits for the
    beat of the site where it is `steady`: how long it took would tell what was found.
    """

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        if submit is None or request.method != "POST":
            return await run_in_threadpool(show, site, visit)
        if not cross_site and _is_foreign(request, site.settings.newsletter.base_url):
            raise HTTPException(403)
        form = await read_form(request)
        begin = time.monotonic()
        response = await run_in_threadpool(submit, site, visit, form)
        if steady and site.beat:
            await anyio.sleep(site.beat - (time.monotonic() - begin) % site.beat)
        return response

    return Route(path, endpoint, methods=["GET", "POST"] if submit else ["GET"])


def visit_of(request: Request) -> Visit:
    return Visit(
        key=request.path_params.get("key", ""),
        query=dict(request.query_params),
        headers=request.headers,
        ip=request.client.host if request.client else "",
    )


def _is_foreign(request: Request, base_url: str) -> bool:
    """Whether the browser says that another site's page sent this. Our pages send no referrer, so their origin is "null"."""
    if site := request.headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin", "null")
    try:
        return origin != "null" and urlsplit(origin)[:2] != urlsplit(base_url)[:2]
    except ValueError:  # nothing that a browser would send
        return True
