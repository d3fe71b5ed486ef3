"""When a recurring schedule comes, and when the first of its readers are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import errors
from newsletter.address.audience import Asked
from newsletter.pipeline.running.planning import local_times
from newsletter.schedule.rules import rule_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.recurrences import Recurrence

#: from the first zone of the world to the last, and what clocks are moved by
_WORLD = timedelta(hours=28)
#: why nobody can say who the readers are
AUDIENCE_FAULTS = (errors.AudienceUnclear, errors.SegmentUnusable, errors.ConsentRefused, errors.ListNotFound)


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One time of a recurring schedule: what clocks of the newsletter show, and when that is."""

    due_at: datetime
    shown: datetime
    #: when the first readers are due, where it is on everybody's clock; else `due_at`
    begins_at: datetime


def times_to_see_to(store: Store, workspace: Workspace, recurrence: Recurrence, now: datetime) -> list[Coming]:
    """Times that have come and were not seen to, the oldest first."""
    from newsletter.store import recurrences

    with store.read() as connection:
        last = recurrences.last_time(connection, recurrence.number, now)
    after = max(recurrence.created_at, last or recurrence.created_at)
    return [one for one in coming(store, workspace, recurrence, after, now) if one.begins_at <= now]


def coming(
    store: Store, workspace: Workspace, recurrence: Recurrence, after: datetime, until: datetime
) -> Iterator[Coming]:
    """Its times after a moment that begin up to another one."""
    rule, asked = rule_written(recurrence.rule), asked_of(workspace, recurrence)
    ahead = _WORLD if recurrence.local else timedelta()
    for due_at, shown in rule.moments(after, until + ahead, asked.zone):
        begins = due_at
        if recurrence.local:
            moments = _of_readers(store, asked, due_at, shown, until)
            begins = _first(moments, due_at, made_at=recurrence.created_at, in_time=until - within(workspace))
        if begins <= until:
            yield Coming(due_at=due_at, shown=shown, begins_at=begins)


def asked_of(workspace: Workspace, recurrence: Recurrence) -> Asked:
    settings = workspace.settings
    return Asked(
        to=recurrence.to,
        excepted=recurrence.excepted,
        segments=settings.segments,
        zone=ZoneInfo(settings.newsletter.timezone),
        command="newsletter schedule",
    )


def _of_readers(store: Store, asked: Asked, due_at: datetime, shown: datetime, now: datetime) -> list[datetime]:
    """When readers are due; where nobody can say who they are, the time of the newsletter, at which that is said."""
    try:
        with store.read() as connection:
            times = local_times(connection, "", asked, shown, now, again=True)
    except AUDIENCE_FAULTS:
        return [due_at]
    return [times.moments[name] for name, count in times.readers.items() if count]


def _first(moments: Sequence[datetime], due_at: datetime, *, made_at: datetime, in_time: datetime) -> datetime:
    """Whose time had passed when it was planned, or had long passed when they joined, waits for the others."""
    to_come = [moment for moment in moments if moment >= made_at]
    if not to_come:
        return due_at
    return min((moment for moment in to_come if moment >= in_time), default=min(to_come))


def within(workspace: Workspace) -> timedelta:
    """A mailing that has not begun so long after its time is missed."""
    return timedelta(minutes=workspace.settings.schedule.start_within_minutes)
