"""Who is in an audience, as a query that begins where the fewest are.

Only the subscribed are in one. So a query reads the index of a list's subscriptions from end to end, or that of a tag
where fewer have it, and looks the rest up; never the whole table of subscribers. Erased people are subscribed to nothing
(store/people/erasing.py), so their rows are not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, func, literal, select, union_all

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences.condition_leaves import is_subscribed, needs_row, one_of, tag_numbers
from newsletter.store.audiences.condition_trees import (
    EVERYBODY,
    AnyList,
    AnyTag,
    Kind,
    Node,
    all_of,
    any_of,
    leaves,
    not_,
    tree_of,
)
from newsletter.store.audiences.segments import tree_holds, tune

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select, Table
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Audience

#: driving tables this large are not told apart any further
_ENOUGH = 300_000


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """`query` selects `number`, which is a column of the table that drives it."""

    query: Select[tuple[int]]
    number: ColumnElement[int]


def everybody_in(connection: Connection, audience: Audience, *, rows: bool = False) -> Crowd:
    """The audience, suppressed people among them; with `rows`, the table `subscribers` is at hand in the query."""
    return crowd(connection, audience.lists, tree_of_audience(audience), rows=rows)


def tree_of_audience(audience: Audience) -> Node:
    """What has to hold for the subscribed of its lists."""
    excepted = not_(any_of([tree_of(one) for one in audience.excepted.values()]))
    return all_of([narrowed_tree(audience), *([excepted] if audience.excepted else [])])


def narrowed_tree(audience: Audience) -> Node:
    """Several segments are alternatives, as several lists are."""
    if not audience.narrowed:
        return EVERYBODY
    return any_of([tree_of(one) for one in audience.narrowed.values()])


def crowd(
    connection: Connection, lists: Sequence[int], tree: Node, *, rows: bool = False, after: int | None = None
) -> Crowd:
    """The subscribed of the lists for whom the tree holds; only those whose number is greater than `after`."""
    tune(connection)
    driver, left, is_driven_by_lists = _driver(connection, lists, tree)
    number = driver.subscriber
    query = select(number.label("number"))
    if rows or any(map(needs_row, leaves(left))):
        query = query.join(t.subscribers, t.subscribers.c.number == number)
    if not is_driven_by_lists:
        query = query.where(is_subscribed(lists, number, after))
    if after is not None:
        query = query.where(number > after)
    if left.kind is not Kind.ALL or left.parts:
        query = query.where(tree_holds(connection, left, number))
    return Crowd(query=query, number=number)


def contains(
    connection: Connection, lists: Sequence[int], tree: Node, number: ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether somebody is in the crowd; where the tree needs it, their row of `subscribers` has to be at hand."""
    return and_(is_subscribed(lists, number), tree_holds(connection, tree, number))


def count(connection: Connection, people: Select[tuple[int]]) -> int:
    return connection.scalar(select(func.count()).select_from(people.subquery())) or 0


def is_suppressed(connection: Connection, number: ColumnElement[int]) -> ColumnElement[bool]:
    """Found from the side of the suppressions, which are few, once for the whole query."""
    hashes = select(t.suppressions.c.identity_hash)
    people = t.subscribers.alias()
    suppressed = select(people.c.number).where(people.c.identity_hash.in_(hashes))
    if connection.dialect.name == "sqlite":
        return number.in_(suppressed)
    return suppressed.where(people.c.number == number).exists()  # PostgreSQL makes a join of it, but not of NOT IN


def page(connection: Connection, lists: Sequence[int], tree: Node, *, after: int, limit: int) -> list[int]:
    """The next numbers behind `after`, in order: the last page takes no longer than the first."""
    parts = []
    for one in lists:
        some = crowd(connection, (one,), tree, after=after)
        ordered = some.query.order_by(some.number).limit(limit).subquery()
        parts.append(select(ordered.c.number))
    if not parts:
        return []
    every = union_all(*parts).subquery()
    query = select(every.c.number).distinct().order_by(every.c.number).limit(limit)
    return list(connection.scalars(query))


def spread(
    connection: Connection, people: Select[tuple[int]], number: ColumnElement[int], size: int, wanted: int
) -> list[int]:
    """So many of the `size` people, evenly from the first to the last by number: the same ones for the same data."""
    shown = min(wanted, size)
    places = [1 + (size - 1) * step // max(shown - 1, 1) for step in range(shown)]
    place = func.row_number().over(order_by=number).label("place")
    numbered = people.add_columns(place).subquery()
    query = select(numbered.c.number).where(numbered.c.place.in_(places)).order_by(numbered.c.number)
    return list(connection.scalars(query))


def _driver(connection: Connection, lists: Sequence[int], tree: Node) -> tuple[Any, Node, bool]:
    """The columns of what drives the query, what is left to ask, and whether the lists are it.

    What is demanded of everybody can drive: a list, or a tag, that all must have.
    """
    demanded = tree.parts if tree.kind is Kind.ALL else (tree,)
    range_, part = _smallest(connection, [(_of_lists(lists), None), *_demanded(connection, demanded)])
    left = tree if part is None else all_of([one for one in demanded if one is not part])
    return _columns(range_), left, part is None


def _smallest(connection: Connection, candidates: Sequence[_Candidate]) -> _Candidate:
    """PostgreSQL turns a query round by its statistics; SQLite has none, so the entries are counted, but not without end."""
    if connection.dialect.name == "postgresql":
        return next((one for one in candidates[1:] if len(one[0].values) == 1), candidates[0])
    best, least = candidates[0], _ENOUGH
    for one in reversed(candidates) if len(candidates) > 1 else ():  # the lists last: they are seldom the smallest
        if (size := _size_up_to(connection, one[0], least)) < least:
            best, least = one, size
    return best


def _demanded(connection: Connection, parts: Sequence[Node]) -> Iterator[_Candidate]:
    for part in parts:
        match part.leaf:
            case AnyTag(keys=keys):
                # PostgreSQL knows how many have a tag only if it is named by its number
                yield (
                    _Range(table=t.subscriber_tags, column="tag", values=list(connection.scalars(tag_numbers(keys)))),
                    part,
                )
            case AnyList(lists=lists):
                yield _of_lists(lists), part


@dataclass(frozen=True, kw_only=True)
class _Range:
    """The rows of an index that begin with one of these values."""

    table: Table
    column: str
    values: Sequence[int]

    @property
    def query(self) -> Select[tuple[int]]:
        query = select(self.table.c.subscriber).where(one_of(self.table.c[self.column], self.values, BigInteger()))
        if self.table is t.subscriptions:
            query = query.where(self.table.c.status == SubscriptionStatus.SUBSCRIBED)
        return query


#: what could drive a query, and the part of the tree that then is answered
_Candidate = tuple[_Range, Node | None]


def _of_lists(lists: Sequence[int]) -> _Range:
    return _Range(table=t.subscriptions, column="list", values=lists)


def _columns(of: _Range) -> Any:  # noqa: ANN401 - a collection of columns
    """Nobody twice."""
    query = of.query if len(of.values) == 1 else of.query.distinct()
    return query.subquery("driver").c


def _size_up_to(connection: Connection, of: _Range, most: int) -> int:
    some = of.query.with_only_columns(literal(1)).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0
