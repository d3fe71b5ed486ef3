"""Issue, Rendered -> Problems: one file per family, each a list of small rules (docs/adding-a-check.md).

Reading and rendering report what they cannot do; here stands what they can do but a reader should not get.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from newsletter.check.book import SHIPPED
from newsletter.check.each_variant import each_once
from newsletter.check.knowledge import NOTHING_KNOWN, Knowledge
from newsletter.check.mail import Mail
from newsletter.check.rulebook import Content, Judged, Online, Scope
from newsletter.check.rules import run
from newsletter.check.settling import Settled, settle
from newsletter.model.variants import Variant, form_for, variants_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.check.rulebook import Rule
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.model.spam_verdict import SpamVerdict
    from newsletter.model.visit import Visit
    from newsletter.settings import Settings

__all__ = [
    "NOTHING_KNOWN",
    "SHIPPED",
    "Knowledge",
    "Mail",
    "Settled",
    "check_issue",
    "check_links",
    "check_mail",
    "check_verdict",
    "each_once",
    "settle",
]

_Rules: TypeAlias = "Sequence[Rule[Any]]"


def check_issue(
    issue: Issue,
    references: Sequence[Reference],
    settings: Settings,
    source: str = "",
    rules: _Rules = SHIPPED,
    knowledge: Knowledge = NOTHING_KNOWN,
) -> list[Problem]:
    """What is wrong with the content, before anything is rendered: with the whole of it, and with each variant.

    `references` are the cited ones; `source` is the text of the file, for rules that look at what its author typed.
    """
    at = issue.place("title")
    content = Content(
        issue=issue,
        whole=issue,
        references=tuple(references),
        settings=settings,
        source=source,
        knowledge=knowledge,
    )
    forms = variants_of(issue.body, settings.can_share_a_reader) or (Variant(),)
    found = each_once((one.name, run(_of(rules, Scope.FORM), at, _as_form(content, one))) for one in forms)
    return [*run(_of(rules, Scope.ISSUE), at, content), *found]


def check_mail(mail: Mail, rules: _Rules = SHIPPED) -> list[Problem]:
    """What is wrong with the bytes that readers would get."""
    return run(_of(rules, Scope.MAIL), mail.issue.place("title"), mail)


def check_links(
    issue: Issue, mails: Sequence[Mail], visits: Mapping[str, Visit], rules: _Rules = SHIPPED
) -> list[Problem]:
    """What is wrong with the pages that the mails link to; `visits` says what each address answered."""
    return run(_of(rules, Scope.ONLINE), issue.place("title"), Online(mails=tuple(mails), visits=visits))


def check_verdict(issue: Issue, verdict: SpamVerdict, rules: _Rules = SHIPPED) -> list[Problem]:
    """What a spam filter would say to readers' servers."""
    return run(_of(rules, Scope.SPAM), issue.place("title"), Judged(issue=issue, verdict=verdict))


def _of(rules: _Rules, scope: Scope) -> list[Rule[Any]]:
    return [rule for rule in rules if rule.scope is scope]


def _as_form(content: Content, variant: Variant) -> Content:
    issue = replace(content.issue, body=form_for(content.issue.body, variant.readers[0]))
    return replace(content, issue=issue)
