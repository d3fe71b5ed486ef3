"""Every page of the rule book: its bad example gives the code, its good one gives no error and not the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.check.book import SHIPPED, by_code, told_rules
from newsletter.check.page_of_rule import page_of
from newsletter.check.rulebook import Scope
from newsletter.model.problem import Level
from tests.check.examples import problems_of
from tests.check.made_examples import MADE

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.rulebook import Rule

RULES = list(by_code().values())


def named(rule: Rule[Any]) -> str:
    return rule.code


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code not in MADE], ids=named)
def test_the_examples_of_a_page_show_what_it_says(rule: Rule[Any], tmp_path: Path) -> None:
    page = page_of(rule)
    assert page.bad, "it shows what is wrong"
    assert page.good, "it shows what is right"
    rendered = rule.scope in {Scope.MAIL, Scope.ONLINE, Scope.SPAM}
    found = problems_of(rule, page.bad, tmp_path / "bad", rendered=rendered)
    if rule.scope is Scope.TOLD and not any(problem.code == rule.code for problem in found):
        rendered = True  # some codes are told while rendering
        found = problems_of(rule, page.bad, tmp_path / "rendered", rendered=rendered)
    assert rule.code in {problem.code for problem in found}
    problem = next(problem for problem in found if problem.code == rule.code)
    assert problem.message.strip()
    assert problem.fix.strip()
    left = problems_of(rule, page.good, tmp_path / "good", rendered=rendered)
    assert [p for p in left if p.code == rule.code or p.level is Level.ERROR] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.code in MADE], ids=named)
def test_what_no_page_can_hold_is_made_and_told(rule: Rule[Any], tmp_path: Path) -> None:
    """Files that are too large, damaged, or of bytes that are no text."""
    assert not page_of(rule).bad
    assert rule.code in MADE[rule.code](tmp_path)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_every_page_has_a_title_and_says_what_to_do(rule: Rule[Any]) -> None:
    page = page_of(rule)
    assert 3 < len(page.title) < 110
    assert len(page.why) > 20
    assert not re.search(r"\n\S.*:$", page.why), "no line that only looks like the head of an example"
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.code)


def test_every_rule_has_a_code_of_its_own() -> None:
    codes = [rule.code for rule in SHIPPED]
    assert sorted(codes) == sorted(set(codes))
    told = [rule.code for rule in told_rules()]
    assert sorted(told) == sorted(set(told))
