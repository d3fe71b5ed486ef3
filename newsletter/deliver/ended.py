"""Why sending ended, and why it waits, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Why(StrEnum):
    #: nothing is left to hand over, or it was paused or cancelled, or it is too late for it: the ledger tells which
    OVER = "over"
    #: we were asked to stop
    STOPPED = "stopped"
    #: mail may not leave now
    CLOSED = "closed"
    #: what is left is due later than this run waits for it
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class Ended:
    why: Why
    #: when it may go on, where it is CLOSED or LATER
    until: datetime | None = None


class Waiting(StrEnum):
    """Why nothing is handed over for the moment."""

    #: what is left was put off
    DUE = "due"
    #: so many readers a second, or an hour, are enough
    PACE = "pace"
    #: the provider was not reached, or asks to slow down
    PROVIDER = "provider"
    #: mail may leave again in a few minutes
    WINDOW = "window"
