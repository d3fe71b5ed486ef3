"""Who is sending a mailing just now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.engine import Connection


def holder(connection: Connection, mailing: int, now: datetime, is_alive: Callable[[str], bool]) -> str:
    """The process that holds its lease and may be alive; empty where there is none."""
    own = t.mailings.c
    row = connection.execute(select(own.lease_owner, own.lease_until).where(own.number == mailing)).one()
    return holder_in(tuple(row), now, is_alive)


def holder_in(lease: tuple[str, datetime | None], now: datetime, is_alive: Callable[[str], bool]) -> str:
    """The same, by the owner of the lease and the time that it holds until."""
    owner, until = lease
    return owner if owner and until and until > now and is_alive(owner) else ""
