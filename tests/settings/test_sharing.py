"""Whether somebody can be in two segments at once: a no is certain."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.address.belonging import belongs
from newsletter.model.segment import AttributeCompares, AttributeEquals, Comparison
from newsletter.settings import Settings
from newsletter.settings.sharing import can_hold_together
from tests.support.conditions import conditions, leaves, people
from tests.support.segment_settings import HEAD

if TYPE_CHECKING:
    from newsletter.address.belonging import Facts
    from newsletter.model.segment import Condition

SEGMENTS = """
[segments]
running = { attribute = "sport", equals = "l\u00e4uft" }
same = { attribute = "sport", equals = "la\u0308uft" }
walking = { attribute = "sport", equals = "geht" }
moving = { attribute = "sport", one_of = ["geht", "l\u00e4uft"] }
unsporty = { attribute = "sport", known = false }
others = { not = { segment = "running" } }
old = { attribute = "age", at_least = 70 }
young = { attribute = "age", at_most = 30 }
seventy = { attribute = "age", equals = 70.0 }
german = { language = "de" }
austrian = { language = "de-AT" }
spanish = { language = "es" }
friends = { list = "friends" }
strangers = { not = { list = "friends" } }
new = { joined_after = 2026-01-01 }
early = { joined_before = 2026-01-02 }
rested = { not_mailed_for_days = 30 }
tired = { not = { not_mailed_for_days = 10 } }
either = { any = [{ segment = "running" }, { segment = "old" }] }
neither = { not = { segment = "either" } }
nobody = { all = [{ tag = "x" }, { not = { tag = "X" } }] }
"""


@pytest.mark.parametrize(
    ("names", "possible"),
    [
        ("running same list", True),
        ("running walking list", False),
        ("moving walking", True),
        ("moving unsporty", False),
        ("running others", False),
        ("walking others", True),
        ("old young", False),
        ("old seventy", True),
        ("young seventy", False),
        ("german austrian", True),
        ("german spanish", False),
        ("friends strangers", False),
        ("new early", False),
        ("rested tired", False),
        ("either running", True),
        ("either others", True),
        ("either neither", False),
        ("neither old", False),
        ("nobody", False),
        ("", True),
        ("running old german friends new rested either", True),
    ],
)
def test_what_certainly_excludes_each_other(names: str, possible: bool) -> None:
    settings = Settings.model_validate(tomllib.loads(HEAD + SEGMENTS))
    assert settings.can_share_a_reader(names.split()) is possible


_ages, _sports = st.sampled_from((0, 1.0, 1, 40)), st.sampled_from(("running", "l\u00e4uft", ""))
#: settings let a segment ask only for values of the attribute's type
_typed = st.one_of(
    st.builds(AttributeEquals, attribute=st.just("age"), value=_ages),
    st.builds(AttributeCompares, attribute=st.just("age"), comparison=st.sampled_from(Comparison), value=_ages),
    st.builds(AttributeEquals, attribute=st.just("sport"), value=_sports),
    leaves().filter(lambda leaf: not isinstance(leaf, AttributeEquals | AttributeCompares)),
)


@given(conditions(_typed), conditions(_typed), people())
def test_nobody_is_in_two_segments_of_which_that_was_said(one: Condition, other: Condition, person: Facts) -> None:
    if belongs(one, person) and belongs(other, person):
        assert can_hold_together(one, other)
