"""PubMed's own format: dates, titles, names, pages, and what PubMed says of a paper."""

from __future__ import annotations

import pytest

from tests.references.imports import csls_of, records_of, sample

FIELDS = "PMID- 1\nTI  - A title.\nFAU - Doe, Jane\nJT  - Journal of Examples\nPT  - Journal Article\nDP  - 2012\n"


def test_an_article_of_pubmed_is_read_whole() -> None:
    csls, problems = sample("pubmed.nbib")
    assert problems == []
    assert csls[0] == {
        "id": "fouilleronmuller2012",
        "type": "article-journal",
        "title": 'Return to sport after hip resurfacing: a prospective study of "high-demand" patients & their surgeons',
        "author": [
            {"family": "Fouilleron-Müller", "given": "Nicolas"},
            {"family": "van der Berg", "given": "Jan Pieter", "suffix": "3rd"},
            {"literal": "Hip Study Group"},
            {"family": "Kim", "given": "Dae-Jung"},
        ],
        "container-title": "The Example journal of sports medicine",
        "container-title-short": "Ex J Sports Med",
        "issued": {"date-parts": [[2012, 4]]},
        "available-date": {"date-parts": [[2012, 1, 27]]},
        "volume": "40",
        "issue": "4",
        "page": "889-894",
        "DOI": "10.1234/ejs.2012.889",
        "PMID": "90000001",
        "ISSN": "0123-4568",
        "language": "en",
        "abstract": "BACKGROUND: Many patients want to run again. METHODS: We asked 202 patients. RESULTS: Of these, "
        "98% (P<.001) went back to their sport.",
        "custom": {"publication-types": ["Journal Article", "Research Support, Non-U.S. Gov't"]},
    }


def test_a_retracted_paper_keeps_what_pubmed_says_of_it() -> None:
    csl = sample("pubmed.nbib")[0][1]
    assert csl["custom"] == {
        "publication-types": ["Journal Article", "Retracted Publication"],
        "notices": [
            {"kind": "retraction", "text": "Z Beisp. 2014 Jan;96(1):5. doi: 10.1234/zb.2014.5.", "PMID": "90000005"},
            {"kind": "correction", "text": "Z Beisp. 2012 Feb;94(2):77"},
            {"kind": "concern", "text": "Z Beisp. 2013 May;95(5):301.", "PMID": "90000004"},
        ],
    }


def test_a_translated_title_keeps_its_brackets_and_its_original() -> None:
    csl = sample("pubmed.nbib")[0][1]
    assert csl["title"] == "[Running with a new hip. A comparison]?"
    assert csl["original-title"] == "Laufen mit neuer Hüfte. Ein Vergleich?"
    assert (csl["language"], csl["page"]) == ("de", "S31-S42")
    assert csl["issued"] == {"date-parts": [[2011, 11], [2011, 12]]}


def test_a_chapter_and_a_paper_ahead_of_print() -> None:
    chapter, ahead = sample("pubmed.nbib")[0][2:]
    assert (chapter["type"], chapter["title"], chapter["container-title"]) == ("chapter", "Hip Pain", "Example Pearls")
    assert chapter["publisher-place"] == "Treasure Town (FL)"
    assert ahead["author"] == [{"family": "Fouilleron-Müller", "given": "N"}]
    assert ahead["available-date"] == ahead["issued"] == {"date-parts": [[2026, 10, 3]]}


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("A title.", "A title"),
        ("A title?", "A title?"),
        ("[A title].", "[A title]"),
        ("And so on...", "And so on..."),
        ("A &amp; B &lt; C", "A & B < C"),
        ("A title\n      that goes on.", "A title that goes on"),
    ],
)
def test_titles_lose_their_full_stop_only(written: str, title: str) -> None:
    csls, _ = csls_of(FIELDS.replace("A title.", written), "a.nbib")
    assert csls[0]["title"] == title


@pytest.mark.parametrize(
    "line", ["CIN - J Ex. 2013. PMID: 2", "ROF - J Ex. 2011. PMID: 3", "RPI - J Ex. 2014. PMID: 4"]
)
def test_comments_reprints_and_the_notice_of_another_paper_are_no_notices_about_this_one(line: str) -> None:
    csls, _ = csls_of(FIELDS + line, "a.nbib")
    assert csls[0]["custom"] == {"publication-types": ["Journal Article"]}


def test_an_entry_without_its_pmid_is_read_and_told() -> None:
    second = FIELDS.replace("PMID- 1\n", "").replace("A title", "Another")
    csls, problems = csls_of(f"{FIELDS}\n{second}\n{FIELDS}", "a.nbib")
    assert [csl["title"] for csl in csls] == ["A title", "Another", "A title"]
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-nbib", 8)]


def test_doubled_line_ends_part_no_entries() -> None:
    csls, problems = csls_of(FIELDS.replace("\n", "\n\n"), "a.nbib")
    assert (len(csls), problems) == (1, [])


def test_an_entry_that_the_end_of_the_file_cuts_is_told() -> None:
    whole = f"{FIELDS}SO  - J Ex. 2012.\n\n"
    records, problems = records_of(whole + FIELDS, "a.nbib")
    assert len(records) == 2
    assert [(problem.code, problem.place.line, problem.level) for problem in problems] == [
        ("reference-nbib", 9, "warning")
    ]


def test_problems_of_fields_point_at_their_lines() -> None:
    _, problems = csls_of(FIELDS + "LID - 11.1/x [doi]\n", "a.nbib")
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-doi", 7)]
