"""New people and moved subscriptions -> rows in the tables, many with one statement."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from newsletter.model.importing import Row, moment_text
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus
from newsletter.model.tag import tag_key
from newsletter.store import tables as t
from newsletter.store.database import insert_or_ignore
from newsletter.store.importing.json_rows import JsonRows, as_json
from newsletter.store.people.consent import keep_wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.import_plan import Move
    from newsletter.model.importing import Orders

#: columns of `subscribers` that are filled from the fields of a row of the same name
_COPIED = ("identity_hash", "address", "first_name", "last_name", "language", "timezone", "attributes")
#: a move to pending is no consent and leaves no event
_ACTIONS: Mapping[SubscriptionStatus, ConsentAction] = {
    SubscriptionStatus.SUBSCRIBED: ConsentAction.SUBSCRIBED,
    SubscriptionStatus.UNSUBSCRIBED: ConsentAction.UNSUBSCRIBED,
}

_ROW = itemgetter(0)


@lru_cache
def _cell(name: str) -> itemgetter[object]:
    return itemgetter(Row._fields.index(name))


class People:
    """Writes for one import in one transaction."""

    def __init__(self, connection: Connection, orders: Orders) -> None:
        self._connection = connection
        self._orders = orders
        self._sql = JsonRows(connection)
        self._now = moment_text(orders.now)

    def add(self, new: Sequence[tuple[Row, str]], status: SubscriptionStatus) -> None:
        """New people, each with a public id, and a subscription of this status."""
        if not new:
            return
        first = self._take_numbers(len(new))
        if self._connection.dialect.name == "postgresql":
            self._copy(new, first)
        else:
            self._insert(new, first)
        self._subscribe(first, status)
        rows = [row for row, _ in new]
        if action := _ACTIONS.get(status):
            self._note_new(rows, first, action)
        if self._orders.tags or any(row.tags for row in rows):
            tags: dict[str, list[int]] = {}
            for number, row in enumerate(rows, first):
                for tag in (*row.tags, *self._orders.tags):
                    tags.setdefault(tag, []).append(number)
            self.tag(tags)

    def move(self, moves: Sequence[Move], status: SubscriptionStatus) -> None:
        """Known people."""
        if not moves:
            return
        sql = self._sql
        rows = as_json([tuple(move) for move in moves])
        number = sql.number(sql.cell(0))
        statement = (
            "INSERT INTO subscriptions (subscriber, list, status, changed_at) "  # noqa: S608
            f"SELECT {number}, :list, :status, {sql.moment(':now')} FROM {sql.lists} WHERE true "
            "ON CONFLICT (subscriber, list) DO UPDATE SET status = excluded.status, changed_at = excluded.changed_at"
        )
        values = {"rows": rows, "list": self._orders.list.number, "status": status.value, "now": self._now}
        self._connection.execute(text(statement), values)
        if action := _ACTIONS.get(status):
            self._note(number, sql.cell(1), sql.cell(2), sql.lists, action, {"rows": rows})

    def tag(self, tags: Mapping[str, Sequence[int]]) -> None:
        """Tag -> numbers of people, who may have it already."""
        if not tags:
            return
        new = [{"key": tag_key(tag), "name": tag, "created_at": self._orders.now} for tag in sorted(tags)]
        insert_or_ignore(self._connection, t.tags, new)
        keys = {tag: tag_key(tag) for tag in tags}
        sql = self._sql
        query = f"SELECT g.key, g.number FROM {sql.values} {sql.join} tags g ON g.key = r.value"  # noqa: S608
        known = self._connection.execute(text(query), {"rows": as_json([*keys.values()])})
        numbers = {row[0]: row[1] for row in known}
        pairs = sorted({(numbers[keys[tag]], person) for tag, people in tags.items() for person in people})
        statement = (
            "INSERT INTO subscriber_tags (tag, subscriber) "  # noqa: S608
            f"SELECT {sql.number(sql.cell(0))}, {sql.number(sql.cell(1))} FROM {sql.lists} WHERE true "
            "ON CONFLICT DO NOTHING"
        )
        self._connection.execute(text(statement), {"rows": as_json(pairs)})

    def _take_numbers(self, count: int) -> int:
        """So many that were never given to anybody; the first of them. Nobody else takes any until we are through."""
        if self._connection.dialect.name == "postgresql":
            sequence = "pg_get_serial_sequence('subscribers', 'number')"
            first: int = self._connection.execute(text(f"SELECT nextval({sequence})")).scalar_one()
            self._connection.execute(text(f"SELECT setval({sequence}, :last)"), {"last": first + count - 1})
            return first
        last = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'subscribers'), 0)"
        known: int = self._connection.execute(text(last)).scalar_one()
        return known + 1

    def _insert(self, new: Sequence[tuple[Row, str]], first: int) -> None:
        sql = self._sql
        # most files have few of the fields, and each costs time
        names = [name for name in (*_COPIED, "joined_at") if any(map(_cell(name), map(_ROW, new)))]
        of_row = itemgetter(*(Row._fields.index(name) for name in names))
        rows = as_json([(public_id, *of_row(row)) for row, public_id in new])
        cells = {name: sql.cell(place) for place, name in enumerate(names, 1)}
        copied = ", ".join(cells.get(name, "''") for name in _COPIED)
        joined = f"coalesce(nullif({cells['joined_at']}, ''), :now)" if "joined_at" in cells else ":now"
        statement = (
            f"INSERT INTO subscribers (number, public_id, {', '.join(_COPIED)}, tracking, joined_at, created_at) "  # noqa: S608
            f"SELECT :first + {sql.place}, {sql.cell(0)}, {copied}, false, {joined}, :now FROM {sql.lists}"
        )
        self._connection.execute(text(statement), {"rows": rows, "first": first, "now": self._now})

    def _copy(self, new: Sequence[tuple[Row, str]], first: int) -> None:
        """PostgreSQL's own way for many rows. No cell has a tab or a line break in it."""
        of_row, now = itemgetter(*(Row._fields.index(name) for name in _COPIED)), f"{self._now}+00"
        lines = [
            "\t".join((str(number), public_id, *of_row(row), "f", f"{row.joined_at}+00" if row.joined_at else now, now))
            for number, (row, public_id) in enumerate(new, first)
        ]
        data = "\n".join(lines).replace("\\", "\\\\")
        columns = f"number, public_id, {', '.join(_COPIED)}, tracking, joined_at, created_at"
        raw: Any = self._connection.connection.driver_connection
        with raw.cursor().copy(f"COPY subscribers ({columns}) FROM STDIN") as copy:
            copy.write(data)

    def _subscribe(self, first: int, status: SubscriptionStatus) -> None:
        statement = (
            "INSERT INTO subscriptions (subscriber, list, status, changed_at) "  # noqa: S608
            f"SELECT number, :list, :status, {self._sql.moment(':now')} FROM subscribers WHERE number >= :first"
        )
        values = {"list": self._orders.list.number, "status": status.value, "now": self._now, "first": first}
        self._connection.execute(text(statement), values)

    def _note_new(self, rows: Sequence[Row], first: int, action: ConsentAction) -> None:
        """The events of new people. Most joined when we say that they joined, so their rows need not be taken apart."""
        if action is ConsentAction.SUBSCRIBED and not (self._orders.keep_ip and any(row.ip for row in rows)):
            self._note("number", "", "", "subscribers WHERE number >= :first", action, {"first": first})
            return
        leaves = action is ConsentAction.UNSUBSCRIBED
        told = as_json(
            [(number, row.left_at if leaves else row.joined_at, row.ip) for number, row in enumerate(rows, first)]
        )
        sql = self._sql
        at = f"coalesce(nullif({sql.cell(1)}, ''), :now)"
        self._note(sql.number(sql.cell(0)), at, sql.cell(2), sql.lists, action, {"rows": told})

    def _note(
        self, number: str, at: str, ip: str, source: str, action: ConsentAction, values: Mapping[str, object]
    ) -> None:
        """An event for each row of the source; `at` is empty for those who joined when `subscribers` says."""
        orders, sql = self._orders, self._sql
        joins = action is ConsentAction.SUBSCRIBED
        kept_ip = f"nullif({ip}, '')" if ip and orders.keep_ip and joins else "NULL"
        statement = (
            "INSERT INTO consent_events (subscriber, list, action, source, wording, ground, ip, at, recorded_at) "  # noqa: S608
            f"SELECT {number}, :list, :action, :source, :wording, :ground, {kept_ip}, "
            f"{sql.moment(at) if at else 'joined_at'}, {sql.moment(':now')} FROM {source}"
        )
        said = {
            "wording": keep_wording(self._connection, orders.wording) if joins and orders.wording else None,
            "ground": keep_wording(self._connection, orders.ground) if joins and orders.ground else None,
        }
        fixed = {
            "list": orders.list.number,
            "action": action.value,
            "source": ConsentSource.IMPORT.value,
            "now": self._now,
        }
        self._connection.execute(text(statement), {**values, **said, **fixed})
