"""Conditions of segments -> SQL, and which variant each reader gets. Both databases decide alike.

What each leaf asks stands in condition_leaves.py; here they are put together. address/belonging.py decides the same for
facts at hand, and a test holds the two together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, and_, bindparam, case, false, literal, not_, or_, select, true

from newsletter.store import tables as t
from newsletter.store.audiences.condition_leaves import leaf_holds
from newsletter.store.audiences.condition_trees import Kind, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition, Membership, Sorting
    from newsletter.store.audiences.condition_trees import Node

#: what a reader is sorted into whose membership no variant is for
NO_VARIANT = "?"
#: what is nested deeper, or has more parts, is asked step by step: databases and SQLAlchemy take only so much
_DEEPEST = 10
_WIDEST = 60


def holds(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    """Whether a condition holds for the row of `subscribers` in a query; never NULL."""
    return tree_holds(connection, tree_of(condition), t.subscribers.c.number)


def tree_holds(connection: Connection, tree: Node, number: ColumnElement[int]) -> ColumnElement[bool]:
    """The same for whom `number` names. A leaf that asks for more finds the row in the table `subscribers`."""
    tune(connection)
    return _holds(connection.dialect.name, tree, number)


def tune(connection: Connection) -> None:
    """Until the transaction ends: PostgreSQL takes the index of a list for as slow as a disk that has to be turned."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")


def _holds(dialect: str, node: Node, number: ColumnElement[int]) -> ColumnElement[bool]:
    if node.kind is Kind.LEAF:
        return leaf_holds(dialect, node, number)
    if node.height > _DEEPEST or len(node.parts) > _WIDEST:
        return _decided_step_by_step(dialect, node, number)
    parts = [_holds(dialect, part, number) for part in node.parts]
    match node.kind:
        case Kind.NOT:
            return not_(parts[0])
        case Kind.ALL:
            return and_(true(), *parts)
    return or_(false(), *parts)


def _decided_step_by_step(dialect: str, node: Node, number: ColumnElement[int]) -> ColumnElement[bool]:
    """A tree as one list of cases, along its largest branches: what is left to nest is at most half as large each time."""
    cases: list[tuple[ColumnElement[bool], ColumnElement[bool]]] = []
    upright = True
    while node.kind is Kind.NOT or node.height > _DEEPEST or len(node.parts) > _WIDEST:
        if node.kind is Kind.NOT:
            upright = not upright
            node = node.parts[0]
            continue
        largest = max(node.parts, key=lambda part: part.size)
        decisive = node.kind is Kind.ANY  # one part that holds decides it, as one that does not hold decides ALL
        for part in node.parts:
            if part is not largest:
                held = _holds(dialect, part, number)
                cases.append((held if decisive else not_(held), true() if decisive == upright else false()))
        node = largest
    rest = _holds(dialect, node, number)
    rest = rest if upright else not_(rest)
    return case(*cases, else_=rest) if cases else rest


def sorted_readers(connection: Connection, people: Select[tuple[int]], sorting: Sorting) -> Select[tuple[int, str]]:
    """(number, variant) of each of these `people`: a query of `number` in which the rows of `subscribers` are at hand.

    A membership is one number with a bit for each condition that holds.
    """
    if not sorting.conditions:
        return people.add_columns(literal(sorting.variants[frozenset()]).label("variant"))
    bits = {name: 1 << place for place, name in enumerate(sorting.conditions)}
    held = (_bit(connection, condition, bits[name]) for name, condition in sorting.conditions.items())
    found = people.add_columns(sum(held, literal(0, BigInteger)).label("membership")).cte("found")
    found = found.prefix_with("MATERIALIZED")  # else it would be worked out anew for each variant
    kinds = [(found.c.membership.in_(_written(numbers)), name) for name, numbers in _by_variant(sorting, bits)]
    return select(found.c.number, case(*kinds, else_=literal(NO_VARIANT)).label("variant"))


def membership_of(connection: Connection, subscriber: int, sorting: Sorting) -> Membership:
    """Which of the conditions hold for one person."""
    bits = [_bit(connection, condition, 1) for condition in sorting.conditions.values()]
    if not bits:
        return frozenset()
    row = connection.execute(select(*bits).where(t.subscribers.c.number == subscriber)).one()
    return frozenset(name for name, held in zip(sorting.conditions, row, strict=True) if held)


def _by_variant(sorting: Sorting, bits: dict[str, int]) -> Iterable[tuple[str, list[int]]]:
    """Variant -> the memberships of those who get it."""
    numbers: dict[str, list[int]] = {}
    for members, variant in sorting.variants.items():
        numbers.setdefault(variant, []).append(sum(bits[name] for name in members))
    return numbers.items()


def _written(numbers: list[int]) -> ColumnElement[int]:
    """Written into the statement: there may be thousands, and a database takes fewer parameters."""
    return bindparam(None, numbers, BigInteger, unique=True, expanding=True, literal_execute=True)


def _bit(connection: Connection, condition: Condition, bit: int) -> ColumnElement[int]:
    """The bit where a condition holds, else 0."""
    return case((holds(connection, condition), literal(bit, BigInteger)), else_=literal(0, BigInteger))
