"""Runs rules one by one. A rule that crashes becomes a problem itself and hides none of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec

from newsletter.model.problem import error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newsletter.model.problem import Place, Problem

P = ParamSpec("P")


def run(
    rules: Iterable[Callable[P, Iterable[Problem]]], at: Place, *subject: P.args, **named: P.kwargs
) -> list[Problem]:
    """Every problem that the rules find in their subject; `at` is the place told for a rule that crashes."""
    found: list[Problem] = []
    for rule in rules:
        try:
            found += rule(*subject, **named)
        except Exception as why:  # noqa: BLE001 - one broken rule must not hide what the others find
            found.append(_crashed(rule, at, why))
    return found


def _crashed(rule: Callable[P, Iterable[Problem]], at: Place, why: Exception) -> Problem:
    name = getattr(rule, "__name__", type(rule).__name__)
    message = f"the check `{name}` failed itself ({type(why).__name__}: {why}), so nobody knows what it would say"
    return error("check-crashed", at, message, "This is our mistake: please report it together with the issue file.")
