"""What goes on beside the pages: jobs, each in a thread of its own, so that one that waits or fails holds up no other."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.web.guard import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

#: how long stopping waits for what is under way; what is cut off is done the next time
GRACE = 20.0
#: failures in a row after which it is not a passing trouble any more
MANY = 3
#: a piece of work takes seconds; after so long it hangs
HANGS_AFTER = timedelta(minutes=30)

_log = logging.getLogger("newsletter.web")


@dataclass(frozen=True, kw_only=True)
class Job:
    """`run` does one bounded piece and says whether more is waiting; if it fails, it is begun again after a pause.

    It is run every so often, and `urgent` ones when they are woken.
    """

    name: str
    run: Callable[[datetime], bool]
    every: timedelta
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class Pauses:
    """Seconds after a failure, twice as many after each further one."""

    first: float = 5
    most: float = 300

    def after(self, failures: int) -> float:
        return min(self.first * 2.0 ** min(failures - 1, 20), self.most)


@dataclass(frozen=True, kw_only=True)
class JobState:
    """`ailing` says what is wrong, in words for whoever runs the server; empty when all is well."""

    name: str
    #: when it ended well the last time
    done_at: datetime | None = None
    failed: int = 0
    failed_in_a_row: int = 0
    ailing: str = ""


class Worker:
    """`wake` and `states` may be called from any thread; `stop` returns when the pieces under way are done."""

    def __init__(self, jobs: Sequence[Job], clock: Callable[[], datetime], pauses: Pauses = Pauses()) -> None:
        self._threads = [_Thread(job, clock, pauses) for job in jobs]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        for thread in self._threads:
            if thread.job.urgent:
                thread.wake()

    def stop(self) -> None:
        for thread in self._threads:
            thread.end()
        deadline = time.monotonic() + GRACE
        for thread in self._threads:
            thread.wait(max(0.0, deadline - time.monotonic()))

    def states(self) -> tuple[JobState, ...]:
        return tuple(thread.state() for thread in self._threads)


class _Thread:
    def __init__(self, job: Job, clock: Callable[[], datetime], pauses: Pauses) -> None:
        self.job = job
        self._clock, self._pauses = clock, pauses
        self._woken, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"job {job.name}", daemon=True)
        self._done_at: datetime | None = None
        self._failed = self._in_a_row = 0
        self._busy_since: float | None = None

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._woken.set()

    def end(self) -> None:
        self._ending.set()
        self._woken.set()

    def wait(self, seconds: float) -> None:
        if self._thread.is_alive():
            self._thread.join(seconds)

    def state(self) -> JobState:
        return JobState(
            name=self.job.name,
            done_at=self._done_at,
            failed=self._failed,
            failed_in_a_row=self._in_a_row,
            ailing=self._ailing(),
        )

    def _ailing(self) -> str:
        begun = self._busy_since
        if self._thread.ident is None or self._ending.is_set():
            return ""
        if not self._thread.is_alive():
            return f"the job {self.job.name} has ended by itself"
        if self._in_a_row >= MANY:
            return f"the job {self.job.name} failed {self._in_a_row} times in a row"
        if begun is not None and time.monotonic() - begun > HANGS_AFTER.total_seconds():
            return f"the job {self.job.name} hangs"
        return ""

    def _work(self) -> None:
        while not self._ending.is_set():
            self._woken.clear()
            self._busy_since = time.monotonic()
            try:
                more = self.job.run(self._clock())
            except Exception as failure:  # noqa: BLE001 - the thread must not end: work would pile up unseen
                self._note(failure)
                self._ending.wait(self._pauses.after(self._in_a_row))  # being woken does not mend it
            else:
                self._note_done()
                if not more:
                    self._woken.wait(self.job.every.total_seconds())

    def _note(self, failure: Exception) -> None:
        self._busy_since = None
        self._failed += 1
        self._in_a_row += 1
        pause = self._pauses.after(self._in_a_row)
        log_failure(f"the job {self.job.name} failed and is tried again in {pause:.0f} s", failure)

    def _note_done(self) -> None:
        if self._in_a_row:
            _log.info("the job %s works again", self.job.name)
        self._busy_since = None
        self._in_a_row = 0
        self._done_at = self._clock()
