"""A thread beside the pages that works the inbox of reports off, so that no provider waits for it."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.web.guard import log_failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from newsletter.pipeline.handling import Handled, Handler, Keep

#: it looks by itself now and then: what another process stored, or one that stopped left, waits no longer than this
LOOK_AGAIN = 15.0
#: after a failure of the database
_PAUSE = 30.0
#: how long stopping waits for what is under way; what is cut off is handled the next time
_GRACE = 20.0
_PRUNE = timedelta(hours=1)

_log = logging.getLogger("newsletter.web")


class Worker:
    """`wake` may be called from any thread; `stop` returns when the thread has ended."""

    def __init__(self, handler: Handler, keep: Keep, clock: Callable[[], datetime]) -> None:
        self._handler, self._keep, self._clock = handler, keep, clock
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._pruned_at: datetime | None = None
        self._thread = threading.Thread(target=self._work, name="events", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_GRACE)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._once()
            except Exception as failure:  # noqa: BLE001 - the thread must not end: reports would pile up unseen
                log_failure("reports wait, the database did not take them", failure)
                self._stopping.wait(_PAUSE)
            else:
                self._wake.wait(LOOK_AGAIN)

    def _once(self) -> None:
        now = self._clock()
        for handled in self._handler.rounds(now):
            _tell(handled)
            if self._stopping.is_set():
                return
        if self._pruned_at is None or now - self._pruned_at >= _PRUNE:
            self._handler.prune(self._keep, now)
            self._pruned_at = now


def _tell(handled: Handled) -> None:
    for number, fault in handled.faults.items():
        _log.warning("report %d: %s (newsletter events faults)", number, fault)
