"""Notices: one mail to one person outside mailings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind, NoticeMail
from newsletter.store import tables as t
from newsletter.store.database import insert_if_new

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection, Row

#: notices of one kind that one person gets within a day: anybody can type an address into a page
MOST_A_DAY = 3
_DAY = timedelta(days=1)


def order(
    connection: Connection,
    *,
    kind: NoticeKind,
    identity_hash: str,
    address: str,
    cause: str,
    now: datetime,
    language: str = "",
    about: Mapping[str, Any] | None = None,
) -> int | None:
    """Note a notice that waits to be sent, in the transaction of what it is for; returns its number.

    None, and nothing is noted, where there was one of this cause, or too many of its kind to this person within a day.
    The person is held (people/consent.py): else two who count at once both find room for one more. Alerts are not counted:
    nobody but this program orders them, each cause once, and one that is left out would be missed.
    """
    theirs = (t.notices.c.identity_hash == identity_hash, t.notices.c.kind == kind)
    lately = select(func.count()).where(*theirs, t.notices.c.created_at > now - _DAY)
    if kind is not NoticeKind.ALERT and (connection.scalar(lately) or 0) >= MOST_A_DAY:
        return None
    row = {
        "cause": cause,
        "kind": kind,
        "identity_hash": identity_hash,
        "address": address,
        "state": ChunkState.PLANNED,
        "language": language,
        "about": dict(about or {}),
        "created_at": now,
    }
    return insert_if_new(connection, t.notices, row)


def find(connection: Connection, number: int) -> NoticeMail | None:
    row = connection.execute(select(t.notices).where(t.notices.c.number == number)).one_or_none()
    return None if row is None else mail_of(row)


def mail_of(row: Row[Any]) -> NoticeMail:
    return NoticeMail(
        number=row.number,
        kind=NoticeKind(row.kind),
        identity_hash=row.identity_hash,
        address=row.address,
        language=row.language,
        state=ChunkState(row.state),
        created_at=row.created_at,
        about=row.about or {},
        used_at=row.used_at,
        fingerprint=row.fingerprint,
        tries=row.tries,
        not_before=row.not_before,
        detail=row.detail,
        answered_at=row.answered_at,
        fate=row.fate,
    )


def use(connection: Connection, number: int, now: datetime) -> bool:
    """Note that the button behind its link was pressed; False where it had been before."""
    unused = (t.notices.c.number == number, t.notices.c.used_at.is_(None))
    return bool(connection.execute(update(t.notices).where(*unused).values(used_at=now)).rowcount)


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
