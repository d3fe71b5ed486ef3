"""The months that a report of a list tells, as the clock of the workspace has them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")
_USUAL, _MOST = 12, 120


def edges(since: str | None, until: str | None, now: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The begin of each month, and the end of the last.

    Raises:
        click.UsageError: no months, the wrong way round, or more than ten years.
    """
    here = now.astimezone(zone)
    last = _months("--until", until) if until else _count(here.year, here.month)
    first = _months("--since", since) if since else last - _USUAL + 1
    if first > last:
        msg = "--since is later than --until, or than today."
        raise click.UsageError(msg)
    if last - first >= _MOST:
        msg = f"That is more than {_MOST} months: ask for fewer with --since and --until."
        raise click.UsageError(msg)
    return tuple(_begin(month, zone) for month in range(first, last + 2))


def _months(option: str, text: str) -> int:
    found = _MONTH.fullmatch(text)
    if not found or not 1970 <= int(found[1]) < 9999:
        msg = f"{option}: say a month such as 2026-09."
        raise click.UsageError(msg)
    return _count(int(found[1]), int(found[2]))


def _count(year: int, month: int) -> int:
    return year * 12 + month - 1


def _begin(month: int, zone: ZoneInfo) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=zone)
