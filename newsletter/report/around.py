"""What a report knows beside the numbers of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, tzinfo


@dataclass(frozen=True, kw_only=True)
class Around:
    newsletter: str
    zone: tzinfo
    now: datetime
    #: senders that tell us what became of the mails: all of it, or only what came back
    telling_all: Collection[str] = ()
    telling_returns: Collection[str] = ()
    keep_events_days: int = 400
    #: whether opens and clicks are noted at all today
    tracking: bool = False
