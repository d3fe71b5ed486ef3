"""What somebody agreed to and took back: every change leaves an event that is never altered.

The rules are in subscribers/consent.py. While a move is made its person is held still, so that of two moves at once
the second sees what the first did: no leave is ever lost.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, text, update

from newsletter.errors import IllegalMove
from newsletter.model.consent import Moved, Said
from newsletter.model.identity import identity
from newsletter.model.subscriber import ConsentAction, SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.people.lists import LIST_COLUMNS, list_of
from newsletter.store.people.positions import open_requests, position_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.consent import Move, Position
    from newsletter.model.subscriber import ConsentSource, MailingList


def keep_wording(connection: Connection, text: str) -> str:
    """Store the exact words somebody agreed to; returns their hash."""
    key = hashlib.sha256(text.encode()).hexdigest()
    insert_or_ignore(connection, t.wordings, [{"hash": key, "text": text}])
    return key


def lists_of_mailing(connection: Connection, mailing: int) -> tuple[MailingList, ...]:
    rows = connection.execute(
        select(*LIST_COLUMNS)
        .join(t.mailing_lists, t.mailing_lists.c.list == t.lists.c.number)
        .where(t.mailing_lists.c.mailing == mailing)
        .order_by(t.lists.c.title)
    ).mappings()
    return tuple(list_of(row) for row in rows)


def carry_out(
    connection: Connection, subscriber: int, list_: int, decide: Callable[[Position], Move], said: Said
) -> Moved:
    """Move somebody's subscription as `decide` decides (a rule of subscribers/consent.py).

    Raises:
        SubscriberNotFound: they were erased.
    """
    hold(connection, subscriber)
    before = position_of(connection, subscriber, list_)
    move = decide(before)
    if move.to is not None:
        _set_status(connection, subscriber, before, move.to, said.at)
    event = _write_event(connection, subscriber, list_, move.action, said) if move.action else None
    return Moved(before=before, move=move, event=event)


def hold(connection: Connection, subscriber: int) -> None:
    """Nobody else moves this person's subscriptions until the transaction ends. In SQLite a writer is alone anyway."""
    hold_tables(connection)
    if connection.dialect.name == "postgresql":
        row = select(t.subscribers.c.number).where(t.subscribers.c.number == subscriber)
        connection.execute(row.with_for_update(key_share=True))


def hold_tables(connection: Connection) -> None:
    """Wait for an import, which holds these tables as a whole, and let none begin; before anything in them is written.

    Who needs the suppressions as well takes these first, so that no two wait for each other.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE subscribers, subscriptions IN ROW EXCLUSIVE MODE"))


def leave(
    connection: Connection,
    subscriber: int,
    lists: Sequence[int],
    source: ConsentSource,
    mailing: int | None,
    now: datetime,
    ground: str = "",
) -> int:
    """Unsubscribe from these lists, of which they may have joined only some; who had asked to come back takes that back.

    Returns how many were left just now (a second time changes nothing).
    """
    hold(connection, subscriber)
    left = connection.scalars(
        update(t.subscriptions)
        .where(t.subscriptions.c.subscriber == subscriber, t.subscriptions.c.list.in_(lists))
        .where(t.subscriptions.c.status != SubscriptionStatus.UNSUBSCRIBED)
        .values(status=SubscriptionStatus.UNSUBSCRIBED, changed_at=now)
        .returning(t.subscriptions.c.list)
    ).all()
    said = Said(source=source, at=now, recorded_at=now, mailing=mailing, ground=ground)
    taken_back = {entry for entry in lists if entry not in left and open_requests(connection, subscriber, entry)}
    for entry in sorted({*left, *taken_back}):
        _write_event(connection, subscriber, entry, ConsentAction.UNSUBSCRIBED, said)
    return len(left)


def leave_everything(
    connection: Connection,
    subscriber: int,
    source: ConsentSource,
    mailing: int | None,
    now: datetime,
    ground: str = "",
) -> int:
    """Unsubscribe from every list and suppress the address: nothing is ever sent there again.

    Returns how many lists were left just now.
    """
    hold(connection, subscriber)
    every = connection.scalars(select(t.subscriptions.c.list).where(t.subscriptions.c.subscriber == subscriber)).all()
    left = leave(connection, subscriber, every, source, mailing, now, ground)
    row = connection.execute(
        select(t.subscribers.c.identity_hash, t.subscribers.c.address).where(t.subscribers.c.number == subscriber)
    ).one()
    if row.identity_hash is not None:
        person = identity(row.address)
        suppressions.add(connection, row.identity_hash, person, SuppressionReason.LEFT_EVERYTHING, source, now)
    return left


def set_tracking(connection: Connection, subscriber: int, said: Said, *, allowed: bool) -> bool:
    """Whether opens and clicks of this person may be noted; returns whether that changed."""
    hold(connection, subscriber)
    changed = connection.execute(
        update(t.subscribers)
        .where(t.subscribers.c.number == subscriber, t.subscribers.c.erased_at.is_(None))
        .where(t.subscribers.c.tracking != allowed)
        .values(tracking=allowed)
    ).rowcount
    if changed:
        action = ConsentAction.TRACKING_ALLOWED if allowed else ConsentAction.TRACKING_REFUSED
        _write_event(connection, subscriber, None, action, said)
    return bool(changed)


def note_new_address(connection: Connection, subscriber: int, said: Said) -> None:
    """What was agreed to holds for another address now; what was only asked for cannot be confirmed any more."""
    _write_event(connection, subscriber, None, ConsentAction.ADDRESS_CHANGED, said)


def _set_status(
    connection: Connection, subscriber: int, before: Position, to: SubscriptionStatus, at: datetime
) -> None:
    """Only from the status that the move was decided for."""
    values: dict[str, Any] = {"status": to, "changed_at": at}
    if before.status is None:
        row = {"subscriber": subscriber, "list": before.list.number, **values}
        connection.execute(insert(t.subscriptions).values(row))
        return
    theirs = and_(t.subscriptions.c.subscriber == subscriber, t.subscriptions.c.list == before.list.number)
    still = t.subscriptions.c.status == before.status
    if not connection.execute(update(t.subscriptions).where(theirs, still).values(values)).rowcount:
        raise IllegalMove("a subscription that changed meanwhile", before.status, to)


def _write_event(connection: Connection, subscriber: int, list_: int | None, action: ConsentAction, said: Said) -> int:
    row = {
        "subscriber": subscriber,
        "list": list_,
        "action": action,
        "source": said.source,
        "wording": keep_wording(connection, said.wording) if said.wording else None,
        "ground": keep_wording(connection, said.ground) if said.ground else None,
        "mailing": said.mailing,
        "ip": said.ip or None,
        "user_agent": said.user_agent or None,
        "at": said.at,
        "recorded_at": said.recorded_at,
    }
    added = insert(t.consent_events).values(row).returning(t.consent_events.c.number)
    number: int = connection.execute(added).scalar_one()
    return number
