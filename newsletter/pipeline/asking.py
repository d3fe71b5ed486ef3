"""What checks learn from outside the files: whether links can be reached, what a spam filter says of the mail."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.check import Mail
    from newsletter.check.outside import Outside
    from newsletter.check.rulebook import Rule
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem


def ask(
    outside: Outside, issue: Issue, mails: Sequence[Mail], rules: Sequence[Rule[Any]], now: datetime
) -> list[Problem]:
    """Problems that the answers show. The spam filter gets the mail for readers in no segment, with nobody's fields."""
    from newsletter.check import check_links, check_verdict
    from newsletter.pipeline.specimen import specimen

    problems: list[Problem] = []
    if outside.links:
        from newsletter.check.links.reachable import addresses

        problems += check_links(issue, mails, outside.links.look(addresses(mails)), rules)
    if outside.spam:
        # the same mail all day, so that a verdict can be remembered
        day = datetime.combine(issue.date or now.date(), time(), UTC)
        verdict = outside.spam.judge(specimen(mails[0].rendered, mails[0].images, mails[0].settings, day))
        problems += check_verdict(issue, verdict, rules) if verdict else []
    return problems
