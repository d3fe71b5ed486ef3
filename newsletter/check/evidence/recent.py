"""A rule about "recent" papers that are old."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from newsletter.check.evidence.cited import cited_sentences
from newsletter.check.evidence.dates import appeared, moments
from newsletter.check.evidence.recent_words import Strength, recent_words
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.evidence.recent_words import Recent
    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference


@issue_rule("citation-not-recent", Level.WARNING)
def recent_papers_are_recent(content: Content) -> Iterator[Finding]:
    """A paper that the text calls recent, though it is older than five years.

    Readers take "a recent study" for the state of knowledge. Name the year instead, or look for a newer paper. Whether a paper is
    recent counts from the date of the issue; `recent_years` in the section `[references]` of newsletter.toml says how many years.
    "New" and "latest" are only mentioned, since they may mean the subject.

    Bad:

        ---
        title: Walking after a knee operation
        date: 2026-12-01
        references: refs.json
        ---

        A recent study found that walking early helps [@ok2020].

    Good:

        ---
        title: Walking after a knee operation
        date: 2026-12-01
        references: refs.json
        ---

        A 2020 study found that walking early helps [@ok2020].
    """
    today = content.knowledge.today
    if today == date.max:
        return
    years = content.settings.references.recent_years
    for cited in cited_sentences(content):
        if not all(moments(reference) for reference in cited.references):
            continue
        for recent in recent_words(cited.words):
            if _is_too_old(cited.references, recent, today, years):
                yield Finding(
                    at=cited.place(recent.at),
                    message=f'the text says "{recent.words}", but {appeared(cited.references)}',
                    fix="Say when it appeared, or cite a newer paper.",
                    level=Level.INFORMATION if recent.strength is Strength.VAGUE else None,
                )


def _is_too_old(references: Sequence[Reference], recent: Recent, today: date, years: int) -> bool:
    newest = max(moment for reference in references for moment in moments(reference))
    if recent.strength is Strength.THIS_YEAR:
        return newest.year < today.year
    if recent.strength is Strength.LAST_YEAR:
        return newest.year < today.year - 1
    last = newest.last_day
    return (last.year + years, last.month, last.day) < (today.year, today.month, today.day)


RULES = (recent_papers_are_recent,)
