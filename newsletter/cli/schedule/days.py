"""What stands in the calendar, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newsletter.cli import show
from newsletter.cli.audience.words import whom_of
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.engine import Connection

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.recurrences import Occurrence, Recurrence

_BACK = timedelta(days=7)
_AHEAD = 14
#: of a rule that comes each day more would hide the rest
_MOST_OF_ONE = 10


@dataclass(frozen=True, kw_only=True)
class Entry:
    at: datetime
    #: what the newsletter's clocks show
    clock: str
    words: str
    #: why it is held, was missed, or did not come
    why: str = ""
    facts: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    since: datetime
    until: datetime
    lately: Sequence[Entry]
    #: its time has come, and it has not begun
    due: Sequence[Entry]
    coming: Sequence[Entry]
    #: with whom they go to, in words
    recurring: Sequence[tuple[Recurrence, str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "lately": [one.facts for one in self.lately],
            "due": [one.facts for one in self.due],
            "coming": [one.facts for one in self.coming],
            "recurring": [
                {"recurrence": one.number, "rule": one.rule, "to": list(one.to), "excepted": list(one.excepted)}
                | {"in_reader_time_zone": one.local}
                for one, _ in self.recurring
            ],
        }


def days_of(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[Day]:
    for day, found in groupby(entries, lambda entry: entry.at.astimezone(zone).date()):
        yield Day(day=day, entries=tuple(found))


def read_calendar(store: Store, place: Workspace, now: datetime, *, days: int | None, month: bool) -> Calendar:
    from newsletter.store import recurrences, scheduled

    zone = ZoneInfo(place.settings.newsletter.timezone)
    since, until = _span(now, zone, days, month=month)
    with store.read() as connection:
        planned = scheduled.every(connection)
        ended = [_ended(connection, one, zone) for one in scheduled.ended_since(connection, since)]
        said = [_said(one, zone) for one in recurrences.occurrences(connection, since) if one.mailing is None]
        going_on = recurrences.going_on(connection)
    ours = [_planned(one, zone, "" if one.held else _in_the_way(store, place, one, now)) for one in planned]
    coming = [one for one in ours if now < one.at <= until]
    coming += [one for recurrence in going_on for one in _times(store, place, recurrence, now, until, zone)]
    return Calendar(
        since=since,
        until=until,
        lately=sorted([*ended, *said], key=_in_order),
        due=[one for one in ours if one.at <= now],
        coming=sorted(coming, key=_in_order),
        recurring=[(one, _whom(one)) for one in going_on],
    )


def _span(now: datetime, zone: ZoneInfo, days: int | None, *, month: bool) -> tuple[datetime, datetime]:
    if not month:
        return now - _BACK, now + timedelta(days=days or _AHEAD)
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return first, after - timedelta(seconds=1)


def _in_order(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.words


def _entry(at: datetime, zone: ZoneInfo, words: str, why: str = "", **facts: Any) -> Entry:  # noqa: ANN401 - JSON
    local = at.astimezone(zone)
    told = {"at": at.isoformat(), **facts, "why": why or None}
    return Entry(at=at, clock=f"{local:%H:%M}", words=words, why=why, facts=told)


def _in_the_way(store: Store, place: Workspace, mailing: Mailing, now: datetime) -> str:
    """Said today, while there is time to do something about it."""
    from newsletter.pipeline.running.obstacles import foreseen

    found = foreseen(store, place, mailing, now)
    return f"as it is now, it will be held: {found.why}. {found.next_step}" if found else ""


def _planned(mailing: Mailing, zone: ZoneInfo, in_the_way: str) -> Entry:
    at = mailing.due_at or mailing.created_at
    own = ""
    if mailing.local_time:
        own = f", at {datetime.fromisoformat(mailing.local_time):%H:%M} where each reader is"
    until = f", not after {show.moment(mailing.latest_at, zone)}" if mailing.latest_at else ""
    words = f"{mailing.issue} to {whom_of(mailing)} (mailing {mailing.number}){own}{until}"
    held = f"held: {mailing.held}" if mailing.held else in_the_way
    return _entry(at, zone, words, held, **_facts(mailing))


def _ended(connection: Connection, mailing: Mailing, zone: ZoneInfo) -> Entry:
    from newsletter.store import tallies

    at = mailing.started_at or mailing.finished_at or mailing.due_at or mailing.created_at
    if mailing.started_at:
        accepted = tallies.tally(connection, mailing.number)[Outcome.ACCEPTED]
        how = f"{mailing.state.value}, {show.number(accepted)} {show.plural(accepted, 'reader')}"
    elif mailing.state is MailingState.CANCELLED:
        how = "taken off"
    else:
        how = mailing.state.value
    words = f"{mailing.issue} to {whom_of(mailing)} (mailing {mailing.number}): {how}"
    return _entry(at, zone, words, mailing.reason, **_facts(mailing))


def _facts(mailing: Mailing) -> dict[str, Any]:
    return {
        "mailing": mailing.number,
        "issue": mailing.issue,
        "lists": list(mailing.lists),
        "state": mailing.state.value,
        "held": mailing.held or None,
        "local_time": mailing.local_time or None,
        "recurrence": mailing.recurrence,
    }


def _said(one: Occurrence, zone: ZoneInfo) -> Entry:
    words = f"recurring schedule {one.recurrence}: no mailing"
    return _entry(one.due_at, zone, words, one.said, mailing=None, recurrence=one.recurrence)


def _times(
    store: Store, place: Workspace, recurrence: Recurrence, now: datetime, until: datetime, zone: ZoneInfo
) -> Iterator[Entry]:
    """Of a rule that cannot be read any more none."""
    from newsletter.pipeline.running.coming import coming

    words = f"the newest issue to {_whom(recurrence)} (recurring schedule {recurrence.number})"
    own = " where each reader is" if recurrence.local else ""
    for number, one in enumerate(coming(store, place, recurrence, now, until)):
        if number == _MOST_OF_ONE:
            return
        yield _entry(one.due_at, zone, words + own, mailing=None, recurrence=recurrence.number, rule=recurrence.rule)


def _whom(recurrence: Recurrence) -> str:
    excepted = f" (except {', '.join(recurrence.excepted)})" if recurrence.excepted else ""
    return ", ".join(recurrence.to) + excepted
