"""Conditions of segments -> SQL, and which variant each reader gets. Values are compared as text, alike in both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Text, and_, case, cast, exists, func, literal, not_, select

from newsletter.model.segment import AttributeEquals, OnList
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition, Membership, Sorting

#: what a reader is sorted into whose membership no variant is for
NO_VARIANT = "?"


def variant_of(connection: Connection, sorting: Sorting) -> ColumnElement[str]:
    """The name of the variant that a row of `subscribers` gets."""
    kinds = [(_has(connection, members, sorting), name) for members, name in sorting.variants.items()]
    if len(kinds) == 1 and not sorting.conditions:
        return literal(kinds[0][1])
    return case(*kinds, else_=literal(NO_VARIANT))


def membership_of(connection: Connection, subscriber: int, sorting: Sorting) -> Membership:
    """Which of the conditions hold for one person."""
    holds = [(name, _holds(connection, condition)) for name, condition in sorting.conditions.items()]
    if not holds:
        return frozenset()
    row = connection.execute(
        select(*(case((condition, 1), else_=0) for _, condition in holds)).where(t.subscribers.c.number == subscriber)
    ).one()
    return frozenset(name for (name, _), held in zip(holds, row, strict=True) if held)


def _has(connection: Connection, members: Membership, sorting: Sorting) -> ColumnElement[bool]:
    """In exactly these of the segments."""
    return and_(
        literal(value=True),
        *(
            _holds(connection, condition) if name in members else not_(_holds(connection, condition))
            for name, condition in sorting.conditions.items()
        ),
    )


def _holds(connection: Connection, condition: Condition) -> ColumnElement[bool]:
    match condition:
        case AttributeEquals():
            value = _attribute(connection, condition.attribute)
            # never NULL, so that its opposite holds for those without the attribute
            return and_(value.is_not(None), value.in_(list(_spellings(condition.value))))
        case OnList():
            return exists().where(
                t.subscriptions.c.subscriber == t.subscribers.c.number,
                t.subscriptions.c.list == condition.list,
                t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED,
            )
        case _:
            assert_never(condition)


def _attribute(connection: Connection, name: str) -> ColumnElement[str]:
    """An attribute as text, NULL where there is none."""
    attributes = t.subscribers.c.attributes
    if connection.dialect.name == "postgresql":
        return attributes.op("->>", return_type=Text())(name)
    return cast(func.json_extract(attributes, f'$."{name}"'), Text)


def _spellings(value: str | float | bool) -> Iterable[str]:
    """How the databases write a value: 12 is also 12.0, and SQLite's true is 1."""
    if isinstance(value, bool):
        return ("true", "1") if value else ("false", "0")
    if isinstance(value, str):
        return (value,)
    whole = (str(int(value)),) if float(value).is_integer() else ()
    return (str(float(value)), *whole)
