"""Times that options name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsletter.errors import TimeUnclear

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo


def moment_of(option: str, text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Raises TimeUnclear, which names the option."""
    from newsletter.schedule.clock_times import moment_written

    with naming(option):
        return moment_written(text, zone, now)


@contextmanager
def naming(option: str) -> Iterator[None]:
    """What is unclear about a time is said of this option."""
    try:
        yield
    except TimeUnclear as unclear:
        raise TimeUnclear(f"{option}: {unclear.why}", unclear.next_step) from None
