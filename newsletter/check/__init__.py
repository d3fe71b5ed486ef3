"""Issue, Rendered -> Problems: one file per family, each a list of small rules. docs/checks.md lists the codes and shows how to add a rule.

Reading and rendering report what they cannot do; here stands what they can do but a reader should not get.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check import body, inbox, leftovers, output, pictures, sender, shown, variants
from newsletter.check.each_variant import each_once
from newsletter.check.ignoring import apply_ignores
from newsletter.check.mail import Mail
from newsletter.check.rules import run
from newsletter.model.variants import Variant, form_for, variants_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.model.rendered import ImageFile, Origins, Rendered
    from newsletter.settings import Settings

__all__ = ["apply_ignores", "check_issue", "check_rendered", "each_once"]

_ISSUE_RULES = (*inbox.RULES, *body.RULES, *leftovers.RULES, *sender.RULES, *variants.RULES, *pictures.ISSUE_RULES)
_MAIL_RULES = (*output.RULES, *shown.RULES, *pictures.MAIL_RULES)


def check_issue(issue: Issue, references: Sequence[Reference], settings: Settings) -> list[Problem]:
    """What is wrong with the content, before anything is rendered: with the whole of it, and with each variant."""
    at = issue.place("title")
    variants = variants_of(issue.body, settings.can_share_a_reader) or (Variant(),)
    forms = ((one.name, replace(issue, body=form_for(issue.body, one.readers[0]))) for one in variants)
    found = each_once((name, run(body.FORM_RULES, at, form, references, settings)) for name, form in forms)
    return [*run(_ISSUE_RULES, at, issue, references, settings), *found]


def check_rendered(
    issue: Issue,
    rendered: Rendered,
    origins: Origins,
    disclaimers: Sequence[Disclaimer],
    settings: Settings,
    references: Sequence[Reference] = (),
    images: Sequence[ImageFile] = (),
) -> list[Problem]:
    """What is wrong with the bytes that readers would get. `disclaimers` are those that policy requires.

    `references` are the cited ones: braces in their titles are no leftovers of a template. `images` are
    the files that the mail shows.
    """
    mail = Mail(
        issue=issue,
        rendered=rendered,
        origins=origins,
        disclaimers=tuple(disclaimers),
        settings=settings,
        references=tuple(references),
        images=tuple(images),
    )
    return run(_MAIL_RULES, issue.place("title"), mail)
