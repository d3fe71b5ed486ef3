"""Names of segments and lists -> condition trees: the words of newsletter.toml, the zone, the clock."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from newsletter.address.belonging import Facts, belongs
from newsletter.address.conditions import conditions, lists_named
from newsletter.address.sorting import sorting
from newsletter.errors import AudienceNotFound, SegmentUnusable
from newsletter.model.rendered import Rendered
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
from newsletter.model.subscriber import MailingList
from newsletter.settings import Settings
from tests.support.segment_settings import HEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.segment import Condition

LISTS = (MailingList(number=1, name="friends", title="Friends"), MailingList(number=2, name="board", title="Board"))
#: Sunday, 29 March 2026: clocks in Vienna went forward that night
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def known(text: str, zone: str = "Europe/Vienna", now: datetime = NOON) -> Mapping[str, Condition]:
    settings = Settings.model_validate(tomllib.loads(f"{HEAD}[segments]\n{text}"))
    return conditions(settings.segments, LISTS, zone=ZoneInfo(zone), now=now)


def one(condition: str, **more: Any) -> Condition:
    return known(f"some = {{ {condition} }}", **more)["some"]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def equals(attribute: str, value: str | float) -> Condition:
    return AttributeEquals(attribute=attribute, value=value)


def compares(attribute: str, comparison: Comparison, value: float | str) -> Condition:
    return AttributeCompares(attribute=attribute, comparison=comparison, value=value)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("attribute = 'sport', equals = 'geht'", equals("sport", "geht")),
        ("attribute = 'city', one_of = ['a', 'b']", AnyOf(conditions=(equals("city", "a"), equals("city", "b")))),
        ("attribute = 'city', one_of = ['a']", equals("city", "a")),
        ("attribute = 'age', at_least = 60", compares("age", Comparison.AT_LEAST, 60)),
        ("attribute = 'seen', at_most = 2026-01-01", compares("seen", Comparison.AT_MOST, "2026-01-01")),
        ("attribute = 'seen', after = 2025-12-31", compares("seen", Comparison.AT_LEAST, "2026-01-01")),
        ("attribute = 'seen', before = '2026-03-01'", compares("seen", Comparison.AT_MOST, "2026-02-28")),
        ("attribute = 'city', known = true", AttributeKnown(attribute="city")),
        ("attribute = 'city', known = false", Not(condition=AttributeKnown(attribute="city"))),
        ("tag = ' VIP '", HasTag(key="vip")),
        ("any_tag = ['A', 'Stra\u00dfe']", AnyOf(conditions=(HasTag(key="a"), HasTag(key="strasse")))),
        ("all_tags = ['A', 'b']", AllOf(conditions=(HasTag(key="a"), HasTag(key="b")))),
        ("list = 'friends'", OnList(list=1)),
        ("language = 'de-AT'", InLanguage(language="de-AT")),
        ("sent = 'spring'", WasSent(issue="spring")),
        ("opened = 'spring'", Engaged(kind=Engagement.OPENED, issue="spring")),
        ("clicked = 'spring'", Engaged(kind=Engagement.CLICKED, issue="spring")),
        ("not = { tag = 'a' }", Not(condition=HasTag(key="a"))),
        (
            "list = 'board', any = [{ tag = 'a' }, { any = [{ tag = 'b' }, { language = 'de', tag = 'c' }] }]",
            AllOf(
                conditions=(
                    OnList(list=2),
                    AnyOf(
                        conditions=(
                            HasTag(key="a"),
                            HasTag(key="b"),
                            AllOf(conditions=(HasTag(key="c"), InLanguage(language="de"))),
                        )
                    ),
                )
            ),
        ),
        ("all = [{ all = [{ tag = 'a' }] }]", HasTag(key="a")),
    ],
)
def test_every_form_has_its_condition(written: str, condition: Condition) -> None:
    assert one(written) == condition


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("joined_before = 2026-03-29", Joined(before=moment("2026-03-28 23:00"))),
        ("joined_after = 2026-03-28", Joined(since=moment("2026-03-28 23:00"))),
        ("joined_after = '2026-03-29'", Joined(since=moment("2026-03-29 22:00"))),
        ("not_mailed_for_days = 1", Not(condition=MailedSince(moment=moment("2026-03-28 23:00")))),
        ("not_mailed_for_days = 7", Not(condition=MailedSince(moment=moment("2026-03-22 23:00")))),
    ],
)
def test_days_are_those_of_the_zone(written: str, condition: Condition) -> None:
    assert one(written) == condition


def test_the_same_weekday_a_week_later_is_seven_days_whatever_the_hour() -> None:
    mailed = Facts(mailed_at=moment("2026-03-22 09:00"))
    assert not belongs(one("not_mailed_for_days = 7", now=moment("2026-03-28 21:00")), mailed)
    assert belongs(one("not_mailed_for_days = 7", now=moment("2026-03-29 06:00")), mailed)


def test_a_day_that_begins_at_one_o_clock_begins_then() -> None:
    """In Beirut clocks go from midnight to one."""
    assert one("joined_after = 2026-03-28", zone="Asia/Beirut") == Joined(since=moment("2026-03-28 22:00"))


def test_a_segment_can_be_asked_for_by_another() -> None:
    found = known("a = { segment = 'b', tag = 'x' }\nb = { not = { segment = 'c' } }\nc = { language = 'de' }")
    assert found["a"] == AllOf(conditions=(HasTag(key="x"), Not(condition=InLanguage(language="de"))))


def test_a_name_that_is_a_segment_and_a_list_is_the_segment_and_its_list_can_be_meant() -> None:
    found = known("friends = { list = 'friends', language = 'de' }")
    assert found["friends"] == AllOf(conditions=(OnList(list=1), InLanguage(language="de")))
    assert found["board"] == OnList(list=2)
    assert list(found) == ["friends", "board"]
    assert len(found) == 2
    assert "nobody" not in found


def test_only_who_uses_a_segment_is_stopped_by_a_list_that_is_not_there() -> None:
    found = known("good = { tag = 'x' }\nbad = { segment = 'worse' }\nworse = { not = { list = 'freinds' } }")
    assert found["good"] == HasTag(key="x")
    assert "bad" in found
    with pytest.raises(SegmentUnusable) as why:
        found["bad"]
    assert (why.value.name, why.value.list, why.value.nearest) == ("bad", "freinds", "friends")


@pytest.mark.parametrize(
    ("written", "lists"),
    [
        ("list = 'friends'", {1}),
        ("list = 'friends', tag = 'x'", {1}),
        ("all = [{ tag = 'x' }, { list = 'friends' }, { list = 'board' }]", {1, 2}),
        ("any = [{ list = 'friends', tag = 'x' }, { list = 'friends', tag = 'y' }]", {1}),
        ("any = [{ list = 'friends' }, { list = 'board', tag = 'x' }]", {1, 2}),
        ("list = 'board', any = [{ list = 'friends' }, { list = 'board' }]", {2}),
        ("any = [{ list = 'friends' }, { tag = 'x' }]", set()),
        ("not = { list = 'friends' }", set()),
        ("tag = 'x'", set()),
    ],
)
def test_the_lists_that_a_segment_names_have_all_its_readers(written: str, lists: set[int]) -> None:
    assert lists_named(one(written)) == lists


def test_readers_are_sorted_by_the_names_of_the_blocks() -> None:
    settings = Settings.model_validate(tomllib.loads(HEAD + "[segments]\na = { tag = 'x' }\nb = { list = 'nix' }"))
    variants = [_variant("", ()), _variant("a", ("a",)), _variant("friends", ("friends",), ("a", "friends"))]
    found = sorting(variants, settings.segments, LISTS, zone=ZoneInfo("UTC"), now=NOON)
    assert found.conditions == {"a": HasTag(key="x"), "friends": OnList(list=1)}
    assert found.variants[frozenset({"a", "friends"})] == "friends"
    with pytest.raises(AudienceNotFound) as why:
        sorting([_variant("x", ("freinds",))], settings.segments, LISTS, zone=ZoneInfo("UTC"), now=NOON)
    assert why.value.nearest == "friends"


def _variant(name: str, *readers: tuple[str, ...]) -> Rendered:
    return Rendered(
        subject=(),
        preheader=(),
        html=(),
        text=(),
        from_name="Clinic",
        from_address="letters@example.org",
        reply_to="letters@example.org",
        language="en",
        variant=name,
        readers=readers,
    )
