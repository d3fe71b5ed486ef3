"""HTTP/1.1 for clients that take their time: whoever does not go on within a limit is cut off, so that others are answered.

uvicorn only limits how long a connection idles between two requests. A client that sends its request byte by byte, never
stops sending, or never reads the answer would keep its connection for ever.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable


#: what a client must read at least within `Patience.reading`
_LEAST = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds, each from the moment when it was the client's turn; all of it must be done by then.

    The body of a form has limits of its own, which are told politely (web/bodies.py); `body` is the net below.
    """

    #: the request line and the headers
    head: float = 10
    body: float = 90
    #: for reading the next 16 KB of an answer that does not fit into the buffers
    reading: float = 60
    #: after our last word: for reading it, while what else comes is thrown away
    parting: float = 5


class SlowClients(H11Protocol):
    """uvicorn makes one for each connection. With `limit_concurrency` connections, one that only waits is ended for a new one."""

    patience = Patience()

    def __init__(self, *facts: Any, **more: Any) -> None:  # noqa: ANN401 - as uvicorn makes it
        super().__init__(*facts, **more)
        self._clocks: dict[str, asyncio.TimerHandle] = {}
        self._waits_since = time.monotonic()

    # --- what asyncio tells ---

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._make_room()
        super().connection_made(transport)
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for name in [*self._clocks]:
            self._stop(name)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():  # while we part: h11 would complain about it
            return
        super().data_received(data)
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._must_read()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop("reading")

    # --- what uvicorn does ---

    def on_response_complete(self) -> None:
        self._waits_since = time.monotonic()
        super().on_response_complete()
        self._look()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._look()

    def shutdown(self) -> None:
        super().shutdown()
        self._look()

    def send_400_response(self, msg: str) -> None:
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:  # an answer is under way: what came behind its request is nonsense
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self.transport.close()

    # --- whose turn it is ---

    @property
    def waiting(self) -> bool:
        """Nothing of a request is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _look(self) -> None:
        """Start the clock of what is being waited for, and stop those of what has come."""
        if self.transport.is_closing():
            self._must_read()
            return
        theirs, answered = self.conn.their_state, self.waiting
        # between two requests uvicorn's own clock runs, until the first byte of the next one
        if theirs is h11.IDLE and self.timeout_keep_alive_task is None:
            self._start("head", self.patience.head, self.transport.abort)
        else:
            self._stop("head")
        if theirs is h11.SEND_BODY:
            self._start("body", self.patience.body, self.transport.abort)
        else:
            self._stop("body")
        if theirs is h11.SEND_BODY and answered:  # it was refused unread: the client may hear why before we hang up
            self._unset_keepalive_if_required()
            self._start("parting", self.patience.parting, self.transport.abort)
        else:
            self._stop("parting")

    def _start(self, name: str, seconds: float, then: Callable[[], None]) -> None:
        """A clock that runs already goes on: the limit is for all of it, not for each byte."""
        if name not in self._clocks:
            self._clocks[name] = self.loop.call_later(seconds, then)

    def _stop(self, name: str) -> None:
        if clock := self._clocks.pop(name, None):
            clock.cancel()

    def _must_read(self) -> None:
        left = self.transport.get_write_buffer_size()
        if left:
            self._start("reading", self.patience.reading, lambda: self._has_read(left))

    def _has_read(self, before: int) -> None:
        self._stop("reading")
        if before - self.transport.get_write_buffer_size() < min(_LEAST, before):
            self.transport.abort()
        else:
            self._must_read()

    def _make_room(self) -> None:
        most = self.limit_concurrency
        if most is None or len(self.connections) < most - 1:
            return
        idle = [one for one in self.connections if isinstance(one, SlowClients) and one.waiting]
        if idle:
            longest = min(idle, key=lambda one: one._waits_since)  # noqa: SLF001 - one of ours
            self.connections.discard(longest)
            longest.transport.abort()


def protocol(patience: Patience) -> type[SlowClients]:
    """uvicorn takes a class."""
    return type("_SlowClients", (SlowClients,), {"patience": patience})
