"""What counts of what was found: levels by policy, ignoring with a reason, overriding for one mailing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from newsletter.check import settle
from newsletter.check.book import SHIPPED
from newsletter.check.settling import override
from newsletter.model.issue import IgnoredCheck
from newsletter.model.problem import Level, error, information, warning
from newsletter.model.waiver import Waiver, WaiverKind
from newsletter.settings.schema import LevelOrOff, PolicySection
from tests.check.test_check_issue import AT, ISSUE, SETTINGS

if TYPE_CHECKING:
    from newsletter.check import Settled
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem

LONG = warning("subject-long", AT, "m", "f")
SHORT = information("preheader-length", AT, "m", "f")
NO_LEAVING = error("link-slot-missing", AT, "m", "f")
NOWHERE = error("link-target", AT, "m", "f")


def ignoring(*codes: str) -> Issue:
    return replace(ISSUE, ignored_checks=tuple(IgnoredCheck(code=code, reason=f"why {code}") for code in codes))


def told(settled: Settled) -> list[tuple[str, Level]]:
    return [(p.code, p.level) for p in settled.problems]


def by_policy(problems: list[Problem], **levels: str) -> Settled:
    named = {code.replace("_", "-"): LevelOrOff(level) for code, level in levels.items()}
    return settle(problems, ISSUE, SETTINGS.model_copy(update={"policy": PolicySection(levels=named)}))


def test_ignoring_takes_away_warnings_and_information_but_never_errors() -> None:
    settled = settle([LONG, SHORT, NOWHERE], ignoring("subject-long", "preheader-length", "link-target"), SETTINGS)
    assert told(settled) == [("link-target", Level.ERROR), ("ignore-refused", Level.WARNING)]


def test_what_was_ignored_is_kept_with_its_reason_and_number() -> None:
    settled = settle([LONG, LONG], ignoring("subject-long"), SETTINGS)
    assert settled.waivers == (
        Waiver(code="subject-long", kind=WaiverKind.IGNORED, reason="why subject-long", count=2),
    )


def test_ignoring_a_code_that_does_not_exist_is_told_with_the_nearest() -> None:
    (problem,) = settle([], ignoring("subject-longg"), SETTINGS).problems
    assert (problem.code, problem.fix) == ("ignore-unknown", "Did you mean `subject-long`?")


def test_ignoring_what_was_not_found_is_told_gently() -> None:
    assert told(settle([], ignoring("subject-long"), SETTINGS)) == [("ignore-unused", Level.INFORMATION)]


def test_policy_raises_lowers_and_silences() -> None:
    assert told(
        by_policy([LONG, SHORT, NOWHERE], subject_long="error", preheader_length="off", link_target="warning")
    ) == [
        ("subject-long", Level.ERROR),
        ("link-target", Level.WARNING),
    ]


def test_what_policy_made_an_error_cannot_be_ignored_by_the_author() -> None:
    policy = PolicySection(levels={"subject-long": LevelOrOff.ERROR})
    settled = settle([LONG], ignoring("subject-long"), SETTINGS.model_copy(update={"policy": policy}))
    assert told(settled) == [("subject-long", Level.ERROR), ("ignore-refused", Level.WARNING)]


@pytest.mark.parametrize("level", ["off", "information", "warning"])
def test_policy_cannot_lower_what_must_be(level: str) -> None:
    assert told(by_policy([NO_LEAVING], link_slot_missing=level)) == [
        ("policy-level-refused", Level.WARNING),
        ("link-slot-missing", Level.ERROR),
    ]


def test_a_level_for_a_code_that_does_not_exist_is_told() -> None:
    (problem,) = by_policy([], subject_lonng="error").problems
    assert (problem.code, problem.fix) == ("policy-level-unknown", "Did you mean `subject-long`?")


def test_overriding_lets_named_errors_stand_and_keeps_why() -> None:
    settled = override([NOWHERE, LONG], {"link-target": "the page opens on Monday"})
    assert told(settled) == [("subject-long", Level.WARNING)]
    assert settled.waivers == (
        Waiver(code="link-target", kind=WaiverKind.OVERRIDDEN, reason="the page opens on Monday", count=1),
    )


def test_what_must_be_cannot_be_overridden() -> None:
    must = [rule.code for rule in SHIPPED if rule.must]
    assert {"link-slot-missing", "disclaimer-not-shown", "postal-address-not-shown"} <= set(must)
    settled = override([error(code, AT, "m", "f") for code in must], dict.fromkeys(must, "because"))
    assert [p.code for p in settled.problems] == must
    assert settled.waivers == ()
