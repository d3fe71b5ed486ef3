"""What is known of the people of a batch: a glance at all, a closer look at those of whom the file says something new."""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from newsletter.model.import_plan import Found
from newsletter.model.importing import Known, Row
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.importing.json_rows import JsonRows, as_json
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of
from newsletter.store.people.subscribers import parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

#: fields of a row that are compared with columns of the same name as they are
_ALIKE = ("first_name", "last_name", "language", "timezone")


class Looking:
    """The port is subscribers/importing/ports.py:Looked."""

    def __init__(self, connection: Connection, list_: int, rows: Sequence[Row]) -> None:
        self._connection = connection
        self._list = list_
        self._rows = rows
        self._sql = JsonRows(connection)
        self._hashes = as_json([row.identity_hash for row in rows])

    @cached_property
    def found(self) -> Sequence[Found]:
        sql = self._sql
        rest = (
            f"FROM {sql.values} {sql.join} subscribers s ON s.identity_hash = r.value "
            "LEFT JOIN subscriptions x ON x.subscriber = s.number AND x.list = :list"
        )
        columns = (sql.place, "s.number", "x.status")
        rows = sql.fetch(columns, rest, {"rows": self._hashes, "list": self._list})
        status: dict[str | None, SubscriptionStatus | None] = {one.value: one for one in SubscriptionStatus}
        status[None] = None
        return [Found(place, number, status[stands]) for place, number, stands in rows]

    @cached_property
    def suppressed(self) -> Mapping[int, SuppressionReason]:
        sql = self._sql
        rest = f"FROM {sql.values} {sql.join} suppressions p ON p.identity_hash = r.value"
        rows = sql.fetch((sql.place, "p.reason"), rest, {"rows": self._hashes})
        return {place: SuppressionReason(reason) for place, reason in rows}

    def differing(self, found: Sequence[Found]) -> set[int]:
        """Some too many rather than one too few: deciding.py has the last word."""
        told = [name for name in (*_ALIKE, "attributes", "joined_at") if self._says_something(name, found)]
        if not told:
            return set()
        sql = self._sql
        places = {name: sql.cell(place) for place, name in enumerate(told, 1)}
        differs = " OR ".join(self._differs(name, cell) for name, cell in places.items())
        rest = f"FROM {sql.lists} {sql.join} subscribers s ON s.number = {sql.number(sql.cell(0))} WHERE {differs}"
        of_row = itemgetter(*(Row._fields.index(name) for name in told))
        if len(told) == 1:
            rows = [(one.number, of_row(self._rows[one.place])) for one in found]
        else:
            rows = [(one.number, *of_row(self._rows[one.place])) for one in found]
        return {found[place].place for (place,) in sql.fetch((sql.place,), rest, {"rows": as_json(rows)})}

    def _says_something(self, name: str, found: Sequence[Found]) -> bool:
        nothing, place = "{}" if name == "attributes" else "", Row._fields.index(name)
        return any(self._rows[one.place][place] != nothing for one in found)

    def _differs(self, name: str, cell: str) -> str:
        if name == "joined_at":
            earlier = f"{self._sql.moment(cell)} < s.joined_at"
            return f"({cell} <> '' AND (s.joined_at IS NULL OR {earlier}))"
        if name != "attributes":
            return f"{cell} NOT IN ('', s.{name})"
        if self._connection.dialect.name == "postgresql":
            holds = f"CAST(s.attributes AS jsonb) @> CAST({cell} AS jsonb)"
            return f"({cell} NOT IN ('{{}}', CAST(s.attributes AS text)) AND NOT {holds})"
        holds = f"json_patch(s.attributes, {cell}) = json(s.attributes)"
        return f"({cell} NOT IN ('{{}}', s.attributes) AND NOT {holds})"

    def tags(self, numbers: Sequence[int]) -> Mapping[int, frozenset[str]]:
        sql = self._sql
        rest = (
            f"FROM {sql.values} {sql.join} subscriber_tags x ON x.subscriber = {sql.number('r.value')} "
            "JOIN tags g ON g.number = x.tag"
        )
        keys: dict[int, set[str]] = {}
        for number, key in sql.fetch(("x.subscriber", "g.key"), rest, {"rows": as_json(numbers)}):
            keys.setdefault(number, set()).add(key)
        return {number: frozenset(theirs) for number, theirs in keys.items()}

    def closer(self, found: Sequence[Found]) -> Mapping[int, Known]:
        by_number = {one.number: one for one in found}
        known: dict[int, Known] = {}
        people = select(*READER_COLUMNS, t.subscribers.c.joined_at)
        for part in parts([*by_number]):
            joined_here = self._joined_here(part)
            for row in self._connection.execute(people.where(t.subscribers.c.number.in_(part))).mappings():
                number = row[t.subscribers.c.number]
                known[by_number[number].place] = Known(
                    subscriber=subscriber_of(row),
                    status=by_number[number].status,
                    joined_at=row[t.subscribers.c.joined_at],
                    joined_here=joined_here.get(number),
                )
        return known

    def _joined_here(self, numbers: Sequence[int]) -> dict[int, datetime]:
        """When they last joined this list. When an import did not say when, they may have left since."""
        event = t.consent_events.c
        for_sure = or_(event.source != ConsentSource.IMPORT, event.at < event.recorded_at)
        joined = and_(event.list == self._list, event.action == ConsentAction.SUBSCRIBED, for_sure)
        query = select(event.subscriber, func.max(event.at)).where(event.subscriber.in_(numbers), joined)
        rows = self._connection.execute(query.group_by(event.subscriber))
        return {row[0]: row[1] for row in rows}
