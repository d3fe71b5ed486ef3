"""Conditions of segments -> SQL, and which variant each reader gets. Both databases decide alike.

A segment asks for a value of its attribute's type. A value that was stored as text, before the attribute got its type,
counts as what an import would read it as today.
"""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, NamedTuple, assert_never

from sqlalchemy import BigInteger, Double, and_, bindparam, case, cast, exists, false, func, literal, or_, select

from newsletter.model.answers import NO, YES
from newsletter.model.segment import AttributeEquals, OnList
from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition, Membership, Sorting

#: what a reader is sorted into whose membership no variant is for
NO_VARIANT = "?"


def sorted_readers(connection: Connection, people: Select[tuple[int]], sorting: Sorting) -> Select[tuple[int, str]]:
    """(number, variant) of each of these rows of `subscribers`.

    A reader's membership is worked out once, as a number with one bit for each condition; it decides the variant.
    """
    bits = {name: 1 << place for place, name in enumerate(sorting.conditions)}
    if not bits:
        return people.add_columns(literal(sorting.variants[frozenset()]).label("variant"))
    held = (_when(connection, condition, bits[name]) for name, condition in sorting.conditions.items())
    # materialized, so that no database works it out again for each variant
    worked_out = people.add_columns(sum(held, literal(0, BigInteger)).label("membership")).cte("sorted_readers")
    worked_out = worked_out.prefix_with("MATERIALIZED")
    kinds = [
        (worked_out.c.membership.in_(_numbers(f"members_{place}", of_name)), name)
        for place, (name, of_name) in enumerate(_by_name(sorting, bits).items())
    ]
    return select(worked_out.c.number, case(*kinds, else_=literal(NO_VARIANT)).label("variant"))
