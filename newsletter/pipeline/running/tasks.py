"""What run-due has to do, and what came of it: parts with their tasks, the time that they have, faults and news."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

#: partly sent, in doubt, held or missed
PARTLY = 3


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why something failed, in words that say what to do. `passing`: as a rule it mends itself."""

    words: str
    code: int
    passing: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that somebody should read, and the exit code that it deserves."""

    words: str
    code: int = 0


@dataclass(frozen=True, kw_only=True)
class Came:
    """What a task came to. `shows`: whether it tells anything about whether it works."""

    done: Mapping[str, int] = field(default_factory=dict)
    news: Sequence[News] = ()
    fault: Fault | None = None
    shows: bool = True


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The time that a task has."""

    now: datetime
    stop: threading.Event
    ends: float
    monotonic: Callable[[], float] = time.monotonic

    def is_over(self) -> bool:
        """Looked at between two pieces: what is under way is finished."""
        return self.stop.is_set() or self.monotonic() >= self.ends


@dataclass(frozen=True, kw_only=True)
class Task:
    """`name` is that of its row (store/duties.py); `every`: it is not done more often."""

    name: str
    run: Callable[[Turn], Came]
    every: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Part:
    """What people call it, and its tasks, which share its time."""

    name: str
    tasks: Callable[[datetime], Iterable[Task]]
    bound: timedelta
    #: beyond its bound, where a task may be allowed more
    more: timedelta = timedelta()


class State(StrEnum):
    DONE = "done"
    FAILED = "failed"
    #: another run, or `newsletter send`, is at it
    ELSEWHERE = "elsewhere"
    NOT_YET = "not yet"
    #: no time was left, or we were asked to stop
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Did:
    """What became of a task. `kept`: whether the database knows of a failure, so that it is told no second time."""

    part: str
    name: str
    state: State
    came: Came = Came()
    news: tuple[News, ...] = ()
    kept: bool = True

    @property
    def code(self) -> int:
        fault = self.came.fault
        now = fault.code if fault and fault.code != PARTLY else 0
        return gravest([now, *(one.code for one in self.news)])


#: the gravest first: nothing works without settings, and what was refused waits for a person
_GRAVEST = (5, 4, 1, PARTLY)


def gravest(codes: Iterable[int]) -> int:
    found = {*codes}
    return next((code for code in _GRAVEST if code in found), 0)


class Elsewhere(Exception):
    """Somebody else does it."""
