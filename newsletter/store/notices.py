"""Notices: one mail to one person outside mailings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from newsletter.model.mailing import ChunkState
from newsletter.store import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection


def add(
    connection: Connection,
    *,
    cause: str,
    kind: str,
    identity_hash: str,
    address: str,
    fingerprint: str,
    now: datetime,
) -> int:
    """Note a notice as `submitting`, before the provider is called; returns its number. `cause` must be new."""
    number: int = connection.execute(
        insert(t.notices)
        .values(
            cause=cause,
            kind=kind,
            identity_hash=identity_hash,
            address=address,
            fingerprint=fingerprint,
            state=ChunkState.SUBMITTING,
            created_at=now,
        )
        .returning(t.notices.c.number)
    ).scalar_one()
    return number


def settle(connection: Connection, number: int, state: ChunkState, detail: str, now: datetime) -> None:
    connection.execute(
        update(t.notices).where(t.notices.c.number == number).values(state=state, detail=detail, answered_at=now)
    )


def count_since(connection: Connection, identity_hash: str, since: datetime) -> int:
    """How many notices went to this person since then."""
    query = select(func.count()).where(t.notices.c.identity_hash == identity_hash, t.notices.c.created_at >= since)
    return connection.scalar(query) or 0


def fingerprint_of(connection: Connection, number: int) -> str | None:
    """What a notice showed; None when there is no such notice."""
    return connection.scalar(select(t.notices.c.fingerprint).where(t.notices.c.number == number))
