"""The application under uvicorn, one process. In front of it stands a proxy that speaks TLS (docs/running.md)."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn
from starlette.concurrency import run_in_threadpool

from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

#: seconds that requests under way get when the server is told to stop
_GRACE = 10


def serve(app: ASGIApp, listening: socket.socket, stopped: Callable[[], None] = lambda: None) -> None:
    """Answer on a socket of `listen` until SIGINT or SIGTERM; requests under way are finished first, then `stopped` is called."""
    with listening, contextlib.suppress(KeyboardInterrupt):
        server(app, stopped).run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn ends the process with the signal that it got, so what belongs to the end has to be done before."""

    def __init__(self, config: uvicorn.Config, stopped: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopped = stopped

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets=sockets)
        await run_in_threadpool(self._stopped)


def server(app: ASGIApp, stopped: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """Not started yet. No access log, since paths carry tokens."""
    return _Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            lifespan="off",
            ws="none",
            proxy_headers=False,  # nothing here depends on who the client is
            server_header=False,
            timeout_graceful_shutdown=_GRACE,
        ),
        stopped,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        ServiceMissing: the address is in use, or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as why:
        reason = getattr(why, "strerror", None) or str(why)
        raise ServiceMissing(f"the address {host}:{port}", f"it cannot be listened on ({reason})") from None
