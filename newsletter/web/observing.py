"""Each request seen from outside: what it was, what came of it, how long it took. Never whose: a path can hold a token."""

from __future__ import annotations

import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.routing import Mount

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
#: of the request under way, for whatever is logged meanwhile
REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
#: what stands for the template of an address that leads nowhere: its own words are somebody else's
NO_ROUTE = "none"
#: anybody can make a method up
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
#: answered to nobody: the client went away before
GONE = 499


@dataclass(frozen=True, kw_only=True)
class Seen:
    """`route` is the template, such as /u/{key}, without the path of base_url."""

    route: str
    method: str
    status: int
    seconds: float


class Observing:
    """ASGI middleware: gives each request an id of ours, and tells `observers` of it when it was answered."""

    def __init__(self, app: ASGIApp, base_url: str, observers: Sequence[Callable[[Seen], None]]) -> None:
        self._app, self._observers = app, observers
        self._prefix = unquote(urlsplit(base_url).path).rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        status = GONE

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ())]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        begin = time.perf_counter()
        mark = REQUEST_ID.set(number)
        try:
            await self._app(scope, receive, send_and_look)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = time.perf_counter() - begin
            seen = Seen(route=self._route(scope), method=method, status=status, seconds=seconds)
            for observe in self._observers:
                observe(seen)
            REQUEST_ID.reset(mark)

    def _route(self, scope: Scope) -> str:
        """The router leaves in the scope what it found; above it stand only fixed paths."""
        route, below = scope.get("route"), scope.get("root_path", "")
        if route is None or "endpoint" not in scope:
            return NO_ROUTE
        # what lies below a mounted application and is no route of its own is a file of it, or nothing
        whole = f"{below}/*" if isinstance(route, Mount) else f"{below}{route.path}"
        own = whole.removeprefix(self._prefix)
        return NO_ROUTE if own == "/*" else own or "/"
