"""Recurring schedules: each time of one comes once, as a mailing or as the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import errors
from newsletter.address.audience import Asked
from newsletter.model.duty import Alert
from newsletter.model.mailing import Planned
from newsletter.pipeline.mailing import whom
from newsletter.pipeline.running.begun import Occurred, nobody
from newsletter.pipeline.running.choosing import choose
from newsletter.pipeline.running.planning import local_times, schedule_in
from newsletter.schedule.rules import rule_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.pipeline.running.begun import Tell
    from newsletter.pipeline.running.choosing import Chosen
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.recurrences import Recurrence

#: from the first zone of the world to the last, and what clocks are moved by
_WORLD = timedelta(hours=28)
_AUDIENCE = (errors.AudienceUnclear, errors.SegmentUnusable, errors.ConsentRefused, errors.ListNotFound)


_FORGOTTEN = "a backup was restored after that time: nobody can say what went out then"


@dataclass(frozen=True, kw_only=True)
class Coming:
    """One time of a recurring schedule: what clocks of the newsletter show, and when that is."""

    due_at: datetime
    shown: datetime
    #: when the first readers are due, where it is on everybody's clock; else `due_at`
    begins_at: datetime


def occur(
    store: Store, workspace: Workspace, keys: Keys, senders: Sequence[Sender], now: datetime, tell: Tell = nobody
) -> list[Occurred]:
    """What became of the times that have come since the last look; each only once, whoever else looks.

    The mailings are `scheduled` and due: they begin like any other (beginning.py), so call this before due_mailings.
    """
    from newsletter.store import recurrences

    del keys
    with store.read() as connection:
        going_on = recurrences.going_on(connection)
    return [
        done
        for recurrence in going_on
        for time in times_to_see_to(store, workspace, recurrence, now)
        if (done := _see_to(store, workspace, senders, recurrence, time, now, tell))
    ]


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
        begins = _first_of_readers(store, workspace, asked, due_at, shown, until) if recurrence.local else due_at
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


def _first_of_readers(
    store: Store, workspace: Workspace, asked: Asked, due_at: datetime, shown: datetime, now: datetime
) -> datetime:
    """Somebody may join, shortly before, from where that time passed long ago: for the others it is not missed.

    Where nobody can say who the readers are, the time of the newsletter, at which that is said.
    """
    try:
        with store.read() as connection:
            times = local_times(connection, "", asked, shown, now, again=True)
    except _AUDIENCE:
        return due_at
    in_time = [times.moments[name] for name, count in times.readers.items() if count]
    return min((one for one in in_time if one >= now - _within(workspace)), default=times.first)


def _within(workspace: Workspace) -> timedelta:
    return timedelta(minutes=workspace.settings.schedule.start_within_minutes)


def _see_to(
    store: Store,
    workspace: Workspace,
    senders: Sequence[Sender],
    recurrence: Recurrence,
    time: Coming,
    now: datetime,
    tell: Tell,
) -> Occurred | None:
    if (restored := _restored_at(store)) and time.begins_at <= restored:
        return _said(store, workspace, recurrence, time, _FORGOTTEN, now, tell)
    if now - time.begins_at > _within(workspace):
        return _said(
            store, workspace, recurrence, time, f"missed: nothing ran until {_told(workspace, now)}", now, tell
        )
    try:
        lists = _lists(store, workspace, recurrence, now)
    except _AUDIENCE as why:
        return _said(store, workspace, recurrence, time, f"its audience is unclear: {why}", now, tell)
    chosen = choose(store, workspace, recurrence, lists, time.shown.date(), now)
    if isinstance(chosen, str):
        return _said(store, workspace, recurrence, time, chosen, now, tell)
    try:
        return _plan(store, workspace, senders, recurrence, time, chosen, now)
    except errors.SendingRefused as why:
        # a backup was restored and nobody has looked: asked again until it is too late
        return _said(store, workspace, recurrence, time, why.why, now, tell) if not _waits(store) else None
    except (errors.AudienceNotFound, errors.AudienceChanged, *_AUDIENCE) as why:
        return _said(store, workspace, recurrence, time, f"{chosen.prepared.slug}: {why}", now, tell)


def _lists(store: Store, workspace: Workspace, recurrence: Recurrence, now: datetime) -> list[int]:
    with store.read() as connection:
        return list(whom(connection, asked_of(workspace, recurrence), now).audience.lists)


def _restored_at(store: Store) -> datetime | None:
    from newsletter.store.upkeep import restored

    with store.read() as connection:
        known = restored.get(connection)
    return known.at if known else None


def _waits(store: Store) -> bool:
    from newsletter.store.upkeep import restored

    with store.read() as connection:
        known = restored.get(connection)
    return known is not None and known.checked_at is None


def _plan(
    store: Store,
    workspace: Workspace,
    senders: Sequence[Sender],
    recurrence: Recurrence,
    time: Coming,
    chosen: Chosen,
    now: datetime,
) -> Occurred | None:
    from newsletter.store import recurrences

    planned = Planned(
        due_at=time.begins_at,
        start_by=time.begins_at + _within(workspace),
        local_time=time.shown.isoformat(timespec="minutes") if recurrence.local else "",
        scheduled_by=f"recurring schedule {recurrence.number}",
        recurrence=recurrence.number,
    )
    asked = asked_of(workspace, recurrence)
    with store.write() as connection:
        if not recurrences.claim(connection, recurrence.number, time.due_at, now):
            return None
        _refuse_if_planned(connection, chosen.prepared.slug)
        number, _ = schedule_in(
            connection, chosen.prepared, asked, senders[0], "", now, version=chosen.version, planned=planned
        )
        recurrences.settle(connection, recurrence.number, time.due_at, mailing=number)
    return Occurred(recurrence=recurrence.number, due_at=time.due_at, mailing=number)


def _refuse_if_planned(connection: Connection, issue: str) -> None:
    """Somebody has planned a mailing of it while we chose: it keeps the time that they gave it.

    Raises:
        SendingRefused
    """
    from newsletter.store import mailings

    mailings.lock_planning(connection, issue)
    if known := mailings.unfinished(connection, issue):
        why = f"the newest issue, {issue}, is mailing {known.number} already ({known.state.value})"
        raise errors.SendingRefused(why, f"See: newsletter mailings show {known.number}")


def _said(
    store: Store, workspace: Workspace, recurrence: Recurrence, time: Coming, why: str, now: datetime, tell: Tell
) -> Occurred | None:
    """There is no mailing, and that is told once."""
    from newsletter.store import recurrences

    due = _told(workspace, time.due_at)
    with store.write() as connection:
        if not recurrences.claim(connection, recurrence.number, time.due_at, now):
            return None
        recurrences.settle(connection, recurrence.number, time.due_at, said=why)
        facts = {"recurrence": str(recurrence.number), "rule": recurrence.rule, "due": due, "why": why}
        tell(connection, Alert.SKIPPED, {**facts, "cause": f"recurrence {recurrence.number} {time.due_at.isoformat()}"})
    return Occurred(recurrence=recurrence.number, due_at=time.due_at, said=why)


def _told(workspace: Workspace, moment: datetime) -> str:
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
