"""Recurring schedules: each time of one comes once, as a mailing or as the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import errors
from newsletter.model.duty import Alert
from newsletter.model.mailing import Planned
from newsletter.pipeline.mailing import whom
from newsletter.pipeline.running.begun import Occurred, nobody
from newsletter.pipeline.running.choosing import choose
from newsletter.pipeline.running.coming import AUDIENCE_FAULTS, asked_of, times_to_see_to, within
from newsletter.pipeline.running.planning import schedule_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.pipeline.running.begun import Tell
    from newsletter.pipeline.running.choosing import Chosen
    from newsletter.pipeline.running.coming import Coming
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.recurrences import Recurrence

_FORGOTTEN = "a backup was restored after that time: nobody can say what went out then"


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
        for time, heard in _with_tell(times_to_see_to(store, workspace, recurrence, now), workspace, now, tell)
        if (done := _see_to(store, workspace, senders, recurrence, time, now, heard))
    ]


def _with_tell(
    times: Iterable[Coming], workspace: Workspace, now: datetime, tell: Tell
) -> Iterator[tuple[Coming, Tell]]:
    """After a long sleep one mail tells of it, that of the last time that was missed; the calendar has all."""
    every = list(times)
    missed = [time for time in every if _is_missed(time, workspace, now)]
    yield from ((time, nobody if time in missed[:-1] else tell) for time in every)


def _is_missed(time: Coming, workspace: Workspace, now: datetime) -> bool:
    return now - time.begins_at > within(workspace)


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
    if _is_missed(time, workspace, now):
        return _said(
            store, workspace, recurrence, time, f"missed: nothing ran until {_told(workspace, now)}", now, tell
        )
    try:
        lists = _lists(store, workspace, recurrence, now)
    except AUDIENCE_FAULTS as why:
        return _said(store, workspace, recurrence, time, f"its audience is unclear: {why}", now, tell)
    chosen = choose(store, workspace, recurrence, lists, time.shown.date(), now)
    if isinstance(chosen, str):
        return _said(store, workspace, recurrence, time, chosen, now, tell)
    try:
        return _plan(store, workspace, senders, recurrence, time, chosen, now)
    except errors.SendingRefused as why:
        # a backup was restored and nobody has looked: asked again until it is too late
        return _said(store, workspace, recurrence, time, why.why, now, tell) if not _waits(store) else None
    except (errors.AudienceNotFound, errors.AudienceChanged, *AUDIENCE_FAULTS) as why:
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
        start_by=time.begins_at + within(workspace),
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
