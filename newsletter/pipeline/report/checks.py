"""The state of each check that a medical reviewer relies on: what it looks for, and whether it found something."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from newsletter.check import claims, evidence, sources
from newsletter.check.page_of_rule import page_of
from newsletter.pipeline.report.facts import Check, CheckGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.rulebook import Rule
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Settings

_GROUPS = (
    ("What the letter says and what its sources say", evidence),
    ("The references themselves", sources),
    ("Claims", claims),
)
_OFF = "off"


def codes_for_reviewers() -> frozenset[str]:
    return frozenset(rule.code for _, folder in _GROUPS for rule in folder.RULES)


def groups_of_checks(prepared: Prepared, settings: Settings, *, has_claim_rules: bool) -> Iterator[CheckGroup]:
    """Each code once, in the order in which the rules run."""
    found = Counter(problem.code for problem in prepared.problems)
    waived = Counter({waiver.code: waiver.count for waiver in prepared.waivers})
    for title, folder in _GROUPS:
        if folder is not claims or has_claim_rules:
            yield CheckGroup(title=title, checks=tuple(_checks(folder.RULES, found, waived, settings)))


def _checks(
    rules: Iterable[Rule[Any]], found: Counter[str], waived: Counter[str], settings: Settings
) -> Iterator[Check]:
    for code, rule in {rule.code: rule for rule in rules}.items():
        yield Check(
            code=code,
            looks_for=page_of(rule).title,
            found=found[code],
            let_stand=waived[code],
            is_off=not rule.must and settings.policy.levels.get(code) == _OFF,
        )
