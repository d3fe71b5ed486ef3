"""Who may ask: only pages of the preview itself, in a browser on this machine. Every answer carries the strict headers.

A page of another site can send requests to 127.0.0.1, and its name can be made to lead there (DNS rebinding): the Host
header then still is its own name. OWASP, "DNS rebinding" and "Cross-Site Request Forgery Prevention".
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from newsletter.web.guard import log_failure
from newsletter.web.headers import POLICY

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_NOTHING = "default-src 'none'; base-uri 'none'"

#: a page of the tool: its own files, frames with mails
PAGE_POLICY = (
    f"{_NOTHING}; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
#: what the tool's page lets a frame do: it looks into it, to outline a block; nothing in it may run
SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
DEFAULTS = {
    POLICY: f"{_NOTHING}; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def mail_policy(*, web: bool) -> str:
    """A mail in a frame: its inline styles and our copies of its images; what lies on the web only where asked for."""
    elsewhere = " https: http:" if web else ""
    return (
        f"{_NOTHING}; style-src 'unsafe-inline'{elsewhere}; img-src 'self' data:{elsewhere}; font-src data:{elsewhere}; "
        f"form-action 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
    )


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(message)
            await send(message)

        if refusal := _refusal(scope["method"], Headers(scope=scope)):
            await refusal(scope, receive, send_guarded)
            return
        try:
            await self._app(scope, receive, send_guarded)
        except ClientDisconnect:
            return
        except Exception as failure:  # noqa: BLE001 - a page that fails must not end the preview
            log_failure("a page of the preview failed", failure)
            if not started:
                await _FAILED(scope, receive, send_guarded)


_FAILED = PlainTextResponse(
    "The preview failed by a fault of ours. Reload the page; please report it if it stays.", 500
)


def _refusal(method: str, headers: Headers) -> PlainTextResponse | None:
    host = headers.get("host", "")
    if _host_name(f"//{host}") not in _HOSTS:
        return PlainTextResponse("The preview answers only on this machine: use its address as it was printed.", 421)
    if method not in {"GET", "HEAD"} and headers.get("origin") != f"http://{host}":
        return PlainTextResponse("This was not sent by a page of the preview.", 403)
    foreign = headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
    if foreign and headers.get("sec-fetch-mode") != "navigate":
        return PlainTextResponse("Pages of other sites cannot use the preview.", 403)
    return None


def _host_name(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _add_headers(message: Message) -> None:
    message["headers"] = [*message.get("headers", ())]
    headers = MutableHeaders(scope=message)
    for name, value in DEFAULTS.items():
        headers.setdefault(name, value)
