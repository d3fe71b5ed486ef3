"""Conditions asked of the database: the same answers as for facts at hand, whatever the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from newsletter.address.belonging import Facts, belongs
from newsletter.model.segment import (
    AllOf,
    AnyOf,
    AttributeCompares,
    AttributeEquals,
    AttributeKnown,
    Comparison,
    Engaged,
    Engagement,
    HasTag,
    InLanguage,
    Joined,
    Not,
    OnList,
    WasSent,
)
from newsletter.store import tables as t
from newsletter.store.audiences import segments
from tests.support.conditions import BEGIN, conditions, people
from tests.support.stored_facts import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition
    from newsletter.store.database import Store


def answers(store: Store, asked: Sequence[Condition], facts: Sequence[Facts]) -> list[list[bool]]:
    """For each condition and each person whether it holds; nothing of them stays in the store."""
    with store.write() as connection, connection.begin_nested() as all_of_it:
        write(connection, facts)
        found = [_answers(connection, one, len(facts)) for one in asked]
        all_of_it.rollback()
    return found


def _answers(connection: Connection, condition: Condition, people: int) -> list[bool]:
    query = select(t.subscribers.c.number).where(segments.holds(connection, condition))
    held = set(connection.scalars(query))
    return [number in held for number in range(1, people + 1)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(conditions(), min_size=1, max_size=12), st.lists(people(), min_size=1, max_size=8))
def test_the_database_answers_as_facts_at_hand_do(store: Store, asked: list[Condition], facts: list[Facts]) -> None:
    expected = [[belongs(one, person) for person in facts] for one in asked]
    assert answers(store, asked, facts) == expected


ADA = Facts(
    attributes={"age": 40, "sport": "running", "operated_on": "2026-03-01", "member": True, "note": "Si"},
    tags=frozenset({"vip"}),
    lists=frozenset({1}),
    language="de-AT",
    joined_at=BEGIN,
    sent=frozenset({"spring"}),
    mailed_at=BEGIN,
    tracking=True,
    opened=frozenset({"spring"}),
)
AT_LEAST, AT_MOST = Comparison.AT_LEAST, Comparison.AT_MOST


LEAVES: list[tuple[Condition, bool]] = [
    (AttributeCompares(attribute="age", comparison=AT_LEAST, value=40), True),
    (AttributeCompares(attribute="age", comparison=AT_MOST, value=40.0), True),
    (AttributeCompares(attribute="age", comparison=AT_LEAST, value=40.5), False),
    (AttributeCompares(attribute="age", comparison=AT_LEAST, value="2026-01-01"), False),
    (AttributeCompares(attribute="operated_on", comparison=AT_LEAST, value="2026-03-01"), True),
    (AttributeCompares(attribute="operated_on", comparison=AT_MOST, value="2026-02-28"), False),
    (AttributeCompares(attribute="operated_on", comparison=AT_LEAST, value=1), False),
    (AttributeCompares(attribute="sport", comparison=AT_LEAST, value="2026-01-01"), False),
    (AttributeCompares(attribute="member", comparison=AT_LEAST, value=0), False),
    (AttributeKnown(attribute="age"), True),
    (AttributeKnown(attribute="nothing"), False),
    (AttributeEquals(attribute="note", value=True), True),
    (InLanguage(language="DE"), True),
    (InLanguage(language="de-at"), True),
    (InLanguage(language="de-A"), False),
    (InLanguage(language="de_AT"), False),
    (InLanguage(language="%"), False),
    (Joined(since=BEGIN), True),
    (Joined(before=BEGIN), False),
    (HasTag(key="vip"), True),
    (HasTag(key="nobody has it"), False),
    (OnList(list=2), False),
    (WasSent(issue="spring"), True),
    (Engaged(kind=Engagement.OPENED, issue="spring"), True),
    (Engaged(kind=Engagement.CLICKED, issue="spring"), False),
    (AllOf(conditions=()), True),
    (AnyOf(conditions=()), False),
    (AnyOf(conditions=(HasTag(key="nobody has it"), HasTag(key="vip"))), True),
    (AnyOf(conditions=(OnList(list=3), OnList(list=2))), False),
]


def test_what_a_leaf_says_and_what_its_not_says(store: Store) -> None:
    leaves = [leaf for leaf, _ in LEAVES]
    denied = [Not(condition=leaf) for leaf in leaves]
    found = answers(store, [*leaves, *denied, *(Not(condition=one) for one in denied)], [ADA])
    said = [[holds] for _, holds in LEAVES]
    assert found == [*said, *([not holds] for _, holds in LEAVES), *said]


def test_nothing_is_known_of_an_empty_row_and_every_not_holds(store: Store) -> None:
    leaves: list[Condition] = [
        AttributeCompares(attribute="age", comparison=AT_LEAST, value=-1e9),
        AttributeCompares(attribute="day", comparison=AT_LEAST, value="0001-01-01"),
        AttributeEquals(attribute="age", value=0),
        AttributeEquals(attribute="member", value=False),
        AttributeKnown(attribute="age"),
        InLanguage(language="en"),
        Joined(),
        Engaged(kind=Engagement.OPENED, issue="spring"),
    ]
    asked = [*leaves, *(Not(condition=one) for one in leaves)]
    assert answers(store, asked, [Facts()]) == [[False]] * len(leaves) + [[True]] * len(leaves)


def test_an_open_counts_only_while_its_reader_agrees_to_tracking(store: Store) -> None:
    refuses = Facts(sent=frozenset({"spring"}), mailed_at=BEGIN, opened=frozenset({"spring"}))
    assert answers(store, [Engaged(kind=Engagement.OPENED, issue="spring")], [refuses, ADA]) == [[False, True]]


def test_a_value_of_null_is_not_known(store: Store) -> None:
    with store.write() as connection:
        write(connection, [ADA])
        connection.execute(update(t.subscribers).values(attributes={"age": None}))
        for condition in (AttributeKnown(attribute="age"), AttributeEquals(attribute="age", value="null")):
            assert connection.scalar(select(segments.holds(connection, condition))) in (False, 0)


def chain(depth: int) -> Condition:
    """all(any(all(... with one more leaf at each step."""
    condition: Condition = HasTag(key="vip")
    for step in range(depth):
        leaf = AttributeEquals(attribute="age", value=40 if step % 2 else 41)
        condition = (AllOf if step % 2 else AnyOf)(conditions=(condition, leaf))
        if step % 7 == 0:
            condition = Not(condition=Not(condition=condition))
    return condition


def nested(depth: int) -> Condition:
    condition: Condition = HasTag(key="vip")
    for step in range(depth):
        condition = (Not(condition=condition), AllOf(conditions=(condition,)), AnyOf(conditions=(condition,)))[step % 3]
    return condition


def bushy(depth: int) -> Condition:
    """Halves that are themselves nested."""
    if not depth:
        return Not(condition=HasTag(key="rare"))
    half = bushy(depth - 1)
    return (AllOf if depth % 2 else AnyOf)(
        conditions=(half, Not(condition=AllOf(conditions=(HasTag(key="rare"), half))))
    )


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (chain(700), True),
        (Not(condition=chain(701)), False),
        (nested(24_000), True),
        (bushy(6), True),
        (AnyOf(conditions=tuple(AttributeEquals(attribute="sport", value=f"sport{n}") for n in range(10_000))), False),
        (AnyOf(conditions=tuple(AttributeEquals(attribute="age", value=n) for n in range(10_000))), True),
        (AnyOf(conditions=tuple(AttributeEquals(attribute="age", value=n + 0.5) for n in range(10_000))), False),
        (AnyOf(conditions=tuple(HasTag(key=f"tag{n}") for n in range(10_000))), False),
        (AllOf(conditions=tuple(Not(condition=WasSent(issue=f"issue{n}")) for n in range(400))), True),
        (AnyOf(conditions=tuple(WasSent(issue=f"issue{n}") for n in range(400))), False),
        (
            AnyOf(
                conditions=tuple(
                    AttributeCompares(attribute="age", comparison=AT_LEAST, value=41 + n) for n in range(800)
                )
            ),
            False,
        ),
    ],
    ids=(
        "deep",
        "deep and not",
        "deep nothing",
        "bushy",
        "texts",
        "numbers",
        "halves",
        "tags",
        "no issue",
        "issues",
        "much",
    ),
)
def test_deep_trees_and_long_lists_are_answered(store: Store, condition: Condition, holds: bool) -> None:
    assert answers(store, [condition], [ADA]) == [[holds]]


HOSTILE = ("'; DROP TABLE subscribers; --", '"', "\\", "%s %(x)s", ":name", "$.x", "\u202e", "a" * 5_000)


def test_texts_are_only_compared(store: Store) -> None:
    for text in HOSTILE:
        many = AnyOf(conditions=tuple(AttributeEquals(attribute="sport", value=f"{text}{n or ''}") for n in range(150)))
        asked: list[Condition] = [
            AttributeEquals(attribute="sport", value=text),
            many,
            HasTag(key=text),
            WasSent(issue=text),
        ]
        person = Facts(attributes={"sport": text})
        assert answers(store, asked, [person, ADA]) == [[True, False], [True, False], [False, False], [False, False]], (
            text
        )
