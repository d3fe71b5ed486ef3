"""Dates in words, what PubMed says beyond CSL, and the ways in which Crossref and DataCite write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.references.custom import custom_of
from newsletter.references.entry import checked
from newsletter.references.formats.date_texts import pubmed_date, ris_date
from newsletter.references.names import spaced_initials
from newsletter.references.pages import full_range
from newsletter.references.record import Record
from newsletter.references.text import imported
from tests.references.records import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD = {"id": "a", "type": "journal-article", "title": "A title", "author": [{"family": "Doe"}], "container-title": "J"}


def csl_of(**fields: Any) -> tuple[Mapping[str, Any], list[str]]:
    csl = {
        **GOOD,
        "issued": {"date-parts": [[2012]]},
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    reference, problems = checked(Record(csl=csl, at=WRITTEN))
    assert reference
    return reference.csl, [problem.code for problem in problems]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2012", [[2012]]),
        ("2012 Apr", [[2012, 4]]),
        ("2012 Apr 16", [[2012, 4, 16]]),
        ("2012 Spring", [[2012]]),
        ("2012 Spring-Summer", [[2012]]),
        ("2012 Nov-Dec", [[2012, 11], [2012, 12]]),
        ("2012-2013", [[2012], [2013]]),
        ("2012 Dec-2013 Jan", [[2012, 12], [2013, 1]]),
        ("2012 Apr 16-22", [[2012, 4, 16], [2012, 4, 22]]),
        ("2012 Dec 30-2013 Jan 6", [[2012, 12, 30], [2013, 1, 6]]),
        ("2012-13", [[2012]]),
        ("2012 1st Quart", [[2012]]),
        ("2012 Feb 31", [[2012, 2]]),
        ("20120127", [[2012, 1, 27]]),
        ("20121399", [[2012]]),
        ("2013-2012", [[2013]]),
    ],
)
def test_dates_of_pubmed(text: str, parts: list[list[int]]) -> None:
    assert pubmed_date(text) == {"date-parts": parts}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2012/04/16/", [[2012, 4, 16]]),
        ("2012/4/16", [[2012, 4, 16]]),
        ("2012/04//", [[2012, 4]]),
        ("2012///Spring", [[2012]]),
        ("2012-04-16T00:00:00", [[2012, 4, 16]]),
        ("16 April 2012", [[2012, 4, 16]]),
        ("April 16, 2012", [[2012, 4, 16]]),
        ("April 2012", [[2012, 4]]),
        ("Apr", [[2015, 4]]),
        ("c. 2012", [[2012]]),
    ],
)
def test_dates_of_ris(text: str, parts: list[list[int]]) -> None:
    assert ris_date(text, "2015") == {"date-parts": parts}


@pytest.mark.parametrize("text", ["", "in press", "n.d.", "99999", "0000"])
def test_a_text_without_a_year_is_no_date(text: str) -> None:
    assert ris_date(text) is None
    assert pubmed_date(text) is None


@pytest.mark.parametrize(
    "value",
    [None, [], "x", {}, {"notices": "x"}, {"notices": [{"kind": "rumour", "text": "x"}, {"kind": []}, 1]}, {"a": 1}],
)
def test_custom_parts_of_no_known_shape_go_without_a_word(value: object) -> None:
    assert custom_of(value) is None
    csl, problems = csl_of(custom=value)
    assert "custom" not in csl
    assert problems == []


def test_known_custom_parts_are_kept_and_cleaned() -> None:
    notice = {"kind": "retraction", "text": "J Ex.\u202e 2014 &amp; so", "PMID": "PMID: 5", "by": "x"}
    value = {
        "publication-types": ["Review", "Review", 7, None, ""],
        "notices": [notice, {"kind": "concern"}],
        "more": [1],
    }
    assert custom_of(value) == {
        "publication-types": ["Review", "7"],
        "notices": [{"kind": "retraction", "text": "J Ex. 2014 & so", "PMID": "5"}, {"kind": "concern"}],
    }


def test_dates_beside_the_issue_date_survive() -> None:
    online, printed = {"date-parts": [[2011, 12, 3]]}, {"date-parts": [[2012, 4]]}
    csl, problems = csl_of(published_online=online, published_print=printed)
    assert (csl["available-date"], csl["published-print"], problems) == (online, printed, [])
    assert csl_of(epub_date=online)[0]["available-date"] == online
    assert csl_of(available_date={"date-parts": [[2010]]}, published_online=online)[0]["available-date"] == {
        "date-parts": [[2010]]
    }
    assert "published-print" not in csl_of(published_print={"date-parts": [[2012]]})[0]
    assert csl_of(available_date="no date \x00")[1] == []
    assert csl_of(available_date={"date-parts": [[2012, 31]]})[1] == ["reference-date"]


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        ({"title": ["A title"]}, "title", "A title"),
        ({"title": ["First", "Second"]}, "title", "First"),
        ({"title": ["A title"], "subtitle": ["Of something"]}, "title", "A title: Of something"),
        ({"title": "A title: Of something", "subtitle": ["Of Something"]}, "title", "A title: Of something"),
        ({"container_title": ["J Examples", "Series"]}, "container-title", "J Examples"),
        ({"short_container_title": ["J Ex"]}, "container-title-short", "J Ex"),
        ({"ISSN": ["0123-4568", "1234-5679"]}, "ISSN", "0123-4568"),
        ({"publisher": {"name": "Example Press"}}, "publisher", "Example Press"),
        ({"event": {"name": "Example Days", "location": "Lille"}}, "event", "Example Days"),
        ({"title": "<jats:p>In</jats:p><jats:p>two</jats:p>"}, "title", "In two"),
        ({"title": "<p>Of <italic>E. coli</italic> and <scp>dna</scp></p>"}, "title", "Of <i>E. coli</i> and dna"),
        ({"abstract": "<jats:title>Aim</jats:title><jats:p>p &lt; .05</jats:p>"}, "abstract", "Aim p < .05"),
        ({"title": "p <.05 and <3 of <pre"}, "title", "p <.05 and <3 of <pre"),
        ({"issued": {"date-parts": [[2019, 0, 0]]}}, "issued", {"date-parts": [[2019]]}),
        ({"issued": {"date-parts": [["2019", "4"]]}}, "issued", {"date-parts": [[2019, 4]]}),
        ({"issued": {"date-parts": [[2019, None, 5]]}}, "issued", {"date-parts": [[2019]]}),
        (
            {"issued": {"date-parts": [[None]]}, "published": {"date-parts": [[2018]]}},
            "issued",
            {"date-parts": [[2018]]},
        ),
    ],
)
def test_crossref_and_datacite_are_read_well(fields: dict[str, Any], name: str, expected: object) -> None:
    csl, problems = csl_of(**fields)
    assert csl[name] == expected
    assert problems == []


def test_a_record_that_knows_no_date_says_so() -> None:
    assert csl_of(issued={"date-parts": [[None]]})[1] == ["reference-no-year"]


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("Dae-jung", "Dae-Jung"),
        ("Dae‐jung", "Dae-Jung"),
        ("Xiao-ming L.", "Xiao-Ming L."),
        ("J-p", "J-P"),
        ("J.-p.", "J.-P."),
        ("Jean-Pierre", "Jean-Pierre"),
        ("jean-pierre", "jean-pierre"),
        ("Anna-Lena", "Anna-Lena"),
        ("Dae jung", "Dae jung"),
    ],
)
def test_both_halves_of_a_given_name_begin_with_a_capital(given: str, printed: str) -> None:
    assert spaced_initials(given) == printed


@pytest.mark.parametrize(
    ("written", "pages"),
    [("pp. 12-5", "12-15"), ("p. 7", "7"), ("pp 3–4", "3-4"), ("p12", "p12"), ("S31-42", "S31-S42"), ("e12", "e12")],
)
def test_pages_lose_their_label(written: str, pages: str) -> None:
    assert full_range(written) == pages


def test_html_that_is_not_known_stays_for_the_renderer_to_escape() -> None:
    assert imported("<script>x</script> <pre>") == "<script>x</script> <pre>"
