"""Whom an ESP is known to hold back: told by it, or by us. Only keyed hashes.

So that nobody is told to it twice, and whoever lifts a suppression learns that mail would still not arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select, update

from newsletter.model.subscriber import SuppressionReason
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

#: what an ESP is told: a bad address is none to it, and an erased one nobody knows
TOLD_TO_ESPS = (
    SuppressionReason.LEFT_EVERYTHING,
    SuppressionReason.COMPLAINT,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.BY_HAND,
)
_ROW, _KNOWN = t.suppressions.c, t.esp_suppressions.c


def remember(
    connection: Connection, esp: str, identity_hashes: Sequence[str], at: datetime, *, told: bool = False
) -> None:
    """The ESP holds these back, as was seen at this time, or as we told it."""
    hashes = sorted(set(identity_hashes))  # in one order, so that two who do this never wait for one another
    facts = {"at": at, "told_at": at} if told else {"at": at}
    for part in parts(hashes):
        seen_before = (_KNOWN.esp == esp, _KNOWN.identity_hash.in_(part), _KNOWN.at < at)
        connection.execute(update(t.esp_suppressions).where(*seen_before).values(facts))
    insert_or_ignore(connection, t.esp_suppressions, [{"esp": esp, "identity_hash": one, **facts} for one in hashes])


def told_among(connection: Connection, esp: str, identity_hashes: Sequence[str]) -> dict[str, datetime]:
    """Whom we told the ESP -> when."""
    found: dict[str, datetime] = {}
    for part in parts(identity_hashes):
        query = select(_KNOWN.identity_hash, _KNOWN.told_at).where(
            _KNOWN.esp == esp, _KNOWN.identity_hash.in_(part), _KNOWN.told_at.is_not(None)
        )
        found.update((row.identity_hash, row.told_at) for row in connection.execute(query))
    return found


def forget(connection: Connection, identity_hash: str, esp: str | None = None) -> None:
    """An ESP, or all of them, does not hold this one back any more."""
    which = [_KNOWN.esp == esp] if esp else []
    connection.execute(delete(t.esp_suppressions).where(_KNOWN.identity_hash == identity_hash, *which))


def take_back(connection: Connection, esp: str, identity_hashes: Sequence[str]) -> None:
    """The ESP was not told of these after all."""
    for part in parts(identity_hashes):
        connection.execute(delete(t.esp_suppressions).where(_KNOWN.esp == esp, _KNOWN.identity_hash.in_(part)))


def forget_unseen(connection: Connection, esp: str, since: datetime) -> int:
    """After all were read since then: whoever was not among them is not held back any more; how many."""
    return connection.execute(delete(t.esp_suppressions).where(_KNOWN.esp == esp, _KNOWN.at < since)).rowcount


def is_held_back(connection: Connection, esp: str, identity_hash: str) -> bool:
    """As far as is known."""
    row = select(_KNOWN.at).where(_KNOWN.esp == esp, _KNOWN.identity_hash == identity_hash)
    return connection.scalar(row) is not None


def erased_among(connection: Connection, identity_hashes: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for part in parts(identity_hashes):
        query = select(_ROW.identity_hash).where(
            _ROW.identity_hash.in_(part), _ROW.reason == SuppressionReason.ERASED.value
        )
        found.update(connection.scalars(query))
    return found


def unknown_to(connection: Connection, esp: str, *, after: str, limit: int) -> list[tuple[str, str]]:
    """(hash, identity) of whom the ESP should hold back, and is not known to; by hash, from `after` on."""
    query = select(_ROW.identity_hash, _ROW.identity).where(*_to_tell(esp), _ROW.identity_hash > after)
    rows = connection.execute(query.order_by(_ROW.identity_hash).limit(limit))
    return [(row.identity_hash, row.identity) for row in rows]


def to_take_back(connection: Connection, esp: str, *, after: str, limit: int) -> list[tuple[str, str]]:
    """(hash, address) of readers whom we told the ESP, and who are not suppressed any more; by hash, from `after` on."""
    suppressed = exists().where(_ROW.identity_hash == _KNOWN.identity_hash)
    reader = t.subscribers.c
    query = (
        select(_KNOWN.identity_hash, reader.address)
        .join(t.subscribers, reader.identity_hash == _KNOWN.identity_hash)
        .where(_KNOWN.esp == esp, _KNOWN.told_at.is_not(None), ~suppressed, _KNOWN.identity_hash > after)
    )
    rows = connection.execute(query.order_by(_KNOWN.identity_hash).limit(limit))
    return [(row.identity_hash, row.address) for row in rows if row.address]


def _to_tell(esp: str) -> tuple[ColumnElement[bool], ...]:
    known = exists().where(_KNOWN.esp == esp, _KNOWN.identity_hash == _ROW.identity_hash)
    return _ROW.reason.in_(TOLD_TO_ESPS), _ROW.identity.is_not(None), ~known
