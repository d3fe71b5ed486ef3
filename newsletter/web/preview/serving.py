"""The preview under uvicorn, on the loopback addresses of this machine and no others."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import uvicorn

from newsletter.errors import ServiceMissing
from newsletter.web.serve import listen

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

#: seconds that answers under way get when the preview is told to stop
_GRACE = 1


def listen_on_loopback(port: int) -> list[socket.socket]:
    """Listening sockets of 127.0.0.1 and, where this machine has it, ::1; port 0 takes a free one, the same for both.

    Raises:
        ServiceMissing: the port is in use, or not for everybody.
    """
    try:
        first = listen("127.0.0.1", port)
    except ServiceMissing:
        why = "it cannot be used; perhaps another preview is running. End that one, or take a free port with --port 0"
        raise ServiceMissing(f"port {port}", why) from None
    with contextlib.suppress(ServiceMissing):
        return [first, listen("::1", first.getsockname()[1])]
    return [first]


def serve_preview(app: ASGIApp, sockets: Sequence[socket.socket], before_stopping: Callable[[], None]) -> None:
    """Answer until SIGINT or SIGTERM. `before_stopping` ends the event streams, which would last for ever."""
    with contextlib.ExitStack() as stack, contextlib.suppress(KeyboardInterrupt):
        for one in sockets:
            stack.enter_context(one)
        preview_server(app, before_stopping).run(sockets=[*sockets])


def preview_server(app: ASGIApp, before_stopping: Callable[[], None]) -> uvicorn.Server:
    """Not started yet. No access log: nothing is written down about who looks at what."""
    return _Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            lifespan="on",
            ws="none",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        ),
        before_stopping,
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, before_stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._before_stopping = before_stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._before_stopping()
        await super().shutdown(sockets)
