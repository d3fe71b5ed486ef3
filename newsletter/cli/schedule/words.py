"""Scheduled mailings in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.cli import show
from newsletter.cli.audience.words import whom_of
from newsletter.cli.context import now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from newsletter.model.mailing import Mailing
    from newsletter.store.database import Store

#: cron that did nothing for so long is not set up
_SILENT = timedelta(hours=1)


def scheduled_lines(store: Store, mailing: Mailing, before: Mailing | None, zone: ZoneInfo) -> Iterator[str]:
    """After it was planned: when it goes, and what brings it about."""
    yield show.folded(
        f"Mailing {mailing.number}: {mailing.issue} to {whom_of(mailing)}, {when_of(mailing, zone)}.", "  "
    )
    if before and before.due_at:
        yield f"  before it was scheduled for {show.moment(before.due_at, zone)}"
    yield f"To take it off: newsletter unschedule {mailing.number} --reason WHY"
    yield from cron_lines(store)


def when_of(mailing: Mailing, zone: ZoneInfo) -> str:
    """Such as: scheduled for 2026-12-01 09:00 PST."""
    if mailing.due_at is None:
        return "scheduled"
    at = show.moment(mailing.due_at, zone)
    if mailing.local_time:
        own = datetime.fromisoformat(mailing.local_time)
        return f"scheduled for {own:%Y-%m-%d %H:%M} where each reader is, from {at} on"
    return f"scheduled for {at}"


def cron_lines(store: Store) -> Iterator[str]:
    """Where nothing runs that could begin it."""
    from newsletter.store import duties

    with store.read() as connection:
        runs = [one.began_at for one in duties.every(connection) if one.began_at]
    if not runs or now() - max(runs) > _SILENT:
        yield "Careful: `newsletter run-due` begins it, and has not run lately. Set it up: newsletter cron"
