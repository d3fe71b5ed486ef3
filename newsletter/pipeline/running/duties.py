"""What is due, done part by part: each bounded, each failing alone, by one process at a time where that matters.

Two things are told apart. The exit code says how this run went. What is said (and mailed to the operator) is news: a
trouble when it begins, once a day while it lasts, and once when it is over.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.duty import Alert
from newsletter.pipeline.running.tasks import Came, Did, Elsewhere, News, State, Turn

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.model.duty import Duty
    from newsletter.pipeline.running.begun import Tell
    from newsletter.pipeline.running.tasks import Fault, Part, Task
    from newsletter.store.database import Store

#: what is under way when the time of a part is over gets so long to end before others believe that it hangs
GRACE = timedelta(minutes=5)
#: what failed is tried again after so long, be its turn only once an hour
AFTER_A_FAILURE = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Runner:
    """`owner` and `is_alive` as with the lease of a mailing; `explain` puts into words what stopped a task."""

    store: Store
    owner: str
    is_alive: Callable[[str], bool]
    clock: Callable[[], datetime]
    stop: threading.Event
    tell: Tell
    explain: Callable[[Exception], Fault]
    monotonic: Callable[[], float] = time.monotonic

    def do(self, part: Part, *, anyway: bool = False) -> list[Did]:
        """All tasks of a part. `anyway`: also what was done a short while ago."""
        ends = self.monotonic() + part.bound.total_seconds()
        try:
            tasks = [*part.tasks(self.clock())]
        except Exception as fault:  # noqa: BLE001 - the other parts go on
            return [self._failed(part.name, part.name, self.explain(fault))]
        if not tasks:
            return [Did(part=part.name, name=part.name, state=State.DONE)]
        return [self._do(part, task, ends, anyway=anyway) for task in tasks]

    def _do(self, part: Part, task: Task, ends: float, *, anyway: bool) -> Did:
        turn = Turn(now=self.clock(), stop=self.stop, ends=ends, monotonic=self.monotonic)
        if turn.is_over():
            return Did(part=part.name, name=task.name, state=State.LEFT)
        try:
            if state := self._take(task, turn.now, part.bound + part.more + GRACE, anyway=anyway):
                return Did(part=part.name, name=task.name, state=state)
        except Exception as fault:  # noqa: BLE001 - the database is away, which the other tasks find out themselves
            return self._failed(part.name, task.name, self.explain(fault))
        try:
            came = task.run(turn)
        except Elsewhere:
            came = None
        except Exception as fault:  # noqa: BLE001 - the other tasks go on
            came = Came(fault=self.explain(fault))
        return self._left(part.name, task.name, came)

    def _take(self, task: Task, now: datetime, longest: timedelta, *, anyway: bool) -> State | None:
        """Be at it, unless another run is, or its time has not come: then why not."""
        from newsletter.store import duties

        with self.store.read() as connection:  # what is not due is not written about
            known = duties.get(connection, task.name)
        if not (anyway or known.is_due(now, task.every, AFTER_A_FAILURE)):
            return State.NOT_YET
        with self.store.write() as connection:
            ours = duties.take(connection, task.name, self.owner, now, longest, self.is_alive)
        return None if ours else State.ELSEWHERE

    def _left(self, part: str, name: str, came: Came | None) -> Did:
        if came is not None and came.fault:
            return self._failed(part, name, came.fault, came)
        try:
            news = self._note(name, came)
        except Exception as fault:  # noqa: BLE001 - what was done is done
            return self._unkept(part, name, self.explain(fault), came or Came())
        if came is None:
            return Did(part=part, name=name, state=State.ELSEWHERE)
        return Did(part=part, name=name, state=State.DONE, came=came, news=(*came.news, *news))

    def _note(self, name: str, came: Came | None) -> list[News]:
        from newsletter.store import duties

        now = self.clock()
        with self.store.write() as connection:
            duties.leave(connection, name, self.owner)
            if came is None or not came.shows or not duties.note_success(connection, name, now).is_told:
                return []
            self.tell(connection, Alert.WORKS, {"part": name, "cause": f"{name} {now.isoformat()}"})
        return [News(words=f"{name} works again.")]

    def _failed(self, part: str, name: str, fault: Fault, came: Came | None = None) -> Did:
        from newsletter.store import duties

        came, now = came or Came(fault=fault), self.clock()
        try:
            with self.store.write() as connection:
                duties.leave(connection, name, self.owner)
                before = duties.note_failure(connection, name, fault.words, now)
                told = before.is_to_be_told(now, passing=fault.passing)
                if told:
                    duties.note_told(connection, name, now)
                    facts = {"part": name, "why": fault.words, "cause": f"{name} {now.isoformat()}"}
                    self.tell(connection, Alert.FAILS, facts)
        except Exception:  # noqa: BLE001 - the database is away: whoever shows this remembers it elsewhere
            return self._unkept(part, name, fault, came)
        news = [*came.news, *([_words_of(name, fault, before)] if told else ())]
        return Did(part=part, name=name, state=State.FAILED, came=came, news=tuple(news))

    def _unkept(self, part: str, name: str, fault: Fault, came: Came) -> Did:
        came = Came(done=came.done, news=came.news, fault=fault)
        return Did(part=part, name=name, state=State.FAILED, came=came, news=tuple(came.news), kept=False)


def _words_of(name: str, fault: Fault, before: Duty) -> News:
    lasts = f" (for the {before.failed_in_a_row + 1}th time in a row)" if before.is_told else ""
    return News(words=f"{name} failed{lasts}: {fault.words}", code=fault.code)
