"""Identities never to be mailed. A suppression outlives its subscriber; every reason ever given is kept beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from newsletter.model.subscriber import SuppressionReason
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: of several reasons the gravest is shown
GRAVITY = {
    reason: place
    for place, reason in enumerate(
        (
            SuppressionReason.BY_HAND,
            SuppressionReason.BAD_ADDRESS,
            SuppressionReason.HARD_BOUNCE,
            SuppressionReason.LEFT_EVERYTHING,
            SuppressionReason.COMPLAINT,
            SuppressionReason.ERASED,
        )
    )
}


def add(
    connection: Connection,
    identity_hash: str,
    identity: str | None,
    reason: SuppressionReason,
    source: str,
    now: datetime,
) -> bool:
    """Never mail this identity again; whether anything changed. The gravest reason stands, all are kept as events."""
    known = connection.scalar(select(t.suppressions.c.reason).where(t.suppressions.c.identity_hash == identity_hash))
    if known is not None and GRAVITY[SuppressionReason(known)] >= GRAVITY[reason]:
        return False
    row = {"identity_hash": identity_hash, "identity": identity, "reason": reason, "source": source, "at": now}
    if known is None:
        insert_or_ignore(connection, t.suppressions, [row])
    else:
        graver = update(t.suppressions).where(t.suppressions.c.identity_hash == identity_hash)
        connection.execute(graver.values(identity=identity, reason=reason, source=source, at=now))
    event = {"identity_hash": identity_hash, "action": "added", "reason": reason, "source": source, "at": now}
    connection.execute(insert(t.suppression_events).values(event))
    return True
