"""What counts of all that was found: policy raises and lowers levels, the author ignores with a reason, the sender overrides.

Errors cannot be ignored by an author, and what a `must` rule finds is neither lowered nor overridden by anybody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsletter.check.book import SHIPPED, by_code
from newsletter.check.setting_places import place_of_setting
from newsletter.model.problem import Level, information, warning
from newsletter.model.waiver import Waiver, WaiverKind
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.check.rulebook import Rule
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place, Problem
    from newsletter.settings import Settings

_OFF = "off"
_WEIGHT = {Level.INFORMATION: 0, Level.WARNING: 1, Level.ERROR: 2}


@dataclass(frozen=True, kw_only=True)
class Settled:
    """The problems that are left, and those that somebody lets stand."""

    problems: list[Problem]
    waivers: tuple[Waiver, ...] = ()


def settle(
    problems: Iterable[Problem], issue: Issue, settings: Settings, rules: Sequence[Rule[Any]] = SHIPPED
) -> Settled:
    """Levels by policy first, then what the author ignores. A try to do what may not be done is a problem itself."""
    found = list(problems)
    if settings.policy.levels:
        found = _levelled(found, issue, settings.policy.levels, by_code(rules))
    return _without_ignored(found, issue, rules) if issue.ignored_checks else Settled(problems=found)


def override(problems: Sequence[Problem], reasons: Mapping[str, str], rules: Sequence[Rule[Any]] = SHIPPED) -> Settled:
    """The problems without the errors of the named rules, where these may be overridden at all."""
    book = by_code(rules)
    allowed = {code for code in reasons if not (code in book and book[code].must)}
    gone = Counter(p.code for p in problems if p.level is Level.ERROR and p.code in allowed)
    left = [p for p in problems if not (p.level is Level.ERROR and p.code in allowed)]
    waivers = tuple(
        Waiver(code=code, kind=WaiverKind.OVERRIDDEN, reason=reasons[code], count=count) for code, count in gone.items()
    )
    return Settled(problems=left, waivers=waivers)


def _levelled(
    problems: list[Problem], issue: Issue, levels: Mapping[str, str], book: Mapping[str, Rule[Any]]
) -> list[Problem]:
    left = [problem for code, level in levels.items() for problem in _wrong_level(code, level, issue, book)]
    for problem in problems:
        wanted = levels.get(problem.code)
        if wanted is None or (problem.code in book and _is_kept(book[problem.code], wanted)):
            left.append(problem)
        elif wanted != _OFF:
            left.append(replace(problem, level=Level(wanted)))
    return left


def _wrong_level(code: str, level: str, issue: Issue, book: Mapping[str, Rule[Any]]) -> Iterable[Problem]:
    at = place_of_setting(issue, "policy", "levels", code)
    if code not in book:
        guess = nearest(code, book)
        fix = f"Did you mean `{guess}`?" if guess else "See `newsletter check --list-rules` for all of them."
        yield warning("policy-level-unknown", at, f"`policy.levels` names `{code}`, and no check has that code", fix)
    elif _is_kept(book[code], level):
        message = f"`policy.levels` would lower `{code}`, which guards what law or safety demands; it stays an error"
        yield warning("policy-level-refused", at, message, "Remove it from [policy.levels].")


def _is_kept(rule: Rule[Any], wanted: str) -> bool:
    """Whether policy asks for less than what must be."""
    return rule.must and (wanted == _OFF or _WEIGHT[Level(wanted)] < _WEIGHT[rule.level])


def _without_ignored(problems: list[Problem], issue: Issue, rules: Sequence[Rule[Any]]) -> Settled:
    reasons = {check.code: check.reason for check in issue.ignored_checks}
    gone = Counter(p.code for p in problems if p.level is not Level.ERROR and p.code in reasons)
    left = [p for p in problems if p.level is Level.ERROR or p.code not in reasons]
    stubborn = {p.code for p in left if p.code in reasons}
    at = {check.code: check.at or issue.place("checks") for check in issue.ignored_checks}
    told = [_refused(code, at[code]) for code in reasons if code in stubborn]
    told += [_idle(code, at[code], rules) for code in reasons if code not in stubborn and not gone[code]]
    waivers = tuple(
        Waiver(code=code, kind=WaiverKind.IGNORED, reason=reasons[code], count=count) for code, count in gone.items()
    )
    return Settled(problems=[*left, *told], waivers=waivers)


def _refused(code: str, at: Place) -> Problem:
    message = f"`{code}` is an error here, and errors cannot be ignored"
    return warning("ignore-refused", at, message, "Mend what it says, then remove it from `ignore`.")


def _idle(code: str, at: Place, rules: Sequence[Rule[Any]]) -> Problem:
    """An `ignore` that does nothing: a slip, or no longer needed."""
    book = by_code(rules)
    if code in book:
        message = f"`ignore` names `{code}`, and nothing of that kind was found"
        return information("ignore-unused", at, message, "Remove it from `ignore`.")
    guess = nearest(code, book)
    fix = f"Did you mean `{guess}`?" if guess else "Take the code that stands in brackets in what the check says."
    return warning("ignore-unknown", at, f"`ignore` names `{code}`, and no check has that code", fix)
