"""When the engine is to stop: we were told to, or the time of the part is over."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.cli.due.at_work import clock
from newsletter.deliver.ended import Waiting

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.pipeline.running.tasks import Turn

#: after so long nothing that this mailing could wait for is worth staying
WORTH_WAITING = timedelta(minutes=1)


@dataclass(eq=False)
class UntilOver(threading.Event):
    """Set when we are told to stop or the time is over; with another sender to turn to, patience with this one comes first."""

    turn: Turn
    patience: timedelta
    at_once: bool = False
    last: Waiting | None = None
    _until: float = field(default=0.0)

    def __post_init__(self) -> None:
        super().__init__()
        self._until = self.turn.ends

    def is_set(self) -> bool:
        return self.at_once or self.turn.stop.is_set() or self.turn.monotonic() >= self._until

    def waits(self, why: Waiting, until: datetime) -> None:
        """A provider that is to be left alone for longer is left to a later run."""
        self.last = why
        if why is not Waiting.PROVIDER:
            return
        if self.patience:
            latest = self.turn.ends + self.patience.total_seconds()
            self._until = min(latest, max(self._until, self.turn.monotonic() + WORTH_WAITING.total_seconds()))
        elif until - clock() > WORTH_WAITING:
            self.at_once = True
