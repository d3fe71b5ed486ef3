"""The open connections: kept from chunk to chunk, never more than the settings or the server allow."""

from __future__ import annotations

import threading
from time import monotonic
from typing import TYPE_CHECKING

from newsletter.esp.smtp.answers import Meaning
from newsletter.esp.smtp.opening import NotOpened

if TYPE_CHECKING:
    from newsletter.esp.smtp.opening import Server
    from newsletter.esp.smtp.session import Session

#: a server that takes no further connection is asked for more after so many seconds
_CROWDED_FOR = 60.0
#: how long a connection that somebody else uses is waited for, in time-outs of the server
_PATIENCE = 5


class Pool:
    """Hands out connections to threads. One that takes a connection gives it back or drops it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._idle: list[Session] = []
        self._open = 0
        #: how many the server was found to take, and until when that is believed
        self._most, self._most_until = 0, 0.0
        self._changed = threading.Condition()

    def take(self) -> Session:
        """An idle connection that looks well, or a new one.

        Raises:
            NotOpened: there is none.
        """
        until = monotonic() + self._server.timeout * _PATIENCE
        while True:
            session = self._idle_or_room(until)
            if session is None:
                try:
                    return self._server.open()
                except NotOpened as why:
                    if self._others_go_on(why):
                        continue
                    raise
                except BaseException:
                    self._closed()
                    raise
            if session.is_quiet():
                return session
            self.drop(session)

    def give(self, session: Session) -> None:
        """It can be used again."""
        with self._changed:
            self._idle.append(session)
            self._changed.notify_all()

    def drop(self, session: Session) -> None:
        """It cannot."""
        session.close()
        self._closed()

    def part(self, session: Session) -> None:
        """It has carried enough."""
        session.leave()
        self._closed()

    def close(self) -> None:
        """Leave all that are idle."""
        with self._changed:
            idle, self._idle = self._idle, []
        for session in idle:
            self.part(session)

    def _idle_or_room(self, until: float) -> Session | None:
        """An idle connection, or None: then there is room for a new one, and it is counted already."""
        with self._changed:
            while True:
                if self._idle:
                    return self._idle.pop()
                now = monotonic()
                if self._open < self._most or now >= self._most_until:
                    self._open += 1
                    return None
                if now >= until:
                    raise NotOpened(Meaning.ALL_FOR_NOW, "the mail server takes no further connection")
                self._changed.wait(min(until, self._most_until) - now)

    def _others_go_on(self, why: NotOpened) -> bool:
        """A connection was not made. If it was only one too many, those that are open are shared for a while."""
        with self._changed:
            self._open -= 1
            self._changed.notify_all()
            if not why.crowded or not self._open:
                return False
            self._most, self._most_until = self._open, monotonic() + _CROWDED_FOR
            return True

    def _closed(self) -> None:
        with self._changed:
            self._open -= 1
            self._changed.notify_all()
