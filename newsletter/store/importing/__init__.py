"""Carrying out an import, one batch in one transaction, with statements for many rows at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, text, update

from newsletter.errors import ConsentRefused
from newsletter.model.audit import Action
from newsletter.model.identity import identity
from newsletter.model.import_plan import Move
from newsletter.model.importing import Counts, moment_of, moment_text
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.model.suppressing import Suppressed, Suppressing
from newsletter.store import audit, witness
from newsletter.store import tables as t
from newsletter.store.importing.lookup import Looking
from newsletter.store.importing.people import People
from newsletter.store.people import former
from newsletter.store.people.locking import hold_people_still
from newsletter.store.suppressions import hold_still
from newsletter.store.suppressions.many import StoredSuppressions, add_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.import_plan import Joined, Plan, Suppress
    from newsletter.model.importing import Orders, Row
    from newsletter.model.subscriber import Subscriber
    from newsletter.store.database import Store

    Planning = Callable[[Looking], Plan]

#: after so many rows the database looks at its tables anew, to know how best to search them
_WORTH_ANALYZING = 5_000
#: SQLite's pages that stay in memory while much is written
_CACHE_KIB = 24_000
#: pages of its log before they are copied into the database; many of them are written again and again by an import
_LOG_PAGES = 10_000


class StoredSubscribers:
    """The port is subscribers/importing/ports.py:SubscriberStore."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def importing(self, orders: Orders, *, dry_run: bool) -> Iterator[_Session | _Rehearsal]:
        with self._store.read() as connection:
            _refuse_archived(connection, orders)
        if dry_run:
            yield _Rehearsal(self._store, orders)
            return
        self._store.refuse_if_replaced()
        session = _Session(self._store, orders)
        yield session
        session.end()


class _Session:
    def __init__(self, store: Store, orders: Orders) -> None:
        self._store = store
        self._orders = orders
        self._counts = Counts()
        self._is_begun = False

    def carry_out(self, rows: Sequence[Row], planning: Planning) -> Plan:
        with self._store.write() as connection:
            _hold_still(connection)
            plan = planning(Looking(connection, self._orders.list.number, rows))
            self._write(plan, connection)
            if not self._is_begun:  # whatever becomes of the rest
                self._note(connection, state="begun", ground=self._orders.ground, tags=self._orders.tags)
        self._is_begun = True
        self._counts.add(plan.counts)
        return plan

    def _note(self, connection: Connection, **facts: object) -> None:
        subject = f"list {self._orders.list.name}"
        audit.note(connection, Action.SUBSCRIBERS_IMPORTED, subject, self._orders.now, **facts)

    def _write(self, plan: Plan, connection: Connection) -> None:
        people = People(connection, self._orders)
        _suppress(plan, people, connection, self._orders)
        for status, rows in plan.new.items():
            people.add(rows, status)
        _change(plan.changed, connection, self._orders.now)
        _join_earlier(plan.joined, connection)
        for status, moves in plan.moves.items():
            people.move(moves, status)
        people.tag(plan.tags)

    def end(self) -> None:
        with self._store.write() as connection:
            witness.renew(connection)
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 1000")
            if self._counts.added + self._counts.updated > _WORTH_ANALYZING:
                _analyze(connection)
            rows = {name: many for name, many in vars(self._counts).items() if many}
            self._note(connection, state="ended", rows=rows)


class _Rehearsal:
    """Looks and plans, and writes nothing."""

    def __init__(self, store: Store, orders: Orders) -> None:
        self._store = store
        self._orders = orders

    def carry_out(self, rows: Sequence[Row], planning: Planning) -> Plan:
        with self._store.read() as connection:
            plan = planning(Looking(connection, self._orders.list.number, rows))
        if plan.suppress:
            outcomes, _ = StoredSuppressions(self._store).foresee([*_entries(plan)], self._orders.now)
            _count_lifted(plan, outcomes)
        return plan


def _refuse_archived(connection: Connection, orders: Orders) -> None:
    name = orders.list.name
    archived = select(t.lists.c.archived_at).where(t.lists.c.number == orders.list.number)
    if connection.scalar(archived) is not None:
        raise ConsentRefused(f"the list {name} is archived: it takes nobody in", "Name another list, or add a new one.")


def _hold_still(connection: Connection) -> None:
    """Nobody else adds people, suppresses or moves subscriptions until we are through.

    In SQLite a writer is alone anyway. The people come first, as wherever both are held.
    """
    if connection.dialect.name == "postgresql":
        hold_people_still(connection)
        hold_still(connection)
    else:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.exec_driver_sql(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")


def _entries(plan: Plan) -> Iterator[Suppressing]:
    for one in plan.suppress:
        row = one.row
        yield Suppressing(
            identity_hash=row.identity_hash,
            identity=identity(row.address),
            reason=one.reason,
            source=plan.source,
            at=moment_of(row.left_at),
        )


def _suppress(plan: Plan, people: People, connection: Connection, orders: Orders) -> None:
    if not plan.suppress:
        return
    outcomes = add_many(connection, [*_entries(plan)], orders.now)
    stand = [
        one for one, outcome in zip(plan.suppress, outcomes, strict=True) if outcome is not Suppressed.LIFTED_SINCE
    ]
    people.move([_leaving(one, orders) for one in stand if one.number], SubscriptionStatus.UNSUBSCRIBED)
    _count_lifted(plan, outcomes)


def _leaving(one: Suppress, orders: Orders) -> Move:
    return Move(one.number, one.row.left_at or moment_text(orders.now))


def _count_lifted(plan: Plan, outcomes: Sequence[Suppressed]) -> None:
    """Somebody lifted the suppression after the time that the file names: that decision stands."""
    lifted = outcomes.count(Suppressed.LIFTED_SINCE)
    plan.counts.suppressed -= lifted
    plan.counts.newly_suppressed -= lifted
    plan.counts.unchanged += lifted


def _change(people: Sequence[Subscriber], connection: Connection, now: datetime) -> None:
    rows = [
        {
            "this": person.number,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "language": person.language,
            "timezone": person.timezone,
            "attributes": person.attributes,
        }
        for person in people
    ]
    if rows:
        former.note(connection, [person.number for person in people], now)
        connection.execute(update(t.subscribers).where(t.subscribers.c.number == bindparam("this")), rows)


def _join_earlier(joined: Sequence[Joined], connection: Connection) -> None:
    rows = [{"this": one.number, "joined_at": one.at} for one in joined]
    if rows:
        connection.execute(update(t.subscribers).where(t.subscribers.c.number == bindparam("this")), rows)


def _analyze(connection: Connection) -> None:
    """A sample is enough."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE subscribers, subscriptions, consent_events, subscriber_tags, suppressions"))
    else:
        connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
        connection.exec_driver_sql("ANALYZE")
