"""Leaving by a page, noted so that it can be taken back: exactly that, and once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import exists, func, select

from newsletter.model.subscriber import ConsentAction, SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.consent import Move, Position, Said
    from newsletter.model.subscriber import ConsentSource

#: why a suppression was lifted
UNDONE = "its reader took leaving everything back, on the page that had said so"
_TRACKING = (ConsentAction.TRACKING_ALLOWED, ConsentAction.TRACKING_REFUSED)


class Rule(Protocol):
    """`take_back` of subscribers/consent.py."""

    def __call__(self, position: Position, *, was: SubscriptionStatus, untouched: bool) -> Move: ...


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A subscription that ended: how it stood before, and the number of the event that says so."""

    list: int
    was: SubscriptionStatus
    event: int


@dataclass(frozen=True, kw_only=True)
class Left:
    """What leaving changed. `suppression` is the number of the event that suppressed somebody who had not been before."""

    ended: tuple[Ended, ...] = ()
    suppression: int | None = None
    #: something was written down, if only that they do not want to come back after all
    changed: bool = False

    @property
    def can_be_taken_back(self) -> bool:
        """Not the suppression of somebody who was on no list: nobody would be mailed any more than before."""
        return bool(self.ended)


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """`lists` are the numbers of those that stand as they did before."""

    lists: tuple[int, ...]
    suppressed: bool

    @property
    def is_undone(self) -> bool:
        return not self.suppressed and bool(self.lists)


def leave(
    connection: Connection,
    subscriber: int,
    lists: Sequence[int],
    source: ConsentSource,
    mailing: int | None,
    now: datetime,
) -> Left:
    """Unsubscribe from these lists."""
    before = _Before(connection, subscriber)
    consent.leave(connection, subscriber, lists, source, mailing, now)
    return before.left_since()


def leave_everything(
    connection: Connection, subscriber: int, source: ConsentSource, mailing: int | None, now: datetime
) -> Left:
    """Unsubscribe from every list and suppress the address."""
    before = _Before(connection, subscriber)
    consent.leave_everything(connection, subscriber, source, mailing, now)
    return before.left_since()


def take_back(connection: Connection, subscriber: int, left: Left, said: Said, rule: Rule) -> TakenBack:
    """Put back what was left. A second time changes nothing, and the answer is the same.

    Nothing comes back to somebody who is suppressed for another reason, or again.

    Raises:
        SubscriberNotFound: they were erased.
    """
    consent.hold(connection, subscriber)
    if left.suppression is not None:
        _lift(connection, subscriber, left.suppression, said.at)
    back = []
    for one in left.ended:
        untouched = not _said_since(connection, subscriber, one)
        decide = partial(rule, was=one.was, untouched=untouched)
        moved = consent.carry_out(connection, subscriber, one.list, decide, said)
        if moved.status is one.was and not moved.move.refused:
            back.append(one.list)
    return TakenBack(lists=tuple(back), suppressed=_is_suppressed(connection, _hash_of(connection, subscriber)))


class _Before:
    """How somebody stood before they left; they are held still."""

    def __init__(self, connection: Connection, subscriber: int) -> None:
        consent.hold(connection, subscriber)
        self._connection, self._subscriber = connection, subscriber
        entry = t.subscriptions.c
        rows = connection.execute(select(entry.list, entry.status).where(entry.subscriber == subscriber))
        self._statuses: Mapping[int, SubscriptionStatus] = {row.list: SubscriptionStatus(row.status) for row in rows}
        self._hash = _hash_of(connection, subscriber)
        self._suppressed = _is_suppressed(connection, self._hash)
        self._last_event = self._newest(t.consent_events.c.number, t.consent_events.c.subscriber == subscriber)
        mine = t.suppression_events.c.identity_hash == self._hash
        self._last_suppression = self._newest(t.suppression_events.c.number, mine)

    def _newest(self, number: Column[int], mine: ColumnElement[bool]) -> int:
        newest: int = self._connection.execute(select(func.coalesce(func.max(number), 0)).where(mine)).scalar_one()
        return newest

    def left_since(self) -> Left:
        event = t.consent_events.c
        since = (event.subscriber == self._subscriber, event.number > self._last_event)
        rows = self._connection.execute(
            select(event.list, event.number)
            .where(*since, event.action == ConsentAction.UNSUBSCRIBED)
            .order_by(event.number)
        ).all()
        off = (None, SubscriptionStatus.UNSUBSCRIBED)
        ended = tuple(
            Ended(list=row.list, was=was, event=row.number)
            for row in rows
            if (was := self._statuses.get(row.list)) not in off
        )
        suppression = self._suppression()
        changed = bool(rows) or suppression is not None
        # who was suppressed before could not be mailed on any list: nothing that is put back would be of use
        return Left(ended=() if self._suppressed else ended, suppression=suppression, changed=changed)

    def _suppression(self) -> int | None:
        if self._suppressed:
            return None
        event = t.suppression_events.c
        ours = (event.identity_hash == self._hash, event.reason == SuppressionReason.LEFT_EVERYTHING)
        query = select(func.min(event.number)).where(*ours, event.number > self._last_suppression)
        number: int | None = self._connection.scalar(query)
        return number


def _lift(connection: Connection, subscriber: int, suppression: int, now: datetime) -> None:
    """Only what this very event added: neither another reason that came since, nor what a provider was told of it."""
    key = _hash_of(connection, subscriber)
    if key is None:
        return
    suppressions.hold_still(connection)
    newest = select(func.max(t.suppression_events.c.number)).where(t.suppression_events.c.identity_hash == key)
    told = connection.scalar(select(exists().where(t.esp_suppressions.c.identity_hash == key)))
    if connection.scalar(newest) == suppression and not told:
        suppressions.lift(connection, key, UNDONE, now)


def _said_since(connection: Connection, subscriber: int, one: Ended) -> bool:
    """Whether anything was said of the list, or of everything, after it was left."""
    event = t.consent_events.c
    of_list = (event.list == one.list) | (event.list.is_(None) & event.action.not_in(_TRACKING))
    later = exists().where(event.subscriber == subscriber, event.number > one.event, of_list)
    return bool(connection.scalar(select(later)))


def _hash_of(connection: Connection, subscriber: int) -> str | None:
    return connection.scalar(select(t.subscribers.c.identity_hash).where(t.subscribers.c.number == subscriber))


def _is_suppressed(connection: Connection, key: str | None) -> bool:
    return bool(connection.scalar(select(exists().where(t.suppressions.c.identity_hash == key))))
