"""Around every request: the security headers, and a polite page instead of a traceback.

Nothing here or below logs a path, a query or the text of an exception: they can hold tokens and addresses.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect

from newsletter.web.headers import DEFAULTS

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("newsletter.web")


class Guard:
    """ASGI middleware. `error_page` was made at the start, so that it works even if templates have since been broken."""

    def __init__(self, app: ASGIApp, error_page: Response) -> None:
        self._app = app
        self._error_page = error_page

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

        try:
            await self._app(scope, receive, send_guarded)
        except ClientDisconnect:  # nobody is left to be answered
            return
        except Exception as failure:  # noqa: BLE001 - the last place before a reader would see it
            log_failure("a page failed", failure)
            if not started:
                await self._error_page(scope, receive, send_guarded)


def _add_headers(message: Message) -> None:
    message["headers"] = [*message.get("headers", ())]  # the list may be that of a response used many times
    headers = MutableHeaders(scope=message)
    for name, value in DEFAULTS.items():
        headers.setdefault(name, value)


def log_failure(what: str, failure: Exception) -> None:
    """The kind of the failure and the lines it came through; never its message, which may hold a reader's data."""
    _log.error("%s: %s at %s", what, type(failure).__name__, steps_of(failure))


def steps_of(failure: BaseException) -> str:
    steps = traceback.extract_tb(failure.__traceback__)
    return " <- ".join(f"{step.filename}:{step.lineno}" for step in reversed(steps))
