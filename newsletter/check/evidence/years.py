"""Rules about years and months: what the text says of a publication, and what its reference says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.evidence.author_names import families
from newsletter.check.evidence.cited import cited_sentences
from newsletter.check.evidence.cited_tables import Column
from newsletter.check.evidence.dates import MONTHS, accepted_years, appeared, moments
from newsletter.check.evidence.year_words import date_alone, dates_of_publication
from newsletter.check.remembered import remembered
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.evidence.cited import Cited
    from newsletter.check.evidence.year_words import Dated
    from newsletter.check.rulebook import Content
    from newsletter.model.reference import Reference

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: characters of "September 30, 2012"
_LONGEST_DATE = 18
_ONLINE_FIRST = "A paper that was online before it was printed may have both dates: `available-date` and `issued`."


@issue_rule("citation-year-differs", Level.WARNING)
def years_are_those_of_the_references(content: Content) -> Iterator[Finding]:
    """A year in the text that is not the year of the paper that is cited.

    "A 2013 study" beside a reference of 2012 makes readers doubt the rest. One of the two is wrong, or another paper is meant.
    Only years of publication are looked at ("a 2012 study", "published in 2012"), not those in which people were treated. Where
    the year may be that of the work ("back in 2012, a team compared"), it is only mentioned.

    Bad:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A 2019 study found that walking early helps [@ok2020].

    Good:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A 2020 study found that walking early helps [@ok2020].
    """
    for cited, dated in _dates(content):
        if not any(_has_year(reference, dated.moment.year) for reference in cited.references):
            yield Finding(
                at=cited.place(dated.at),
                message=f"the text says {dated.moment}, but {appeared(cited.references)}",
                fix=f"Correct the text, the reference or the citation. {_ONLINE_FIRST}",
                level=None if dated.sure else Level.INFORMATION,
            )


@issue_rule("citation-month-differs", Level.WARNING)
def months_are_those_of_the_references(content: Content) -> Iterator[Finding]:
    """A month in the text that is not the month of the paper that is cited, though the year is right.

    Look at the paper's own page. Papers often appear online some months before they are printed; then give the reference both
    dates, `available-date` and `issued`, and either may stand in the text.

    Bad:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A study published in May 2020 found that walking early helps [@ok2020].

    Good:

        ---
        title: Walking after a knee operation
        references: refs.json
        ---

        A study published in March 2020 found that walking early helps [@ok2020].
    """
    for cited, dated in _dates(content):
        year, month = dated.moment.year, dated.moment.month
        of_that_year = [reference for reference in cited.references if _has_year(reference, year)]
        if month and of_that_year and not any(_may_have_month(one, year, month) for one in of_that_year):
            yield Finding(
                at=cited.place(dated.at),
                message=f"the text says {MONTHS[month - 1]} {year}, but {appeared(of_that_year)}",
                fix=f"Correct the month. {_ONLINE_FIRST}",
                level=None if dated.sure else Level.INFORMATION,
            )


@remembered
def _dates(content: Content) -> tuple[tuple[Cited, Dated], ...]:
    """Dates of publication in the text, where every reference beside them has a date too."""
    return tuple(_find_dates(content))


def _find_dates(content: Content) -> Iterator[tuple[Cited, Dated]]:
    for cited in cited_sentences(content):
        if all(moments(reference) for reference in cited.references):
            right = _years_that_fit(cited)
            for dated in _dates_in(cited):
                if dated.sure or all(dated.at <= at < dated.at + _LONGEST_DATE for at in right):
                    yield cited, dated


def _dates_in(cited: Cited) -> Iterator[Dated]:
    if cited.column is Column.YEAR:
        yield from date_alone(cited.words)
    else:
        yield from dates_of_publication(cited.words, cited.marks, families(cited.references))


def _years_that_fit(cited: Cited) -> tuple[int, ...]:
    """Where the first and the last year of publication stand: "in 2010, a team asked runners; the paper came out in 2012".

    With one of them elsewhere in the sentence, another year is hardly meant as that of publication.
    """
    fits = [
        year.start()
        for year in _YEAR.finditer(cited.words)
        if any(_has_year(reference, int(year[0])) for reference in cited.references)
    ]
    return (fits[0], fits[-1]) if fits else ()


def _has_year(reference: Reference, year: int) -> bool:
    return any(moment.year == year for moment in moments(reference)) or year in accepted_years(reference)


def _may_have_month(reference: Reference, year: int, month: int) -> bool:
    of_that_year = [moment.month for moment in moments(reference) if moment.year == year]
    return not of_that_year or 0 in of_that_year or month in of_that_year


RULES = (years_are_those_of_the_references, months_are_those_of_the_references)
