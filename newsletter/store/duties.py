"""What `newsletter run-due` does, one row for each: who is at it, and how it went the last time.

Each function is meant for a transaction of its own. Whoever takes a duty either leaves it or dies; a dead one is noticed
as that of a mailing is (`is_alive`), on another machine when its time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update

from newsletter.model.duty import Duty
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.mailings import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

_own = t.duties.c
_MAILING = "mailing "
#: a fault is a line or two; what a database driver says may be pages
_MOST_WORDS = 2_000


def get(connection: Connection, name: str) -> Duty:
    """How it stands; one that was never done has nothing but its name."""
    row = connection.execute(select(t.duties).where(_own.name == name)).one_or_none()
    return Duty(name=name) if row is None else _duty(row)


def every(connection: Connection) -> tuple[Duty, ...]:
    return tuple(_duty(row) for row in connection.execute(select(t.duties).order_by(_own.name)))


def holder(
    connection: Connection, name: str, now: datetime, longest: timedelta, is_alive: Callable[[str], bool]
) -> str:
    """Who is at it and may be alive; empty where nobody is.

    `longest` is the most that anybody holds it: what is held for longer was taken before the clock was put back.
    """
    row = connection.execute(select(_own.owner, _own.held_until).where(_own.name == name)).one_or_none()
    if row is None or not row.owner or row.held_until is None:
        return ""
    return row.owner if now < row.held_until <= now + longest and is_alive(row.owner) else ""


def take(
    connection: Connection, name: str, owner: str, now: datetime, longest: timedelta, is_alive: Callable[[str], bool]
) -> bool:
    """Be at it from now on, for `longest` at most; False where another process is."""
    insert_or_ignore(connection, t.duties, [{"name": name}])
    connection.execute(select(_own.name).where(_own.name == name).with_for_update())
    if holder(connection, name, now, longest, is_alive) not in {"", owner}:
        return False
    values = {"owner": owner, "began_at": now, "held_until": now + longest}
    connection.execute(update(t.duties).where(_own.name == name).values(values))
    return True


def leave(connection: Connection, name: str, owner: str) -> None:
    """Be at it no more. Where another process has taken it meanwhile, it stays theirs."""
    ours = (_own.name == name, _own.owner == owner)
    connection.execute(update(t.duties).where(*ours).values(owner="", held_until=None))


def note_success(connection: Connection, name: str, now: datetime) -> Duty:
    """It went well; returns how it stood before."""
    before = _held(connection, name)
    values = {"ended_at": now, "succeeded_at": now, "failed_in_a_row": 0, "fault": ""}
    connection.execute(update(t.duties).where(_own.name == name).values(values))
    return before


def note_failure(connection: Connection, name: str, fault: str, now: datetime) -> Duty:
    """It failed once more; returns how it stood before."""
    before = _held(connection, name)
    values: dict[str, Any] = {
        "ended_at": now,
        "failed_in_a_row": _own.failed_in_a_row + 1,
        "fault": fault[:_MOST_WORDS],
    }
    connection.execute(update(t.duties).where(_own.name == name).values(values))
    return before


def note_told(connection: Connection, name: str, now: datetime) -> None:
    """The operator was told that it fails."""
    insert_or_ignore(connection, t.duties, [{"name": name}])
    connection.execute(update(t.duties).where(_own.name == name).values(told_at=now))


def name_of(mailing: int) -> str:
    """What handing over a mailing is called here."""
    return f"{_MAILING}{mailing}"


def of_finished_mailings(connection: Connection) -> list[str]:
    """Those of mailings that can send no more."""
    names = connection.scalars(select(_own.name).where(_own.name.startswith(_MAILING, autoescape=True))).all()
    if not names:
        return []
    unfinished = connection.scalars(select(t.mailings.c.number).where(t.mailings.c.state.in_(UNFINISHED)))
    return sorted({*names} - {name_of(number) for number in unfinished})


def forget(connection: Connection, names: Sequence[str]) -> None:
    """What will not be done any more, unless somebody is at it."""
    free = (_own.name.in_(names), or_(_own.owner == "", _own.held_until.is_(None)))
    connection.execute(delete(t.duties).where(*free))


def _held(connection: Connection, name: str) -> Duty:
    """Of two that note something at once the second sees what the first has noted."""
    insert_or_ignore(connection, t.duties, [{"name": name}])
    return _duty(connection.execute(select(t.duties).where(_own.name == name).with_for_update()).one())


def _duty(row: Row[Any]) -> Duty:
    return Duty(
        name=row.name,
        began_at=row.began_at,
        ended_at=row.ended_at,
        succeeded_at=row.succeeded_at,
        failed_in_a_row=row.failed_in_a_row,
        fault=row.fault,
        told_at=row.told_at,
    )
