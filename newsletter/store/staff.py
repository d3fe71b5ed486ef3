"""The people who write and sign off issues. Whoever is removed stays in the record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text, update

from newsletter.errors import OptionUnusable, PersonNotFound
from newsletter.model.staff import StaffMember, key_of
from newsletter.store import tables as t
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.engine import Connection

_own = t.staff.c
#: PostgreSQL: the lock of whoever changes people, until the transaction ends: no two may share a name or an address
_LOCK = "SELECT pg_advisory_xact_lock(20261130, 8)"
#: stands in no name; frees the name of somebody who has left
_LEFT = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Guard:
    """What keeps a person's signature: the stored hash, and wrong passphrases in a row."""

    passphrase: str
    failed: int
    failed_at: datetime | None


def add(connection: Connection, person: StaffMember, passphrase: str) -> StaffMember:
    """Add somebody with the hash of a passphrase; the number is given here.

    Raises:
        OptionUnusable: somebody else has this name, or one of these addresses.
    """
    _lock(connection)
    _refuse_shared(connection, person)
    row = _row(person) | {"passphrase": passphrase, "created_at": person.created_at}
    number = connection.execute(insert(t.staff).values(row).returning(_own.number)).scalar_one()
    return replace(person, number=number)


def change(connection: Connection, person: StaffMember) -> None:
    """Name, address, roles and other names of somebody who is there.

    Raises:
        OptionUnusable: somebody else has this name, or one of these addresses.
    """
    _lock(connection)
    _refuse_shared(connection, person)
    connection.execute(update(t.staff).where(_own.number == person.number).values(_row(person)))


def remove(connection: Connection, person: StaffMember, now: datetime) -> None:
    """Their approvals stay in the record, and no longer count. Their name is free again, for another person."""
    _lock(connection)
    left = {"removed_at": now, "key": f"{key_of(person.name)}{_LEFT}{person.number}", "passphrase": ""}
    connection.execute(update(t.staff).where(_own.number == person.number).values(left))


def find(connection: Connection, name: str) -> StaffMember:
    """Who is called so, by name, address or another name.

    Raises:
        PersonNotFound: nobody, or they have left.
    """
    people = every(connection)
    found = next((person for person in people if person.is_called(name)), None)
    if found is None:
        raise PersonNotFound(name, nearest(name, [person.name for person in people]))
    return found


def every(connection: Connection, *, removed: bool = False) -> tuple[StaffMember, ...]:
    """By name; with `removed` also those who have left."""
    query = select(t.staff).order_by(_own.key)
    rows = connection.execute(query if removed else query.where(_own.removed_at.is_(None))).all()
    return tuple(map(_person, rows))


def by_number(connection: Connection) -> Mapping[int, StaffMember]:
    """Everybody who ever was."""
    return {person.number: person for person in every(connection, removed=True)}


def hold(connection: Connection, number: int) -> Guard:
    """Their hash and wrong tries; until this transaction ends nobody else changes them (SQLite has one writer anyway).

    Raises:
        PersonNotFound: they have left meanwhile.
    """
    return guard_of(connection, number, held=True)


def guard_of(connection: Connection, number: int, *, held: bool = False) -> Guard:
    """The same, only looked at.

    Raises:
        PersonNotFound: they have left meanwhile.
    """
    query = select(t.staff).where(_own.number == number, _own.removed_at.is_(None))
    row = connection.execute(query.with_for_update() if held else query).one_or_none()
    if row is None:
        raise PersonNotFound(f"number {number}")
    return Guard(passphrase=row.passphrase, failed=row.failed, failed_at=row.failed_at)


def count_try(connection: Connection, number: int, now: datetime) -> None:
    """One more that is wrong, until it is known to be right: two who guess at once are both counted."""
    tried = {"failed": _own.failed + 1, "failed_at": now}
    connection.execute(update(t.staff).where(_own.number == number).values(tried))


def forgive(connection: Connection, number: int) -> None:
    """The passphrase was right."""
    connection.execute(update(t.staff).where(_own.number == number).values(failed=0, failed_at=None))


def set_passphrase(connection: Connection, number: int, passphrase: str) -> None:
    connection.execute(update(t.staff).where(_own.number == number).values(passphrase=passphrase))
    forgive(connection, number)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(_LOCK))


def _refuse_shared(connection: Connection, person: StaffMember) -> None:
    """By any shared name one would sign for two, or an author would not be known."""
    for other in every(connection):
        if other.number == person.number:
            continue
        for name in (person.name, person.email, *person.aliases):
            if other.is_called(name):
                raise OptionUnusable(name, f"{other.name} is called so already: newsletter people edit")


def _row(person: StaffMember) -> dict[str, Any]:
    return {
        "key": key_of(person.name),
        "name": person.name,
        "email": person.email,
        "aliases": list(person.aliases),
        "roles": " ".join(sorted(set(person.roles))),
    }


def _person(row: Row[Any]) -> StaffMember:
    return StaffMember(
        number=row.number,
        name=row.name,
        email=row.email,
        roles=tuple(row.roles.split()),
        aliases=tuple(row.aliases),
        created_at=row.created_at,
        removed_at=row.removed_at,
    )
