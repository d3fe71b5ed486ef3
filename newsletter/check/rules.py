"""Runs rules one by one. A rule that crashes becomes a problem itself and hides none of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from newsletter.model.problem import error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.rulebook import Rule
    from newsletter.model.problem import Place, Problem

S = TypeVar("S")
#: problems of one rule that are told
MOST_OF_ONE_RULE = 100


def run(rules: Iterable[Rule[S]], at: Place, subject: S) -> list[Problem]:
    """Every problem that the rules find in their subject; `at` is the place told for a rule that crashes."""
    found: list[Problem] = []
    for rule in rules:
        try:
            found += _first(rule(subject))
        except Exception as why:  # noqa: BLE001 - one broken rule must not hide what the others find
            found.append(_crashed(rule, at, why))
    return found


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    """Nobody reads a thousand of one kind; the last that is told says that there are more."""
    for number, problem in enumerate(problems, 1):
        if number == MOST_OF_ONE_RULE:
            more = next(problems, None)
            yield replace(problem, message=f"{problem.message}; there are more of these below") if more else problem
            return
        yield problem


def _crashed(rule: Rule[S], at: Place, why: Exception) -> Problem:
    message = f"the check `{rule.code}` failed itself ({type(why).__name__}: {why}), so nobody knows what it would say"
    fix = "Report it together with the issue file to whoever wrote the check; it is no mistake of yours."
    return error("check-crashed", at, message, fix)
