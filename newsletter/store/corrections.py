"""Corrections: dated notes that are shown above a sent issue, whose bytes never change. A withdrawn one stays on record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from newsletter.errors import CorrectionNotFound, IssueNotSent
from newsletter.store import tables as t
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

_own = t.corrections.c


@dataclass(frozen=True, kw_only=True)
class Correction:
    """`text` is plain; empty lines divide its paragraphs."""

    number: int
    issue: str
    text: str
    at: datetime
    withdrawn_at: datetime | None = None

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split("\n\n") if part.strip()]


def add(connection: Connection, issue: str, text: str, now: datetime) -> Correction:
    """Note a correction of an issue, which is shown at once.

    Raises:
        IssueNotSent: readers have not seen it yet; with the nearest issue that they have seen.
    """
    sent = select(t.mailings.c.issue).where(t.mailings.c.started_at.is_not(None))
    if connection.execute(sent.where(t.mailings.c.issue == issue).limit(1)).first() is None:
        raise IssueNotSent(issue, nearest(issue, connection.scalars(sent.distinct())))
    values = {"issue": issue, "text": text, "at": now}
    number = connection.execute(insert(t.corrections).values(values).returning(_own.number)).scalar_one()
    return Correction(number=number, issue=issue, text=text, at=now)


def withdraw(connection: Connection, number: int, now: datetime) -> tuple[Correction, bool]:
    """Show it no more; returns it, and whether it was shown until now.

    Raises:
        CorrectionNotFound: there is none of this number.
    """
    shown = (_own.number == number, _own.withdrawn_at.is_(None))
    done = connection.execute(update(t.corrections).where(*shown).values(withdrawn_at=now)).rowcount
    found = _read(connection, select(t.corrections).where(_own.number == number))
    if not found:
        raise CorrectionNotFound(number)
    return found[0], bool(done)


def every(connection: Connection, issue: str | None = None) -> tuple[Correction, ...]:
    """In the order in which they were added, the withdrawn ones too; of one issue only, if it is named."""
    query = select(t.corrections).order_by(_own.number)
    return _read(connection, query if issue is None else query.where(_own.issue == issue))


def shown(connection: Connection, issues: Collection[str]) -> dict[str, list[Correction]]:
    """Issue -> what is shown above it, the newest first."""
    query = select(t.corrections).where(_own.issue.in_(issues), _own.withdrawn_at.is_(None))
    found: dict[str, list[Correction]] = {}
    for one in _read(connection, query.order_by(_own.at.desc(), _own.number.desc())):
        found.setdefault(one.issue, []).append(one)
    return found


def shown_above_mailing(connection: Connection, mailing: int) -> list[Correction]:
    """What is shown above the mails of a mailing, the newest first."""
    issue = connection.scalar(select(t.mailings.c.issue).where(t.mailings.c.number == mailing))
    return shown(connection, [issue]).get(issue, []) if issue is not None else []


def _read(connection: Connection, query: Select[tuple[object, ...]]) -> tuple[Correction, ...]:
    rows = connection.execute(query).all()
    return tuple(Correction(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's public name
