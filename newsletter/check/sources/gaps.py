"""What the printed reference of an article lacks. Title, year, authors, journal and address are told while it is read.

A gap is a warning where a reader could not find the source, and information where a DOI or PubMed number leads there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.sources.ahead import is_ahead
from newsletter.check.sources.fields import can_be_looked_up, has, is_forthcoming, kind, span
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

#: since then nearly every journal gives its articles a DOI
_DOIS_SINCE = 2000


def _is_in_print(reference: Reference, knowledge: Knowledge) -> bool:
    """An article that should have its volume and pages."""
    out = not is_forthcoming(reference) and not is_ahead(reference, knowledge)
    return kind(reference) == "article-journal" and out


def _weight(reference: Reference) -> Level | None:
    return Level.INFORMATION if can_be_looked_up(reference) else None


@source_rule("reference-no-volume", Level.WARNING)
def has_a_volume(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A journal article without volume and issue.

    In a library, or in a printed letter, the volume is what leads to the article. With a DOI or a PubMed number it is
    only information.

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
            page: 12-19
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
            volume: 7
            page: 12-19
        ---

        Walking early helps [@one].
    """
    if _is_in_print(reference, knowledge) and not has(reference, "volume", "issue"):
        yield found(reference, "has no volume", "Add `volume`, and `issue` where there is one.", _weight(reference))


@source_rule("reference-no-pages", Level.WARNING)
def has_pages(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A journal article or a chapter without pages.

    Add its pages, or its article number where the journal has no pages. With a DOI or a PubMed number it is only
    information.

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
            volume: 7
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
            volume: 7
            number: e104
        ---

        Walking early helps [@one].
    """
    if has(reference, "page", "number"):
        return
    if _is_in_print(reference, knowledge):
        fix = "Add `page`, or the article number as `number`."
        yield found(reference, "has neither pages nor an article number", fix, _weight(reference))
    elif kind(reference) == "chapter" and not (can_be_looked_up(reference) or has(reference, "URL", "chapter-number")):
        fix = "Add `page`: where the chapter stands in the book."
        yield found(reference, "is a chapter without pages", fix, Level.INFORMATION)


@source_rule("reference-no-doi", Level.INFORMATION)
def can_be_followed(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A newer journal article without DOI and PubMed number.

    Readers could click on it, and the checks for retractions could know it. Nearly every article since 2000 has one
    or the other: search for its title in PubMed or at Crossref.

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
            volume: 7
            page: 12-19
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
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    issued = span(reference, "issued")
    if kind(reference) != "article-journal" or not issued or issued[0].year < _DOIS_SINCE:
        return
    # one that is written, but broken, has been told
    written = reference.places.keys() & {"DOI", "PMID", "PMCID", "URL"}
    if not (written or can_be_looked_up(reference) or has(reference, "URL")):
        yield found(
            reference, "has neither a DOI nor a PubMed number", "Add `DOI` or `PMID`, so that readers can open it."
        )


RULES = (has_a_volume, has_pages, can_be_followed)
