"""Articles that were imported before they were in print: nobody went back for the volume and the pages."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from newsletter.check.sources.fields import has, is_forthcoming, kind, span, text
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

#: days in which nearly every article gets its volume
_YEAR = 365
_AHEAD = re.compile(r"\b(?:ahead of print|aheadofprint|advance online|online first|early view)\b", re.IGNORECASE)


def is_ahead(reference: Reference, knowledge: Knowledge) -> bool:
    """An article without volume and issue that is online, or so new that it is likely to be online only."""
    if kind(reference) != "article-journal" or has(reference, "volume", "issue") or is_forthcoming(reference):
        return False
    said = span(reference, "available-date") or _AHEAD.search(text(reference, "status")[:200])
    return bool(said) or _is_new(_published(reference), knowledge.today)


def _published(reference: Reference) -> date | None:
    days = span(reference, "available-date") or span(reference, "issued")
    return days[1] if days else None


def _is_new(published: date | None, today: date) -> bool:
    return published is not None and (today - published).days < _YEAR


@source_rule("reference-ahead-of-print", Level.WARNING)
def has_come_to_print(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """An article from before it was in print.

    It was taken over while it was only online, so it has no volume and no pages. After a year it has both: look it up
    again and complete the reference. In the first year it is only told, so that somebody looks again before the next
    letter that cites it.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            available-date: 2020-03-14
            DOI: 10.1234/one
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            available-date: 2020-03-14
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    if not is_ahead(reference, knowledge):
        return
    published = _published(reference)
    if published is None or knowledge.today == date.max or _is_new(published, knowledge.today):
        fix = "Look it up again before you cite it the next time: by then it may have a volume and pages."
        yield found(reference, "has no volume yet: it seems to be ahead of print", fix, Level.INFORMATION)
        return
    fix = "Look it up and add volume, issue and pages; they are there by now."
    yield found(reference, f"has no volume, although it came out in {published.year}: it was ahead of print then", fix)


RULES = (has_come_to_print,)
