"""Where a request came from, as a trusted proxy in front says it. What anybody else writes into these headers is ignored."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send


class Proxies:
    """ASGI middleware: afterwards the request's client is the reader, if one of these addresses or networks handed it on."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        # uvicorn's own types of ASGI are narrower
        self._said = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", self._go_on), [*trusted]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["newsletter.peer"] = scope.get("client")
        await self._said(scope, receive, send)

    async def _go_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("client") != scope["newsletter.peer"] and not _is_address(scope["client"][0]):
            scope["client"] = (
                None  # "unknown", "_hidden" or worse (RFC 7239, 6): nobody may be counted under a made-up name
            )
        await self._app(scope, receive, send)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
