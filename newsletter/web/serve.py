"""The application under uvicorn, one process. In front of it stands a proxy that speaks TLS (docs/running.md)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import TYPE_CHECKING

import uvicorn
from starlette.concurrency import run_in_threadpool

from newsletter.errors import ServiceMissing
from newsletter.web.slow_clients import Patience, protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp

#: seconds that requests under way get when the server is told to stop
_GRACE = 10
#: connections at once; below the 1,024 files that a process may open where nobody says otherwise
MOST_CONNECTIONS = 800
_BACKLOG = 2048
#: of a request line with its headers
_LARGEST_HEAD = 16 * 1024


def serve(app: ASGIApp, listening: socket.socket, stopped: Callable[[], None] = lambda: None) -> None:
    """Answer on a socket of `listen` until SIGINT or SIGTERM: requests under way are finished, and `stopped` is called.

    A second signal ends the process at once.
    """
    with listening, contextlib.suppress(KeyboardInterrupt):
        server(app, stopped).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Being told to stop is no failure: uvicorn would end the process with the signal that it got."""

    def __init__(self, config: uvicorn.Config, stopped: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopped = stopped

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - as uvicorn calls it
        if self.should_exit:
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.gather(super().shutdown(sockets=sockets), run_in_threadpool(self._stopped))


def server(
    app: ASGIApp,
    stopped: Callable[[], None] = lambda: None,
    *,
    patience: Patience = Patience(),  # noqa: B008 - frozen
    most_connections: int = MOST_CONNECTIONS,
) -> uvicorn.Server:
    """Not started yet. No access log, since paths carry tokens: web/logs.py has its own."""
    return _Server(
        uvicorn.Config(
            app,
            http=protocol(patience),
            loop="asyncio",
            access_log=False,
            log_config=None,
            lifespan="off",
            ws="none",
            proxy_headers=False,  # web/proxies.py knows whom to trust
            server_header=False,
            backlog=_BACKLOG,
            limit_concurrency=most_connections,
            h11_max_incomplete_event_size=_LARGEST_HEAD,
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
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as why:
        reason = getattr(why, "strerror", None) or str(why)
        raise ServiceMissing(f"the address {host}:{port}", f"it cannot be listened on ({reason})") from None
