"""Identities never to be mailed. A suppression outlives its subscriber; every reason ever given is kept beside it.

The gravest reason stands. Each reason is noted once, and again only after a lifting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, exists, func, insert, literal, or_, select, text, update

from newsletter.model.subscriber import Suppression, SuppressionReason
from newsletter.model.suppressing import (
    GRAVITY,
    SuppressedIdentity,
    SuppressionAction,
    SuppressionEvent,
)
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.engine import Connection

_AT_ONCE = 5_000
_ROW, _EVENT = t.suppressions.c, t.suppression_events.c


def add(
    connection: Connection,
    identity_hash: str,
    identity: str | None,
    reason: SuppressionReason,
    source: str,
    now: datetime,
) -> bool:
    """Never mail this identity again; whether that was not so, or for a lesser reason. The gravest reason stands."""
    known = connection.scalar(select(_ROW.reason).where(_ROW.identity_hash == identity_hash))
    if known == reason:
        return False
    values = {"reason": reason, "source": source, "at": now}
    shown = None if reason is SuppressionReason.ERASED else identity
    insert_or_ignore(connection, t.suppressions, [{"identity_hash": identity_hash, "identity": shown, **values}])
    # two who give the same lesser reason at once would both note it
    connection.execute(select(_ROW.reason).where(_ROW.identity_hash == identity_hash).with_for_update())
    lesser = [one for one in SuppressionReason if GRAVITY[one] < GRAVITY[reason]]
    graver = update(t.suppressions).where(_ROW.identity_hash == identity_hash, _ROW.reason.in_(lesser))
    kept = None if reason is SuppressionReason.ERASED else func.coalesce(identity, _ROW.identity)
    connection.execute(graver.values(identity=kept, **values))
    _note(connection, identity_hash, reason, source, now)
    return known is None or GRAVITY[SuppressionReason(known)] < GRAVITY[reason]


def _note(connection: Connection, identity_hash: str, reason: SuppressionReason, source: str, now: datetime) -> None:
    """Add to the history, unless that reason was given already since the last lifting."""
    theirs = select(func.coalesce(func.max(_EVENT.number), 0)).where(_EVENT.identity_hash == identity_hash)
    last_lifted = theirs.where(_EVENT.action == SuppressionAction.LIFTED).scalar_subquery()
    before = t.suppression_events.alias("before")
    noted = exists().where(
        before.c.identity_hash == identity_hash,
        before.c.action == SuppressionAction.ADDED,
        before.c.reason == reason,
        before.c.number > last_lifted,
    )
    values = {
        "identity_hash": identity_hash,
        "action": SuppressionAction.ADDED.value,
        "reason": reason.value,
        "source": source,
        "at": now,
    }
    row = select(*(literal(value, _EVENT[name].type) for name, value in values.items())).where(~noted)
    connection.execute(insert(t.suppression_events).from_select([*values], row))


def lift(connection: Connection, identity_hash: str, why: str, now: datetime) -> Suppression | None:
    """Let an identity be mailed again; the suppression that stood until now. Nothing else ever lifts one."""
    hold_still(connection)
    gone = delete(t.suppressions).where(_ROW.identity_hash == identity_hash)
    row = connection.execute(gone.returning(_ROW.reason, _ROW.source, _ROW.at)).one_or_none()
    if row is None:
        return None
    event = {"identity_hash": identity_hash, "action": SuppressionAction.LIFTED, "reason": row.reason, "source": why}
    connection.execute(insert(t.suppression_events).values(at=now, **event))
    return Suppression(reason=SuppressionReason(row.reason), source=row.source, at=row.at)


def hold_still(connection: Connection) -> None:
    """Nobody else adds or lifts until we are through. In SQLite a writer is alone anyway.

    Whoever needs subscribers or subscriptions to hold still as well asks for them first: somebody who leaves everything
    does so, and two that ask in another order wait for one another for ever.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE suppressions IN SHARE ROW EXCLUSIVE MODE"))


def events_of(connection: Connection, identity_hash: str) -> tuple[SuppressionEvent, ...]:
    """What happened to one identity, in order."""
    mine = select(t.suppression_events).where(_EVENT.identity_hash == identity_hash).order_by(_EVENT.number)
    return tuple(
        SuppressionEvent(
            action=SuppressionAction(row.action), reason=SuppressionReason(row.reason), source=row.source, at=row.at
        )
        for row in connection.execute(mine)
    )


def page(
    connection: Connection,
    reason: SuppressionReason | None = None,
    *,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> tuple[SuppressedIdentity, ...]:
    """The newest first; `after` is the time and the hash of the last one seen."""
    query = select(t.suppressions).order_by(_ROW.at.desc(), _ROW.identity_hash).limit(limit)
    if reason is not None:
        query = query.where(_ROW.reason == reason)
    if after is not None:
        query = query.where(_older(*after))
    return tuple(_suppressed(row) for row in connection.execute(query))


def _older(at: datetime, identity_hash: str) -> ColumnElement[bool]:
    return or_(_ROW.at < at, and_(_ROW.at == at, _ROW.identity_hash > identity_hash))


def counts(connection: Connection) -> dict[SuppressionReason, int]:
    """How many are suppressed for which reason, the gravest first."""
    gravity = case(GRAVITY, value=_ROW.reason).desc()
    rows = connection.execute(select(_ROW.reason, func.count()).group_by(_ROW.reason).order_by(gravity))
    return {SuppressionReason(reason): count for reason, count in rows}


def stream(connection: Connection, reason: SuppressionReason | None = None) -> Iterator[SuppressedIdentity]:
    """All of them by hash, however many; only a few at once are in memory."""
    query = select(t.suppressions).order_by(_ROW.identity_hash)
    if reason is not None:
        query = query.where(_ROW.reason == reason)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield _suppressed(row)


def _suppressed(row: Row[tuple[object, ...]]) -> SuppressedIdentity:
    suppression = Suppression(reason=SuppressionReason(row.reason), source=row.source, at=row.at)
    return SuppressedIdentity(identity_hash=row.identity_hash, identity=row.identity, suppression=suppression)
