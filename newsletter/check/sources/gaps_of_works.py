"""What the printed reference of a book, a report, a thesis or a web page lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.sources.fields import can_be_looked_up, has, kind, part, people
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

_PAGES = frozenset({"webpage", "post", "post-weblog"})


@source_rule("reference-no-publisher", Level.WARNING)
def has_a_publisher(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A book without its publisher.

    Add the publisher. Where an address or a DOI leads to the book, it is only information.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: book
            title: Walking
            author: [{family: Example, given: Ada}]
            issued: 2020
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: book
            title: Walking
            author: [{family: Example, given: Ada}]
            publisher: Example Press
            issued: 2020
        ---

        Walking early helps [@one].
    """
    del knowledge
    if kind(reference) in {"book", "chapter"} and not has(reference, "publisher"):
        level = Level.INFORMATION if can_be_looked_up(reference) or has(reference, "URL") else None
        what = "is a book without its publisher" if kind(reference) == "book" else "does not name the book's publisher"
        yield found(reference, what, "Add `publisher`.", level)


@source_rule("reference-no-institution", Level.WARNING)
def has_an_institution(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A thesis or a report that does not say whose it is.

    Add the university or the office as `publisher`. A report whose author is a group needs no other.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: thesis
            title: Walking
            author: [{family: Example, given: Ada}]
            issued: 2020
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: thesis
            title: Walking
            author: [{family: Example, given: Ada}]
            publisher: University of Example
            issued: 2020
        ---

        Walking early helps [@one].
    """
    del knowledge
    if kind(reference) not in {"thesis", "report"} or has(reference, "publisher", "authority", "archive"):
        return
    if kind(reference) == "report" and any(part(name, "literal") for name in people(reference, "author")):
        return
    whose = "university" if kind(reference) == "thesis" else "institution"
    level = Level.INFORMATION if can_be_looked_up(reference) or has(reference, "URL") else None
    yield found(reference, f"is a {kind(reference)} without its {whose}", f"Add the {whose} as `publisher`.", level)


@source_rule("reference-no-accessed", Level.INFORMATION)
def has_a_day_of_access(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A web page without the day on which it was read.

    Pages change. AMA and most other styles print when somebody looked: "Accessed November 2, 2026".

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: webpage
            title: Walking
            author: [{literal: Example Society for Joints}]
            URL: https://example.org/walking
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: webpage
            title: Walking
            author: [{literal: Example Society for Joints}]
            URL: https://example.org/walking
            accessed: 2026-11-02
        ---

        Walking early helps [@one].
    """
    del knowledge
    if (
        kind(reference) in _PAGES
        and has(reference, "URL")
        and not (has(reference, "DOI") or reference.csl.get("accessed"))
    ):
        yield found(reference, "does not say when the page was read", "Look at the page again and add `accessed`.")


RULES = (has_a_publisher, has_an_institution, has_a_day_of_access)
