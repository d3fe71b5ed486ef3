"""Rules on words are written for one language: these know English, and say so where an issue is in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content


def english(content: Content) -> bool:
    """Whether the issue is written in English."""
    return content.issue.language.replace("_", "-").split("-")[0].casefold() == "en"


@issue_rule("prose-not-checked", Level.INFORMATION)
def other_languages_are_told(content: Content) -> Iterator[Finding]:
    """The words of this issue were not checked, since they are not English.

    Spelling, copy-editing, abbreviations, readability, claims, and what prose says about its sources are checked in English
    only. References, quotations that differ from an abstract, links and everything else are checked in every language. Let
    somebody who knows the language read it.

    Bad:

        ---
        title: Gehen nach einer Knieoperation
        preheader: Wie weit, wie oft, und wann Sie uns anrufen sollten
        language: de
        ---

        Gehen Sie jeden Tag ein wenig.

    Good:

        Walk a little every day.
    """
    if not english(content):
        at = content.issue.place("language")
        language = content.issue.language
        message = f"spelling and other rules about words know English only; this issue is in `{language}`"
        yield Finding(at=at, message=message, fix="Let somebody read it who knows the language.")


RULES = (other_languages_are_told,)
