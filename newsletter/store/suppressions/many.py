"""Suppressing many identities at once, as a file names them. Alike to store/suppressions/__init__.py:add, one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from newsletter.model.audit import Action
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.model.suppressing import GRAVITY, Suppressed, SuppressionAction
from newsletter.store import audit
from newsletter.store import tables as t
from newsletter.store.people.locking import hold_people_still
from newsletter.store.people.subscribers import parts
from newsletter.store.suppressions import hold_still

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.suppressing import Suppressing
    from newsletter.store.database import Store


class StoredSuppressions:
    """The port is subscribers/suppressions/importing.py:SuppressionStore."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, entries: Sequence[Suppressing], now: datetime) -> tuple[list[Suppressed], int]:
        with self._store.write() as connection:
            if any(entry.reason is SuppressionReason.LEFT_EVERYTHING for entry in entries):
                hold_people_still(connection)
            outcomes = add_many(connection, entries, now)
            left = leave_lists(connection, _who_left(entries, outcomes), now)
            told = {outcome.value: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}
            audit.note(connection, Action.SUPPRESSIONS_IMPORTED, "suppressions", now, rows=told, lists_left=left)
            return outcomes, left

    def foresee(self, entries: Sequence[Suppressing], now: datetime) -> tuple[list[Suppressed], int]:
        with self._store.read() as connection:
            outcomes = foresee_many(connection, entries, now)
            return outcomes, _count_lists(connection, _who_left(entries, outcomes))


def add_many(connection: Connection, entries: Sequence[Suppressing], now: datetime) -> list[Suppressed]:
    """Suppress them in this order; what became of each. Those without a time count from `now`."""
    hold_still(connection)
    plan = _Plan(connection, entries, now)
    plan.carry_out(connection)
    return plan.outcomes


def foresee_many(connection: Connection, entries: Sequence[Suppressing], now: datetime) -> list[Suppressed]:
    """The same without any change."""
    return _Plan(connection, entries, now).outcomes


class _Plan:
    """Looked up for many at once, decided in memory, written with a few statements."""

    def __init__(self, connection: Connection, entries: Sequence[Suppressing], now: datetime) -> None:
        self._now = now
        self._standings = _standings(connection, [entry.identity_hash for entry in entries])
        self._new: dict[str, Suppressing] = {}
        self._graver: dict[str, Suppressing] = {}
        self._events: list[dict[str, Any]] = []
        self.outcomes = [self._decide(entry) for entry in entries]

    def _decide(self, entry: Suppressing) -> Suppressed:
        standing = self._standings.setdefault(entry.identity_hash, _Standing())
        outcome = standing.take(entry)
        if outcome in {Suppressed.KNOWN, Suppressed.LIFTED_SINCE}:
            return outcome
        if outcome is Suppressed.NEW:
            self._new[entry.identity_hash] = entry
        elif outcome is Suppressed.GRAVER:
            (self._new if entry.identity_hash in self._new else self._graver)[entry.identity_hash] = entry
        self._events.append(
            {"identity_hash": entry.identity_hash, "action": SuppressionAction.ADDED, **self._facts(entry)}
        )
        return outcome

    def _facts(self, entry: Suppressing) -> dict[str, Any]:
        return {"reason": entry.reason, "source": entry.source, "at": entry.at or self._now}

    def carry_out(self, connection: Connection) -> None:
        if self._new:
            rows = [{"identity_hash": key, "identity": _shown(e), **self._facts(e)} for key, e in self._new.items()]
            connection.execute(insert(t.suppressions), rows)
        self._change(connection, [e for e in self._graver.values() if e.reason is SuppressionReason.ERASED])
        self._change(connection, [e for e in self._graver.values() if e.reason is not SuppressionReason.ERASED])
        if self._events:
            connection.execute(insert(t.suppression_events), self._events)

    def _change(self, connection: Connection, entries: list[Suppressing]) -> None:
        """All of them erased, or none."""
        if not entries:
            return
        row = t.suppressions.c
        change = update(t.suppressions).where(row.identity_hash == bindparam("this"))
        shown = None if entries[0].reason is SuppressionReason.ERASED else func.coalesce(row.identity, bindparam("who"))
        facts: dict[str, BindParameter[Any]] = {name: bindparam(f"new_{name}") for name in ("reason", "source", "at")}
        rows = [
            {"this": e.identity_hash, "who": e.identity}
            | {f"new_{name}": value for name, value in self._facts(e).items()}
            for e in entries
        ]
        connection.execute(change.values(identity=shown, **facts), rows)


