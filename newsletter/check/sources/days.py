"""Dates and pages that cannot be: a year to come, dates that contradict each other, pages that run backwards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.sources.fields import kind, span, text
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

_YEAR = 365
#: journals put older volumes online long after they were printed
_ONLINE_SINCE = 2012
#: longest way of an article from being online to its issue
_LONGEST_WAY = 3 * _YEAR
#: DOIs with the year in which the publisher took the article on, which comes before it is issued
_DOI_YEAR = re.compile(r"10\.1016/j\.[a-z]{2,12}\.((?:19|20)\d\d)\.\d|10\.1302/.{1,40}\bBJJ-(20\d\d)-", re.IGNORECASE)
_RANGE = re.compile(r"([A-Za-z]{0,4})(\d{2,12})-([A-Za-z]{0,4})(\d{2,12})")


@source_rule("reference-date-future", Level.WARNING)
def nothing_is_issued_in_years_to_come(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A source that is issued more than a year from now.

    Most likely a slip of typing in the year. Look at the source and correct it.

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
            issued: 2062
            volume: 7
            page: 12-19
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
            issued: 2026
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    for name in ("issued", "available-date"):
        days = span(reference, name)
        if days and days[0].toordinal() > knowledge.today.toordinal() + _YEAR:
            yield found(reference, f"has `{name}` in {days[0].year}, which is still to come", f"Correct `{name}`.")


@source_rule("reference-dates-differ", Level.WARNING)
def dates_agree(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """Dates of one source that contradict each other.

    Years lie between the day it went online and the day it was issued, somebody read it before it was there, or its
    DOI names a later year than its date. Look at the source and correct the one that is wrong.

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
            issued: 2014
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            available-date: 2019-11-04
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
            issued: 2019
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            available-date: 2019-11-04
        ---

        Walking early helps [@one].
    """
    del knowledge
    issued = span(reference, "issued")
    if issued and (what := _contradiction(reference, issued)):
        yield found(reference, what, "Look at the source and correct the date that is wrong.")


def _contradiction(reference: Reference, issued: tuple[date, date]) -> str:
    online, accessed = span(reference, "available-date"), span(reference, "accessed")
    if online and issued[0].year >= _ONLINE_SINCE and (online[0] - issued[1]).days > 2 * _YEAR:
        return f"is issued in {issued[0].year}, but went online in {online[0].year}"
    if online and (issued[0] - online[1]).days > _LONGEST_WAY:
        return f"is issued in {issued[0].year}, but was online in {online[0].year}"
    if accessed and (issued[0] - accessed[1]).days > _YEAR:
        return f"is issued in {issued[0].year}, but was read in {accessed[0].year}"
    match = _DOI_YEAR.match(text(reference, "DOI"))
    year = int(match[1] or match[2]) if match else 0
    return f"is issued in {issued[1].year}, but its DOI was given in {year}" if year > issued[1].year + 1 else ""


@source_rule("reference-pages-backwards", Level.WARNING)
def pages_run_forwards(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """Pages that end before they begin.

    Two digits have changed places, or one is missing.

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
            page: 894-889
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
            volume: 7
            page: 889-894
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    if kind(reference) not in {"article-journal", "chapter", "paper-conference"}:
        return
    for piece in text(reference, "page")[:200].split(","):
        pages = _RANGE.fullmatch(piece.strip())
        if pages and pages[3] in {"", pages[1]} and int(pages[4]) < int(pages[2]):
            yield found(reference, f"has pages that run backwards: {piece.strip()}", "Correct `page`, such as 889-894.")


RULES = (nothing_is_issued_in_years_to_come, dates_agree, pages_run_forwards)
