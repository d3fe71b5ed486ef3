"""Answers of the API that are given again: who does not know whether a request arrived sends it once more.

An answer is stored in the transaction of what it answers, so that after a crash there is either both or neither.
Answers hold no address and no name, and are deleted after a day.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, tuple_

from newsletter.store import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

KEPT = timedelta(hours=24)
#: rows that one call of `prune_replays` deletes at most
_BATCH = 5_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request with an idempotency key, as hashes: what it held cannot be read back, nor guessed without that key."""

    api_key: int
    key: str
    request: str

    @classmethod
    def of(cls, api_key: int, key: str, method: str, path: str, body: bytes) -> Asked:
        own = hashlib.sha256(key.encode())
        request = own.copy()
        for part in (method.encode(), path.encode(), body):
            request.update(b"\0" + len(part).to_bytes(8, "big") + part)
        return cls(api_key=api_key, key=own.hexdigest(), request=request.hexdigest())


@dataclass(frozen=True, kw_only=True)
class Replay:
    """`request` is the hash of the request that was answered so."""

    request: str
    status: int
    body: str


def hold(connection: Connection, asked: Asked) -> bool:
    """False while another process answers a request of this key. In SQLite a writer is alone anyway."""
    if connection.dialect.name != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(f"{asked.api_key} {asked.key}".encode()).digest()[:8], "big", signed=True)
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(number))))


def find(connection: Connection, asked: Asked, now: datetime) -> Replay | None:
    """What this key was answered within a day."""
    own = t.api_replays.c
    theirs = (own.api_key == asked.api_key, own.key == asked.key)
    row = connection.execute(select(t.api_replays).where(*theirs)).one_or_none()
    if row is None:
        return None
    if row.at <= now - KEPT:
        connection.execute(delete(t.api_replays).where(*theirs))
        return None
    return Replay(request=row.request, status=row.status, body=row.body)


def keep(connection: Connection, asked: Asked, status: int, body: str, now: datetime) -> None:
    """In the transaction of what is answered so."""
    row = {"api_key": asked.api_key, "key": asked.key, "request": asked.request}
    connection.execute(insert(t.api_replays).values(**row, status=status, body=body, at=now))


def prune_replays(connection: Connection, now: datetime) -> int:
    """Delete what is older than a day, a part of it at a time; returns how many were deleted: 0 when all is done."""
    own = t.api_replays.c
    old = select(own.api_key, own.key).where(own.at <= now - KEPT).order_by(own.at).limit(_BATCH)
    return connection.execute(delete(t.api_replays).where(tuple_(own.api_key, own.key).in_(old))).rowcount
