"""Approvals of versions: appended, and withdrawn, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from newsletter.model.version import Approval
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.staff import StaffMember

_own = t.approvals.c


def add(connection: Connection, version: int, person: StaffMember, comment: str, now: datetime) -> Approval:
    """Note that somebody signed a stored version, with the roles that they have now."""
    values = {
        "version": version,
        "staff": person.number,
        "roles": " ".join(person.roles),
        "comment": comment,
        "at": now,
    }
    number = connection.execute(insert(t.approvals).values(values).returning(_own.number)).scalar_one()
    return Approval(
        number=number,
        version=version,
        staff=person.number,
        name=person.name,
        roles=person.roles,
        comment=comment,
        at=now,
    )


def withdraw(connection: Connection, issue: str, staff: int, why: str, now: datetime) -> tuple[Approval, ...]:
    """All approvals of an issue that somebody gave and that stand; returns them as they are then."""
    versions = select(t.versions.c.number).where(t.versions.c.issue == issue)
    standing = (_own.staff == staff, _own.withdrawn_at.is_(None), _own.version.in_(versions))
    done = update(t.approvals).where(*standing).values(withdrawn_at=now, withdrawn_why=why).returning(_own.number)
    numbers = connection.scalars(done).all()
    return _read(connection, _all().where(_own.number.in_(numbers)))


def of_version(connection: Connection, version: int) -> tuple[Approval, ...]:
    """In the order in which they were given, the withdrawn ones too."""
    return _read(connection, _all().where(_own.version == version))


def of_issue(connection: Connection, issue: str) -> Mapping[int, tuple[Approval, ...]]:
    """Number of a version -> its approvals; the newest version first, and only those that somebody ever signed."""
    found: dict[int, tuple[Approval, ...]] = {}
    query = _all().join(t.versions, t.versions.c.number == _own.version).where(t.versions.c.issue == issue)
    for one in _read(connection, query):
        found[one.version] = (*found.get(one.version, ()), one)
    return dict(sorted(found.items(), reverse=True))


def issues(connection: Connection) -> tuple[str, ...]:
    """Of which somebody ever signed a version, by name."""
    query = select(t.versions.c.issue).join(t.approvals, _own.version == t.versions.c.number).distinct()
    return tuple(connection.scalars(query.order_by(t.versions.c.issue)))


def _all() -> Select[Any]:
    return select(t.approvals, t.staff.c.name).join(t.staff, t.staff.c.number == _own.staff).order_by(_own.number)


def _read(connection: Connection, query: Select[Any]) -> tuple[Approval, ...]:
    return tuple(map(_approval, connection.execute(query).all()))


def _approval(row: Row[Any]) -> Approval:
    return Approval(
        number=row.number,
        version=row.version,
        staff=row.staff,
        name=row.name,
        roles=tuple(row.roles.split()),
        comment=row.comment,
        at=row.at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=row.withdrawn_why,
    )
