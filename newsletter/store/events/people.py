"""Whom events are about, held still while they are recorded: two handlers that count somebody's bounces wait for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from newsletter.keys import NOTICES
from newsletter.model.identity import identity
from newsletter.model.recording import Named, Person, Reached
from newsletter.model.subscriber import ConsentAction
from newsletter.store import tables as t
from newsletter.store.events.rows import JsonRows, as_json
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    #: mailing and number
    Delivery = tuple[int, int]


class People:
    """`deliveries` are ours; `hashes` are of addresses that events of others name."""

    def __init__(self, connection: Connection, deliveries: Collection[Delivery], hashes: Collection[str]) -> None:
        notices = {n for mailing, n in deliveries if mailing == NOTICES}
        self._notices = _notices(connection, notices)
        self._numbers = _numbers(connection, [one for one in deliveries if one[0] != NOTICES])
        self._began = _began(connection, {mailing for mailing, _ in self._numbers})
        by_hash = _known(connection, {*hashes, *(named.identity_hash for named in self._notices.values())})
        self._people = _held(connection, {*self._numbers.values(), *by_hash.values()})
        self._by_hash = {person.named.identity_hash: person for person in self._people.values()}

    def of_delivery(self, mailing: int, n: int) -> Reached:
        if mailing == NOTICES:
            named = self._notices.get(n)
            return Reached(self._whoever_is(named) if named else None, None)
        number = self._numbers.get((mailing, n))
        return Reached(self._people.get(number) if number else None, self._began.get(mailing))

    def of_address(self, identity_hash: str) -> Reached:
        """Only somebody whom we know: what others' mailings do to strangers is not ours to keep."""
        return Reached(self._by_hash.get(identity_hash), None)

    def _whoever_is(self, named: Named) -> Person:
        """Whom a notice went to; a colleague who got a proof is no subscriber."""
        return self._by_hash.get(named.identity_hash) or Person(0, named, agrees=False)


def _numbers(connection: Connection, deliveries: Collection[Delivery]) -> dict[Delivery, int]:
    if not deliveries:
        return {}
    rows = JsonRows(connection)
    mailing, n = (rows.number(rows.cell(place)) for place in (0, 1))
    query = f"SELECT d.mailing, d.n, d.subscriber FROM {rows.lists} {rows.join} deliveries d ON d.mailing = {mailing} AND d.n = {n}"  # noqa: S608
    found = connection.execute(text(query), {"rows": as_json(sorted(deliveries))})
    return {(row[0], row[1]): row[2] for row in found}


def _began(connection: Connection, mailings: Collection[int]) -> dict[int, datetime]:
    own = t.mailings.c
    began: dict[int, datetime] = {}
    for part in parts(sorted(mailings)):
        query = select(own.number, own.started_at, own.created_at).where(own.number.in_(part))
        began |= {number: started_at or created_at for number, started_at, created_at in connection.execute(query)}
    return began


def _notices(connection: Connection, numbers: Collection[int]) -> dict[int, Named]:
    own = t.notices.c
    found: dict[int, Named] = {}
    for part in parts(sorted(numbers)):
        query = select(own.number, own.identity_hash, own.address).where(own.number.in_(part), own.address.is_not(None))
        found |= {number: Named(key, identity(address)) for number, key, address in connection.execute(query)}
    return found


def _known(connection: Connection, hashes: Collection[str]) -> dict[str, int]:
    own = t.subscribers.c
    found: dict[str, int] = {}
    for part in parts(sorted(hashes)):
        query = select(own.identity_hash, own.number).where(own.identity_hash.in_(part))
        found |= {key: number for key, number in connection.execute(query)}  # noqa: C416 - rows are no pairs
    return found


def _held(connection: Connection, numbers: Collection[int]) -> dict[int, Person]:
    """In the order of their numbers, so that no two wait for one another for ever. The erased are nobody."""
    if not numbers:
        return {}
    rows = JsonRows(connection)
    number = rows.number("r.value")
    query = (
        f"SELECT s.number, s.identity_hash, s.address, s.tracking FROM {rows.values} {rows.join} subscribers s "  # noqa: S608
        f"ON s.number = {number} WHERE s.erased_at IS NULL AND s.identity_hash IS NOT NULL ORDER BY s.number"
    )
    if connection.dialect.name == "postgresql":
        query += " FOR NO KEY UPDATE OF s"
    found = connection.execute(text(query), {"rows": as_json(sorted(numbers))}).all()
    moved = _moved(connection, sorted(numbers))
    return {
        row[0]: Person(row[0], Named(row[1], identity(row[2])), agrees=bool(row[3]), moved_at=moved.get(row[0]))
        for row in found
    }


def _moved(connection: Connection, numbers: list[int]) -> Mapping[int, datetime]:
    event = t.consent_events.c
    moved: dict[int, datetime] = {}
    for part in parts(numbers):
        query = (
            select(event.subscriber, func.max(event.recorded_at))
            .where(event.subscriber.in_(part), event.action == ConsentAction.ADDRESS_CHANGED)
            .group_by(event.subscriber)
        )
        moved |= {number: at for number, at in connection.execute(query) if at}
    return moved
