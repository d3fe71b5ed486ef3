"""What the fake does to a request besides what is documented, and which request meets what."""

from __future__ import annotations

import random
import threading
import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Behaviour(StrEnum):
    """The name is what the command line calls it, the value says it in words."""

    #: documented behaviour
    ACCEPT = "accept"
    # definite refusals, nothing taken
    BUSY = "429"
    BUSY_RETRY_AFTER = "429 with Retry-After"
    BUSY_SILENT = "429 that does not say how long"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    TOO_LARGE = "413"
    BLAME_SECOND = "400 that names the second personalization"
    BLAME_MIXED = "400 that names a personalization and something else"
    SUBSTITUTIONS = "400 that names substitutions"
    REFUSE = "400 that names nobody"
    # nothing was taken, but nobody outside can know
    DROP_UNREAD = "closes the connection before it reads the body"
    RESET_UNREAD = "resets the connection before it reads the body"
    DROP_HALF_READ = "closes the connection in the middle of the body"
    ERROR_UNTAKEN = "500, and nothing was taken"
    UNAVAILABLE_UNTAKEN = "503, and nothing was taken"
    WEB_PAGE = "200 with a web page, from something in between"
    # the whole request was taken, and then
    SLOW = "accepts, slowly"
    DRIP = "accepts, byte by byte"
    DROP = "closes the connection"
    RESET = "resets the connection"
    HANG = "answers too late"
    ENDLESS = "answers with a header that never ends"
    ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    TIMEOUT = "408"
    GARBAGE = "answers what is not HTTP"
    CUT = "answers half"
    HALF_HEADERS = "answers half its headers"
    REDIRECT = "302"


#: the request was not looked at to its end
UNREAD = {Behaviour.DROP_UNREAD, Behaviour.RESET_UNREAD, Behaviour.DROP_HALF_READ}
#: nothing was taken
UNTAKEN = {
    *(Behaviour.BUSY, Behaviour.BUSY_RETRY_AFTER, Behaviour.BUSY_SILENT, Behaviour.UNAUTHORISED, Behaviour.FORBIDDEN),
    *(Behaviour.TOO_LARGE, Behaviour.BLAME_SECOND, Behaviour.BLAME_MIXED, Behaviour.SUBSTITUTIONS, Behaviour.REFUSE),
    *(Behaviour.ERROR_UNTAKEN, Behaviour.UNAVAILABLE_UNTAKEN, Behaviour.WEB_PAGE, *UNREAD),
}
TAKEN = set(Behaviour) - UNTAKEN


class Faults:
    """The behaviour of each request: what is queued, else what the hour brings, else chance."""

    def __init__(self, *, seed: int = 1, clock: Callable[[], float] = time.time) -> None:
        #: behaviour -> share of the requests that meet it
        self.shares: dict[Behaviour, float] = {}
        self._clock = clock
        self._chance = random.Random(seed)
        self._queue: deque[Behaviour] = deque()
        #: moment of the end -> behaviour until then, in order
        self._phases: deque[tuple[float, Behaviour]] = deque()
        #: not yet begun
        self._planned: list[tuple[float, Behaviour]] = []
        self._lock = threading.Lock()

    def next(self, *behaviours: Behaviour) -> None:
        """The next requests meet these, one each."""
        self._queue.extend(behaviours)

    def during(self, *phases: tuple[float, Behaviour], from_first: bool = False) -> None:
        """From now, or from the next request on, so many seconds of the first, then so many of the second, and so on."""
        with self._lock:
            self._planned = list(phases)
            self._phases.clear()
            if not from_first:
                self._begin()

    def _begin(self) -> None:
        end = self._clock()
        for seconds, behaviour in self._planned:
            end += seconds
            self._phases.append((end, behaviour))
        self._planned.clear()

    def draw(self) -> Behaviour:
        with self._lock:
            if self._queue:
                return self._queue.popleft()
            self._begin()
            now = self._clock()
            while self._phases and self._phases[0][0] <= now:
                self._phases.popleft()
            if self._phases:
                return self._phases[0][1]
            drawn = self._chance.random()
        for behaviour, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return behaviour
        return Behaviour.ACCEPT


@dataclass(frozen=True, kw_only=True)
class Window:
    """What the X-RateLimit headers tell. `reset` is a unix time in whole seconds, never too early."""

    limit: int
    remaining: int
    reset: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        told = {"Limit": self.limit, "Remaining": self.remaining, "Reset": self.reset}
        return {f"X-RateLimit-{name}": str(value) for name, value in told.items()}


class RateLimit:
    """So many requests in a window of so many seconds, which begins with its first request."""

    def __init__(self, requests: int, seconds: float, clock: Callable[[], float] = time.time) -> None:
        self._most, self._seconds, self._clock = requests, seconds, clock
        self._count, self._end = 0, 0
        self._lock = threading.Lock()

    def take(self) -> Window:
        with self._lock:
            now = self._clock()
            if now >= self._end:
                self._count, self._end = 0, -int(-(now + self._seconds) // 1)
            allowed = self._count < self._most
            self._count += allowed
            return Window(limit=self._most, remaining=self._most - self._count, reset=self._end, allowed=allowed)
