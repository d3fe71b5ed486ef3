"""Notices that wait to be sent: taking one, and what came of it.

Every change names the state that it starts from, so that of two processes one finds nothing left to change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, update

from newsletter.model.mailing import ChunkState
from newsletter.model.notice_mail import NoticeKind
from newsletter.store import tables as t
from newsletter.store.notices import mail_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.notice_mail import NoticeMail

_row = t.notices.c


@dataclass(frozen=True, kw_only=True)
class Interrupted:
    """An attempt that never heard an answer, of a process that must have ended."""

    number: int
    attempt: str
    sender: str
    tries: int


def due(connection: Connection, now: datetime, most: int) -> list[NoticeMail]:
    """What may be handed over now, the oldest first."""
    query = select(t.notices).where(*_due(now)).order_by(_row.number).limit(most)
    return [mail_of(row) for row in connection.execute(query)]


def count_due(connection: Connection, now: datetime) -> int:
    return connection.scalar(select(func.count()).select_from(t.notices).where(*_due(now))) or 0


def count_later(connection: Connection, now: datetime) -> int:
    """Those that wait for their time, after a no or a mistake."""
    later = (_row.state == ChunkState.PLANNED, _row.not_before > now)
    return connection.scalar(select(func.count()).select_from(t.notices).where(*later)) or 0


def interrupted(connection: Connection, now: datetime, most: int) -> list[Interrupted]:
    query = (
        select(_row.number, _row.attempt, _row.sender, _row.tries)
        .where(_row.state == ChunkState.SUBMITTING, _row.held_until <= now)
        .order_by(_row.number)
        .limit(most)
    )
    rows = connection.execute(query)
    return [Interrupted(number=one.number, attempt=one.attempt, sender=one.sender, tries=one.tries) for one in rows]


def listed(connection: Connection, state: ChunkState | None, most: int) -> list[NoticeMail]:
    """The newest first; proofs, which staff sent themselves, are none of them."""
    query = select(t.notices).where(_row.kind != NoticeKind.PROOF)
    if state is not None:
        query = query.where(_row.state == state)
    return [mail_of(row) for row in connection.execute(query.order_by(_row.number.desc()).limit(most))]


def claim(
    connection: Connection,
    notice: NoticeMail,
    *,
    attempt: str,
    sender: str,
    fingerprint: str,
    now: datetime,
    held_until: datetime,
) -> bool:
    """Take it, before a provider is called; False where another process was quicker, or its person was erased meanwhile."""
    free = (_row.number == notice.number, _row.address == notice.address, *_due(now))
    values = {
        "state": ChunkState.SUBMITTING,
        "attempt": attempt,
        "sender": sender,
        "fingerprint": fingerprint,
        "held_until": held_until,
        "detail": "",
    }
    return bool(connection.execute(update(t.notices).where(*free).values(values)).rowcount)


def settle(
    connection: Connection,
    number: int,
    attempt: str,
    state: ChunkState,
    now: datetime,
    *,
    detail: str = "",
    provider_id: str = "",
) -> bool:
    """Store what came of an attempt. An answer that comes late may still clear up its own doubt."""
    open_ = (ChunkState.SUBMITTING, ChunkState.UNCERTAIN)
    values = {"state": state, "detail": detail, "provider_id": provider_id, "answered_at": now, "held_until": None}
    return _moved(connection, values, _row.number == number, _row.attempt == attempt, _row.state.in_(open_))


def plan_again(
    connection: Connection, number: int, attempt: str, *, tries: int, not_before: datetime | None, detail: str
) -> bool:
    """After a definite no, or where repeating an interrupted attempt is harmless."""
    values = {
        "state": ChunkState.PLANNED,
        "tries": tries,
        "not_before": not_before,
        "detail": detail,
        "held_until": None,
    }
    return _moved(
        connection, values, _row.number == number, _row.attempt == attempt, _row.state == ChunkState.SUBMITTING
    )


def put_off(connection: Connection, number: int, *, not_before: datetime, detail: str) -> bool:
    """It cannot be made yet: others go first, and whoever looks is told why."""
    values = {"not_before": not_before, "detail": detail}
    return _moved(connection, values, _row.number == number, _row.state == ChunkState.PLANNED)


def refuse(connection: Connection, number: int, detail: str, now: datetime) -> bool:
    """It will not be sent."""
    values = {"state": ChunkState.REFUSED, "detail": detail, "answered_at": now}
    return _moved(connection, values, _row.number == number, _row.state == ChunkState.PLANNED)


def retry(connection: Connection, number: int, states: Sequence[ChunkState]) -> bool:
    """By a person's word: from the beginning, and now."""
    values = {"state": ChunkState.PLANNED, "tries": 0, "not_before": None, "detail": "", "answered_at": None}
    return _moved(connection, values, _row.number == number, _row.state.in_(states), _row.address.is_not(None))


def _moved(connection: Connection, values: dict[str, Any], *only: ColumnElement[bool]) -> bool:
    return bool(connection.execute(update(t.notices).where(*only).values(values)).rowcount)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    may = or_(_row.not_before.is_(None), _row.not_before <= now)
    return _row.state == ChunkState.PLANNED, _row.kind != NoticeKind.PROOF, may