def _shown(entry: Suppressing) -> str | None:
    return None if entry.reason is SuppressionReason.ERASED else entry.identity


@dataclass(kw_only=True)
class _Standing:
    """How an identity stands: the reason that is shown, those given since the last lifting, and when that was."""

    reason: SuppressionReason | None = None
    noted: set[SuppressionReason] = field(default_factory=set)
    lifted_at: datetime | None = None

    def take(self, entry: Suppressing) -> Suppressed:
        """What another reason does to it."""
        older = self.lifted_at is not None and entry.at is not None and entry.at <= self.lifted_at
        if self.reason is None:
            if older:
                return Suppressed.LIFTED_SINCE
            self.reason, self.noted = entry.reason, {entry.reason}
            return Suppressed.NEW
        if older or entry.reason in self.noted or entry.reason is self.reason:
            return Suppressed.KNOWN
        self.noted.add(entry.reason)
        if GRAVITY[entry.reason] < GRAVITY[self.reason]:
            return Suppressed.NOTED
        self.reason = entry.reason
        return Suppressed.GRAVER


def _standings(connection: Connection, identity_hashes: Sequence[str]) -> dict[str, _Standing]:
    """Of those about whom anything is known."""
    row, event = t.suppressions.c, t.suppression_events.c
    standings: dict[str, _Standing] = {}
    among: BindParameter[list[str]] = bindparam("hashes", expanding=True)
    suppressed = select(row.identity_hash, row.reason).where(row.identity_hash.in_(among))
    history = (
        select(event.identity_hash, event.action, event.reason, event.at)
        .where(event.identity_hash.in_(among))
        .order_by(event.number)
    )
    for part in parts(list(dict.fromkeys(identity_hashes))):
        for key, action, reason, at in connection.execute(history, {"hashes": part}):
            standing = standings.setdefault(key, _Standing())
            if action == SuppressionAction.LIFTED:
                standing.noted, standing.lifted_at = set(), at
            else:
                standing.noted.add(SuppressionReason(reason))
        for key, reason in connection.execute(suppressed, {"hashes": part}):
            standings.setdefault(key, _Standing()).reason = SuppressionReason(reason)
    return standings


def _who_left(entries: Sequence[Suppressing], outcomes: Sequence[Suppressed]) -> list[str]:
    """Those whom the file says, as news to us, that they left everything."""
    news = {Suppressed.NEW, Suppressed.GRAVER, Suppressed.NOTED}
    left = SuppressionReason.LEFT_EVERYTHING
    return [e.identity_hash for e, o in zip(entries, outcomes, strict=True) if e.reason is left and o in news]


def _not_left(identity_hashes: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    people = select(t.subscribers.c.number).where(t.subscribers.c.identity_hash.in_(identity_hashes))
    return (
        t.subscriptions.c.subscriber.in_(people),
        t.subscriptions.c.status != SubscriptionStatus.UNSUBSCRIBED,
    )


def leave_lists(connection: Connection, identity_hashes: Sequence[str], now: datetime) -> int:
    """End every subscription of these people, with its event; how many ended."""
    count = 0
    for part in parts(identity_hashes):
        change = update(t.subscriptions).where(*_not_left(part))
        left = connection.execute(
            change.values(status=SubscriptionStatus.UNSUBSCRIBED, changed_at=now).returning(
                t.subscriptions.c.subscriber, t.subscriptions.c.list
            )
        ).all()
        constants = {"action": ConsentAction.UNSUBSCRIBED, "source": ConsentSource.IMPORT, "at": now}
        events = [{"subscriber": row.subscriber, "list": row.list, "recorded_at": now, **constants} for row in left]
        if events:
            connection.execute(insert(t.consent_events), events)
        count += len(left)
    return count


def _count_lists(connection: Connection, identity_hashes: Sequence[str]) -> int:
    query = select(func.count()).select_from(t.subscriptions)
    return sum(connection.scalar(query.where(*_not_left(part))) or 0 for part in parts(identity_hashes))
