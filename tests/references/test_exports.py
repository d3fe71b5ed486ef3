"""What is exported reads back to the same records, for the fields that a format can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.references.entry import checked
from newsletter.references.formats.exports import FORMATS, export
from newsletter.references.record import Record
from tests.references.imports import csls_of, sample
from tests.references.records import WRITTEN

if TYPE_CHECKING:
    from newsletter.model.reference import Reference

FILE = {"csl-json": "a.json", "bibtex": "a.bib", "ris": "a.ris"}
#: what a format has no field for
NOT_HELD = {
    "csl-json": frozenset[str](),
    "bibtex": {"available-date", "custom", "published-print", "original-title", "collection-editor", "call-number"},
    "ris": {"custom", "published-print", "version", "chapter-number", "event-title"},
}
HARD = (
    "100% {braces} \\ $5 & #1 a_b ~ ^ “q” it's ``x'' --- ?` a, b and c @article{x, <i>E. coli</i> H<sub>2</sub>O p<.05"
)
ARTICLE = {
    "id": "fouilleron2012",
    "type": "article-journal",
    "title": HARD,
    "author": [
        {"family": "Fouilleron", "given": "Nicolas"},
        {"family": "Le Duff", "given": "M. J."},
        {"family": "van Beethoven", "given": "L."},
        {"family": "O'Brien", "given": "Tim", "suffix": "Jr."},
        {"literal": "World Health Organization"},
        {"literal": "Department of Health, UK"},
        {"literal": "Doe and Sons"},
        {"family": "Gödel", "given": "Dae-jung"},
    ],
    "container-title": "Knee & Hip",
    "container-title-short": "Knee Hip",
    "issued": {"date-parts": [[2012, 4, 16]]},
    "available-date": {"date-parts": [[2012, 1, 27]]},
    "published-print": {"date-parts": [[2012, 5]]},
    "volume": "40",
    "issue": "4",
    "page": "889-894",
    "number": "e12",
    "DOI": "10.1234/a_b(c)%d<e>",
    "PMID": "90000001",
    "PMCID": "PMC9000001",
    "URL": "https://example.org/a_b%20c~d?x=1&y=2#z",
    "ISSN": "0123-4568",
    "abstract": HARD,
    "keyword": "hip, running",
    "language": "en",
    "note": "A note",
    "custom": {"publication-types": ["Review"], "notices": [{"kind": "concern", "text": "J Ex", "PMID": "5"}]},
}
ENTRIES: list[dict[str, Any]] = [
    ARTICLE,
    {
        "id": "obi2001",
        "type": "book",
        "title": "A book on MRI",
        "author": [{"family": "Obi", "given": "C."}],
        "editor": [{"family": "Editor", "given": "Ed"}],
        "issued": {"date-parts": [[2001]]},
        "publisher": "Example Press",
        "publisher-place": "Lille",
        "edition": "2",
        "ISBN": "9780000000002",
        "collection-title": "Examples",
    },
    {
        "id": "chap",
        "type": "chapter",
        "title": "A chapter",
        "author": [{"family": "Obi", "given": "C."}],
        "editor": [{"family": "Editor", "given": "Ed"}],
        "container-title": "A book",
        "issued": {"date-parts": [[2001, 5]]},
        "page": "S1, S5-S9",
    },
    {
        "id": "thesis",
        "type": "thesis",
        "title": "A thesis",
        "author": [{"family": "Obi", "given": "C."}],
        "genre": "Dissertation",
        "publisher": "Example University",
        "issued": {"date-parts": [[2015]]},
    },
    {
        "id": "page",
        "type": "webpage",
        "title": "A page",
        "author": [{"literal": "WHO"}],
        "URL": "https://example.org/",
        "accessed": {"date-parts": [[2026, 11, 2]]},
    },
    {
        "id": "report",
        "type": "report",
        "title": "A report",
        "author": [{"literal": "WHO"}],
        "number": "12",
        "publisher": "WHO",
        "issued": {"literal": "in press"},
    },
    {"id": "empty", "type": "document", "title": "Only a title"},
]


def references(*csls: dict[str, Any]) -> list[Reference]:
    return [reference for csl in csls if (reference := checked(Record(csl=csl, at=WRITTEN))[0])]


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("csl", ENTRIES, ids=lambda csl: csl["id"])
def test_what_is_exported_reads_back_the_same(format_: str, csl: dict[str, Any]) -> None:
    (reference,) = references(csl)
    (read,), problems = csls_of(export([reference], format_), FILE[format_])
    assert [problem for problem in problems if problem.code not in {"reference-no-year"}] == []
    assert {name: value for name, value in read.items() if name != "type" or csl["id"] != "empty"} == {
        name: value
        for name, value in reference.csl.items()
        if name not in NOT_HELD[format_] and (name != "type" or csl["id"] != "empty")
    }


@pytest.mark.parametrize("format_", FORMATS)
def test_many_references_stay_as_many_in_their_order(format_: str) -> None:
    read, _ = csls_of(export(references(*ENTRIES), format_), FILE[format_])
    assert [csl["id"] for csl in read] == [csl["id"] for csl in ENTRIES]


@pytest.mark.parametrize("name", ["pubmed.nbib", "publishers.ris", "library.xml", "scholar.enw"])
def test_csl_json_keeps_everything_that_was_imported(name: str) -> None:
    csls, _ = sample(name)
    text = export(references(*(dict(csl) for csl in csls)), "csl-json")
    assert csls_of(text, "a.json")[0] == csls


def test_csl_json_has_one_order_and_ends_its_last_line() -> None:
    (reference,) = references(ARTICLE)
    (mixed,) = references(dict(reversed(ARTICLE.items())))
    text = export([reference], "csl-json")
    assert text == export([mixed], "csl-json")
    assert text.startswith('[\n {\n  "id": "fouilleron2012",\n  "type": "article-journal",\n  "title": ')
    assert text.endswith("]\n")
    assert "Gödel" in text
    assert export([], "csl-json") == "[]\n"


def test_bibtex_is_what_bibtex_expects() -> None:
    text = export(references(ARTICLE), "bibtex")
    assert text.startswith("@article{fouilleron2012,\n")
    assert "  month = apr,\n" in text
    assert "{World Health Organization} and {Department of Health, UK} and {Doe and Sons}" in text
    assert "{van Beethoven}, L. and O'Brien, Jr., Tim" in text
    assert "  pages = {889--894},\n" in text
    assert r"100\% \textbraceleft{}braces\textbraceright{} \textbackslash{} \$5 \& \#1 a\_b" in text
    assert text.count("{") == text.count("}")


def test_a_particle_stands_before_the_family_name() -> None:
    named = {**ENTRIES[-1], "author": [{"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"}]}
    assert "author = {van der Berg, Jan}" in export(references(named), "bibtex")
    assert "AU  - van der Berg, Jan\n" in export(references(named), "ris")


def test_keys_that_bibtex_does_not_allow_stay_apart() -> None:
    text = export(references({**ENTRIES[-1], "id": "a b"}, {**ENTRIES[-1], "id": "a{b"}), "bibtex")
    assert text.count("@misc{a_b,") == 1
    assert text.count("@misc{a_b_,") == 1


_TEXT = st.text(alphabet="abC 9\\{}%&$#_^~`'\"-–<>/@,=?!é“", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(title=_TEXT, note=_TEXT, group=_TEXT)
def test_no_text_is_lost_on_its_way_through_bibtex(title: str, note: str, group: str) -> None:
    (reference,) = references(
        {"id": "k", "type": "report", "title": title, "note": note, "author": [{"literal": group}]}
    )
    (read,), _ = csls_of(export([reference], "bibtex"), "a.bib")
    assert {name: read.get(name) for name in ("title", "note", "author")} == {
        name: reference.csl.get(name) for name in ("title", "note", "author")
    }
