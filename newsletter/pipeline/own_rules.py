"""The rules that an issue is checked with: ours, those of installed packages, and those of the workspace.

A package offers rules as entry points of the group `newsletter.rules`; each is a rule, or several in a list. A workspace names
Python files under `checks.rules`, each with a `RULES` of its own. Both are code, and run with the rights of whoever checks.
"""

from __future__ import annotations

import importlib.metadata
import runpy
from functools import partial
from typing import TYPE_CHECKING, Any

from newsletter.check.book import SHIPPED, by_code
from newsletter.check.rulebook import Rule, Scope
from newsletter.model.problem import Place, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.settings import Workspace

ENTRY_POINTS = "newsletter.rules"


def rules_of(workspace: Workspace) -> tuple[Sequence[Rule[Any]], list[Problem]]:
    """All rules for the issues of a workspace, and a problem for each that could not be loaded. Ours always count."""
    problems: list[Problem] = []
    rules = list(SHIPPED)
    for at, load in _sources(workspace):
        try:
            offered = list(_checked(load(), {rule.code for rule in rules}))
        except (Exception, SystemExit) as why:  # noqa: BLE001 - somebody else's code may fail in any way
            problems.append(_broken(at, why))
        else:
            rules += offered
    return rules, problems


def _sources(workspace: Workspace) -> Iterator[tuple[Place, Callable[[], object]]]:
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        yield Place(file=f"package {entry.dist.name if entry.dist else entry.value}"), entry.load
    for name in workspace.settings.checks.rules:
        path = workspace.folder / name
        yield Place(file=str(path)), partial(_rules_in, path)


def _rules_in(path: Path) -> object:
    """Read anew each time, so that a preview follows an edit; nothing is written beside it."""
    return runpy.run_path(str(path))["RULES"]


def _checked(offered: object, taken: set[str]) -> Iterator[Rule[Any]]:
    """The rules that somebody offers, each with a code of its own."""
    rules = (offered,) if isinstance(offered, Rule) else offered
    if not isinstance(rules, list | tuple):
        msg = "it offers no list of rules"
        raise TypeError(msg)
    for rule in rules:
        if not isinstance(rule, Rule) or rule.scope is Scope.TOLD:
            msg = f"{rule!r} is no rule; see docs/adding-a-check.md"
            raise TypeError(msg)
        if rule.code in taken or rule.code in by_code():
            msg = f"there is a check `{rule.code}` already"
            raise ValueError(msg)
        yield rule


def _broken(at: Place, why: BaseException) -> Problem:
    said = f"there is no {why} in it" if isinstance(why, KeyError) else str(why)
    message = f"these checks could not be loaded ({type(why).__name__}: {said}), so nobody knows what they would say"
    fix = "Correct the file or remove it from `checks.rules`; for a package, update or remove it."
    return error("rules-unloadable", at, message, fix)
