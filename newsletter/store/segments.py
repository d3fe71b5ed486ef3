"""Conditions of segments -> SQL, and which variant each reader gets. Both databases decide alike.

A segment asks for a value of its attribute's type. What was stored as text, before the attribute was given that type,
counts as what an import would read it as today.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Double, and_, bindparam, case, cast, exists, func, literal, or_, select

from newsletter.model.answers import NO, YES
from newsletter.model.segment import AttributeEquals, OnList
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition, Membership, Sorting

#: what a reader is sorted into whose membership no variant is for
NO_VARIANT = "?"


def sorted_readers(connection: Connection, people: Select[tuple[int]], sorting: Sorting) -> Select[tuple[int, str]]:
    """(number, variant) of each of these `people`, who are numbers of rows of `subscribers`.

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
    """The bit where a condition holds, else 0; also where the database knows neither."""
    return case((_holds(connection, condition), literal(bit, BigInteger)), else_=literal(0, BigInteger))


def _holds(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    match condition:
        case AttributeEquals():
            compare = _equals_in_postgresql if connection.dialect.name == "postgresql" else _equals_in_sqlite
            return compare(condition.attribute, condition.value)
        case OnList():
            return exists().where(
                t.subscriptions.c.subscriber == t.subscribers.c.number,
                t.subscriptions.c.list == condition.list,
                t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED,
            )
        case _:
            raise NotImplementedError(type(condition).__name__)


def _equals_in_sqlite(name: str, value: str | float | bool) -> ColumnElement[bool]:
    path = f'$."{name}"'
    kind, found = (take(t.subscribers.c.attributes, path) for take in (func.json_type, func.json_extract))
    written = and_(kind == "text", func.lower(found).in_(_spellings(value)))
    if isinstance(value, str):
        return and_(kind == "text", found.in_(_forms(value)))
    if isinstance(value, bool):
        return or_(kind == ("true" if value else "false"), written)
    # SQLite reads both numbers from JSON: it may be off by a last digit, then for both
    same = found == func.json_extract(json.dumps(value), "$")
    return or_(and_(kind.in_(("integer", "real")), same), written)


def _equals_in_postgresql(name: str, value: str | float | bool) -> ColumnElement[bool]:
    attributes = t.subscribers.c.attributes
    kind, found = func.json_typeof(attributes.op("->")(name)), attributes.op("->>")(name)
    written = and_(kind == "string", func.lower(found).in_(_spellings(value)))
    if isinstance(value, str):
        return and_(kind == "string", found.in_(_forms(value)))
    if isinstance(value, bool):
        return or_(and_(kind == "boolean", found == ("true" if value else "false")), written)
    # only `case` is sure not to cast what is no number
    return case((kind == "number", cast(found, Double) == value), else_=written)


def _forms(text: str) -> tuple[str, ...]:
    """An é is one character or two, by the program that wrote the file."""
    return tuple(dict.fromkeys((text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")))))


def _spellings(value: str | float | bool) -> Iterator[str]:
    """How a file of readers writes a value that is not text, in lower case."""
    if isinstance(value, bool):
        yield from sorted(YES if value else NO)
    elif not isinstance(value, str):
        yield from dict.fromkeys((json.dumps(value), json.dumps(float(value))))
        if float(value).is_integer():
            yield str(int(value))
