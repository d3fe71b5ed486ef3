"""What a restored database knows of itself: that it is one, what it has forgotten, and whether somebody has looked.

Until somebody has, no new mailing begins (pipeline/after_restore.py): the issue may have gone out after the backup.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from newsletter.store import audit, facts
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, kw_only=True)
class Memory:
    """The mailings that a database knows of, and that have begun: the number in their links, which no two have -> the issue."""

    mailings: Mapping[int, str] = field(default_factory=dict)
    #: whether these are all there were
    whole: bool = False
    #: number of the last entry of its audit log; None where it had none
    logged: int | None = None


#: of a database that is not there, or cannot be read
NO_MEMORY = Memory()


@dataclass(frozen=True, kw_only=True)
class Restoration:
    """That a backup was put in place."""

    at: datetime
    #: None when the backup does not say
    taken_at: datetime | None = None
    #: mailings that only a database that was there knew of, as in `Memory`
    forgotten: Mapping[int, str] = field(default_factory=dict)
    #: whether there was a database with which it could be compared
    compared: bool = False
    #: when somebody said that new mailings may begin
    checked_at: datetime | None = None

    @property
    def issues(self) -> tuple[str, ...]:
        """Those that went out, and whose readers this database does not know."""
        return tuple(sorted({*self.forgotten.values()}))


def get(connection: Connection) -> Restoration | None:
    """None where no backup was ever put in place."""
    text = facts.get(connection, facts.RESTORED)
    return _read(text) if text else None


def memory(connection: Connection) -> Memory:
    """All mailings that a database knows of, be it from an earlier restore."""
    earlier = get(connection)
    own = planned(connection)
    return Memory(
        mailings={**(earlier.forgotten if earlier else {}), **own},
        whole=earlier is None or earlier.compared,
        logged=audit.last_number(connection),
    )


def planned(connection: Connection) -> dict[int, str]:
    begun = t.mailings.c.started_at.is_not(None)
    rows = connection.execute(select(t.mailings.c.link_number, t.mailings.c.issue).where(begun))
    return {link_number: issue for link_number, issue in rows}  # noqa: C416 - rows are no pairs


def note(connection: Connection, before: Memory, taken_at: datetime | None, now: datetime) -> Restoration:
    """This database was put in the place of one that knew `before`."""
    here = planned(connection)
    known = {**memory(connection).mailings, **before.mailings}
    forgotten = {number: issue for number, issue in known.items() if number not in here}
    noted = Restoration(at=now, taken_at=taken_at, forgotten=forgotten, compared=before.whole)
    facts.put(connection, facts.RESTORED, _written(noted))
    return noted


def confirm(connection: Connection, now: datetime) -> None:
    """Somebody has looked what went out meanwhile."""
    if known := get(connection):
        facts.put(connection, facts.RESTORED, _written(replace(known, checked_at=now)))


def _written(restoration: Restoration) -> str:
    told = {
        "at": restoration.at.isoformat(),
        "backup_taken_at": restoration.taken_at.isoformat() if restoration.taken_at else None,
        "forgotten": {str(number): issue for number, issue in restoration.forgotten.items()},
        "compared": restoration.compared,
        "checked_at": restoration.checked_at.isoformat() if restoration.checked_at else None,
    }
    return json.dumps(told, ensure_ascii=False)


def _read(text: str) -> Restoration:
    if not text.startswith("{"):  # as it was noted at first: the time alone
        return Restoration(at=datetime.fromisoformat(text))
    told: dict[str, Any] = json.loads(text)
    return Restoration(
        at=datetime.fromisoformat(told["at"]),
        taken_at=facts.moment(told["backup_taken_at"]),
        forgotten={int(number): issue for number, issue in told["forgotten"].items()},
        compared=told["compared"],
        checked_at=facts.moment(told["checked_at"]),
    )
