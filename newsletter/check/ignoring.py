"""`checks: ignore:` of an issue: warnings and information that its author has looked at and lets stand, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import Level, warning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem


def apply_ignores(problems: Iterable[Problem], issue: Issue) -> list[Problem]:
    """The problems that are left. An error stays, and a try to ignore one is told."""
    ignored = {check.code for check in issue.ignored_checks}
    left = [problem for problem in problems if problem.level is Level.ERROR or problem.code not in ignored]
    refused = dict.fromkeys(p.code for p in left if p.code in ignored)
    return left + [_refused(code, issue) for code in refused]


def _refused(code: str, issue: Issue) -> Problem:
    message = f"`{code}` is an error here, and errors cannot be ignored"
    return warning("ignore-refused", issue.place("checks"), message, "Mend what it says, then remove it from `ignore`.")
