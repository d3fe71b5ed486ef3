"""The inbox worked off: each report is read, and all of its events recorded, exactly once, by however many handlers."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from newsletter.errors import DatabaseReplaced
from newsletter.model.event import Report
from newsletter.model.recording import Received
from newsletter.pipeline.receiving import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.settings.schema import EventsSection
    from newsletter.store.database import Store
    from newsletter.store.events.inbox import Waiting

#: reports that one transaction takes when many are waiting. A database writes a page for each event that lies apart from
#: others, so ten at once are three times as fast as one by one; more would make senders wait
AT_ONCE, BYTES_AT_ONCE = 10, 8_000_000

_log = logging.getLogger("newsletter.events")


class EventReader(Protocol):
    """A provider's reader, such as esp/sendgrid/events.py:read. It never raises."""

    def __call__(self, body: bytes, received: datetime, /) -> Report: ...


@dataclass(frozen=True, kw_only=True)
class Handled:
    """What came of some reports. `faults` are the numbers of those that could not be understood, with why."""

    reports: int = 0
    received: Received = field(default_factory=Received)
    faults: Mapping[int, str] = field(default_factory=dict)

    def __add__(self, other: Handled) -> Handled:
        return Handled(
            reports=self.reports + other.reports,
            received=self.received + other.received,
            faults={**self.faults, **other.faults},
        )


@dataclass(frozen=True, kw_only=True)
class Keep:
    """For how many days."""

    reports: int
    events: int

    @classmethod
    def asked(cls, settings: EventsSection) -> Keep:
        return cls(reports=settings.keep_days, events=settings.keep_events_days)


@dataclass(frozen=True, kw_only=True)
class Handler:
    """`readers` by the name of their ESP."""

    store: Store
    keys: Keys
    readers: Mapping[str, EventReader]

    def rounds(self, now: datetime) -> Iterator[Handled]:
        """Handle what is waiting, some reports at a time; what another handler has in hand is its own. Stop between two
        rounds if you must.
        """
        from newsletter.store.events import inbox

        last = 0
        while True:
            with self.store.read() as connection:
                waiting = inbox.waiting(connection, AT_ONCE, BYTES_AT_ONCE, after=last)
            if not waiting:
                return
            # of one ESP in a transaction: it takes people first and the suppressions after, and may do that only once
            for _, alike in groupby(waiting, key=lambda one: one.esp):
                yield self._handle_all([*alike], now)
            last = waiting[-1].number

    def prune(self, keep: Keep, now: datetime, is_over: Callable[[], bool] = lambda: False) -> int:
        """Delete events that are older, what mails showed before then, and reports that were handled and are older; how
        many reports. What is left when the time `is_over` is for the next time.
        """
        from newsletter.store.events import inbox, pruning
        from newsletter.store.people import former

        before = now - timedelta(days=keep.events)
        self._until_none_is_left(partial(pruning.prune, before=before), is_over)
        self._until_none_is_left(partial(former.prune, before=before), is_over)
        total = 0
        last: int | None = 0
        while last is not None and not is_over():
            with self.store.write() as connection:
                count, last = inbox.prune(connection, now - timedelta(days=keep.reports), after=last)
            total += count
        return total

    def _until_none_is_left(self, delete_some: Callable[[Connection], int], is_over: Callable[[], bool]) -> None:
        """A transaction each time."""
        count = 1
        while count and not is_over():
            with self.store.write() as connection:
                count = delete_some(connection)

    def _handle_all(self, waiting: Sequence[Waiting], now: datetime) -> Handled:
        """Together; if that fails, one by one, so that one report does not hold up all others for ever."""
        read = [(one, self._read(one)) for one in waiting]
        try:
            return self._record(read, now)
        except Exception as failure:
            if _is_passing(failure):
                raise
            if len(read) > 1:
                return sum((self._alone(one, report, now) for one, report in read), Handled())
            return self._set_aside(waiting[0], failure)

    def _alone(self, one: Waiting, report: Report, now: datetime) -> Handled:
        try:
            return self._record([(one, report)], now)
        except Exception as failure:
            if _is_passing(failure):
                raise
            return self._set_aside(one, failure)

    def _read(self, one: Waiting) -> Report:
        reader = self.readers.get(one.esp)
        return reader(one.body, one.received_at) if reader else Report(fault=f"no reader of `{one.esp}` is known here")

    def _record(self, read: Sequence[tuple[Waiting, Report]], now: datetime) -> Handled:
        """All of one ESP."""
        from newsletter.store.events import inbox
        from newsletter.store.people.consent import hold_tables

        with self.store.write() as connection:
            hold_tables(connection)
            ours = inbox.claim(connection, [one.number for one, _ in read])
            events = [event for one, report in read if one.number in ours for event in report.events]
            received = record(connection, self.keys, events, read[0][0].esp, now) if events else Received()
            faults = {one.number: report.fault for one, report in read if one.number in ours}
            inbox.done(connection, faults)
        return Handled(
            reports=len(ours),
            received=received,
            faults={number: fault for number, fault in faults.items() if fault},
        )

    def _set_aside(self, one: Waiting, failure: Exception) -> Handled:
        """A fault of ours: the report stays as it is, and is handled again when somebody asks for it."""
        from newsletter.store.events import inbox

        fault = f"this program failed at it ({type(failure).__name__}); nothing of it was recorded"
        _log.error("report %d: %s", one.number, fault)
        with self.store.write() as connection:
            ours = inbox.claim(connection, [one.number])
            inbox.done(connection, dict.fromkeys(ours, fault))
        return Handled(reports=len(ours), faults=dict.fromkeys(ours, fault))


def _is_passing(failure: Exception) -> bool:
    """The database is away, busy, full or not the right one: the reports wait."""
    from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

    lost = isinstance(failure, DBAPIError) and failure.connection_invalidated
    return lost or isinstance(failure, OperationalError | InterfaceError | DatabaseReplaced | OSError)
