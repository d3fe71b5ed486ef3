"""Who belongs to a condition, by what is known of them. tests/store holds the database to the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

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
    MailedSince,
    Not,
    OnList,
    WasSent,
)
from tests.support.conditions import conditions, leaves, people

if TYPE_CHECKING:
    from newsletter.model.segment import Condition

MAY = datetime(2026, 5, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("stored", "asked", "is_equal"),
    [
        ("running", "running", True),
        ("Running", "running", False),
        ("la\u0308uft", "l\u00e4uft", True),
        (1, 1.0, True),
        (1, True, False),
        (True, 1, False),
        (True, True, True),
        ("Yes", True, True),
        ("S\u00cd", True, True),
        ("0", False, True),
        ("70", 70, True),
        ("70.0", 70, True),
        ("70", "70", True),
        (70, "70", False),
        ("soon", 70, False),
        (None, "running", False),
    ],
)
def test_a_value_equals_what_an_import_would_have_stored(
    stored: str | float | None, asked: str, is_equal: bool
) -> None:
    attributes = {} if stored is None else {"it": stored}
    assert belongs(AttributeEquals(attribute="it", value=asked), Facts(attributes=attributes)) is is_equal


@pytest.mark.parametrize(
    ("stored", "low", "high"),
    [
        (60, True, True),
        (59.9, False, True),
        (61, True, False),
        ("60", False, False),
        (True, False, False),
        ("2026-05-01", False, False),
    ],
)
def test_numbers_are_compared_by_size_with_both_ends(stored: str | float, low: bool, high: bool) -> None:
    facts = Facts(attributes={"it": stored})
    found = [belongs(AttributeCompares(attribute="it", comparison=one, value=60), facts) for one in Comparison]
    assert found == [low, high]


@pytest.mark.parametrize(
    ("stored", "low", "high"),
    [
        ("2026-05-01", True, True),
        ("2026-04-30", False, True),
        ("2026-10-02", True, False),
        ("soon", False, False),
        ("2026-05-01T10:00", False, False),
        (2026, False, False),
    ],
)
def test_dates_are_compared_by_day_with_both_ends(stored: str | float, low: bool, high: bool) -> None:
    facts = Facts(attributes={"it": stored})
    found = [
        belongs(AttributeCompares(attribute="it", comparison=one, value="2026-05-01"), facts) for one in Comparison
    ]
    assert found == [low, high]


@pytest.mark.parametrize(
    ("language", "asked", "is_in"),
    [
        ("de", "de", True),
        ("de-AT", "de", True),
        ("DE-at", "de-AT", True),
        ("de", "de-AT", False),
        ("den", "de", False),
        ("", "de", False),
    ],
)
def test_a_language_has_its_countries(language: str, asked: str, is_in: bool) -> None:
    assert belongs(InLanguage(language=asked), Facts(language=language)) is is_in


@pytest.mark.parametrize(
    ("condition", "facts"),
    [
        (AttributeKnown(attribute="it"), Facts(attributes={"it": False})),
        (HasTag(key="vip"), Facts(tags=frozenset({"vip"}))),
        (OnList(list=3), Facts(lists=frozenset({3}))),
        (Joined(since=MAY), Facts(joined_at=MAY)),
        (Joined(before=MAY), Facts(joined_at=MAY - INSTANT)),
        (WasSent(issue="spring"), Facts(sent=frozenset({"spring"}))),
        (MailedSince(moment=MAY), Facts(mailed_at=MAY)),
        (Engaged(kind=Engagement.CLICKED, issue="spring"), Facts(tracking=True, clicked=frozenset({"spring"}))),
    ],
)
def test_what_is_known_holds_and_what_is_not_known_does_not(condition: Condition, facts: Facts) -> None:
    assert belongs(condition, facts)
    assert not belongs(condition, Facts())
    assert belongs(Not(condition=condition), Facts())


def test_moments_before_the_first_and_from_the_second_on_are_outside() -> None:
    assert not belongs(Joined(since=MAY), Facts(joined_at=MAY - INSTANT))
    assert not belongs(Joined(before=MAY), Facts(joined_at=MAY))
    assert not belongs(MailedSince(moment=MAY), Facts(mailed_at=MAY - INSTANT))


def test_whoever_does_not_agree_to_tracking_has_opened_nothing() -> None:
    opened = Facts(tracking=False, opened=frozenset({"spring"}))
    assert not belongs(Engaged(kind=Engagement.OPENED, issue="spring"), opened)


@given(leaves(), conditions(), people())
def test_all_any_and_not_are_those_of_logic(leaf: Condition, other: Condition, person: Facts) -> None:
    both = (belongs(leaf, person), belongs(other, person))
    assert belongs(AllOf(conditions=(leaf, other)), person) is all(both)
    assert belongs(AnyOf(conditions=(leaf, other)), person) is any(both)
    assert belongs(Not(condition=other), person) is not both[1]
