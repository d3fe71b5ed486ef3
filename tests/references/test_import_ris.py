"""RIS as publishers and programs write it, and EndNote's two formats, which are read by way of its tags."""

from __future__ import annotations

import pytest

from tests.references.imports import csls_of, records_of, sample


def entry(*lines: str, kind: str = "JOUR") -> str:
    return "\n".join(
        [f"TY  - {kind}", "TI  - A title", "AU  - Doe, Jane", "T2  - Whole", "PY  - 2012", *lines, "ER  - "]
    )


def test_an_article_of_a_publisher_is_read_whole() -> None:
    csls, problems = sample("publishers.ris")
    assert problems == []
    assert csls[0] == {
        "id": "fouilleron2012",
        "type": "article-journal",
        "title": "Return to sport after hip resurfacing: a prospective study",
        "author": [
            {"family": "Fouilleron", "given": "Nicolas"},
            {"family": "van der Berg", "given": "Jan", "suffix": "Jr."},
            {"literal": "Hip Study Group"},
        ],
        "container-title": "The Example Journal of Sports Medicine",
        "container-title-short": "Ex J Sports Med",
        "issued": {"date-parts": [[2012, 4, 16]]},
        "volume": "40",
        "issue": "4",
        "page": "889-894",
        "DOI": "10.1234/ejs.2012.889",
        "URL": "https://doi.org/10.1234/ejs.2012.889",
        "ISSN": "0123-4568",
        "abstract": "Many patients want to run again. RESULTS: 98% went back.",
        "keyword": "hip, running",
        "publisher": "Example Press",
        "language": "en",
    }


def test_tags_mean_what_they_mean_for_their_type() -> None:
    _, chapter, book, thesis, article, report = sample("publishers.ris")[0]
    assert (chapter["id"], chapter["container-title"], chapter["page"]) == (
        "obi-walking",
        "The Example Book of Hips",
        "12-34",
    )
    assert (chapter["editor"], chapter["ISBN"]) == ([{"family": "Editor", "given": "Ed"}], "978-0-00-000000-2")
    assert (book["collection-title"], book["edition"]) == ("Examples in Medicine", "2nd")
    assert "container-title" not in book
    assert (thesis["genre"], thesis["publisher"]) == ("Dissertation", "Example University")
    assert article["author"] == [{"family": "Smith", "given": "JA"}, {"literal": "World Health Organization"}]
    assert (article["number"], article["DOI"], article["PMID"], article["PMCID"]) == (
        "e1234",
        "10.1234/eo.1234",
        "90000011",
        "PMC9000011",
    )
    assert article["available-date"] == {"date-parts": [[2019, 12, 24]]}
    assert (report["number"], report["accessed"]) == ("12", {"date-parts": [[2026, 11, 2]]})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Doe, Jane", {"family": "Doe", "given": "Jane"}),
        ("Doe,Jane", {"family": "Doe", "given": "Jane"}),
        ("Doe, J. A., Jr.", {"family": "Doe", "given": "J. A.", "suffix": "Jr."}),
        ("Doe JA", {"family": "Doe", "given": "JA"}),
        ("van der Berg J.-P.", {"family": "van der Berg", "given": "J.-P."}),
        ("World Health Organization", {"literal": "World Health Organization"}),
        ("Department of Health, UK,", {"literal": "Department of Health, UK"}),
        ("NICE UK", {"literal": "NICE UK"}),
        ("Working Group on Vitamin D", {"literal": "Working Group on Vitamin D"}),
        ("WHO", {"literal": "WHO"}),
    ],
)
def test_names_are_persons_or_groups(name: str, expected: dict[str, str]) -> None:
    csls, _ = csls_of(entry().replace("Doe, Jane", name), "a.ris")
    assert csls[0]["author"] == [expected]


@pytest.mark.parametrize(
    ("lines", "field", "expected"),
    [
        (["DA  - 2012/04/16/"], "issued", {"date-parts": [[2012, 4, 16]]}),
        (["DA  - Apr 16"], "issued", {"date-parts": [[2012, 4, 16]]}),
        (["DA  - 2012/01/01/"], "issued", {"date-parts": [[2012]]}),
        (["DA  - 2015/04/16"], "issued", {"date-parts": [[2012]]}),
        (["Y2  - 2026/11/02/"], "accessed", {"date-parts": [[2026, 11, 2]]}),
        (["SP  - 12", "EP  - 19"], "page", "12-19"),
        (["SP  - 112-19"], "page", "112-119"),
        (["SP  - 112", "EP  - 112"], "page", "112"),
        (["UR  - javascript:alert(1)", "UR  - https://example.org/"], "URL", "https://example.org/"),
        (["UR  - https://doi.org/10.1234/ab"], "DOI", "10.1234/ab"),
        (["N1  - PMID: 5; doi:10.1234/ab"], "DOI", "10.1234/ab"),
        (["AN  - 77", "DB  - Medline"], "PMID", "77"),
        (["LA  - ger"], "language", "de"),
        (["LB  - my-key"], "id", "my-key"),
        (["ID  - 1234"], "id", "doe2012"),
        (["ID  - no key at all"], "id", "doe2012"),
    ],
)
def test_a_field_is_found_wherever_exports_put_it(lines: list[str], field: str, expected: object) -> None:
    csls, problems = csls_of(entry(*lines), "a.ris")
    assert csls[0][field] == expected
    assert problems == []


def test_an_unknown_type_is_told_at_its_line() -> None:
    csls, problems = csls_of(entry(kind="JUOR"), "a.ris")
    assert csls[0]["type"] == "document"
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-type", 1)]


def test_blanks_may_be_missing_in_every_tag_of_a_file() -> None:
    csls, problems = csls_of(entry().replace("  - ", " - ") + "\n", "a.ris")
    assert (csls[0]["title"], problems) == ("A title", [])


def test_a_line_that_looks_like_a_loose_tag_goes_on_with_the_text() -> None:
    csls, _ = csls_of(entry("AB  - Images were", "T2 - weighted"), "a.ris")
    assert csls[0]["abstract"] == "Images were T2 - weighted"
    assert csls[0]["container-title"] == "Whole"


def test_an_entry_without_its_end_is_read_and_told() -> None:
    records, problems = records_of(entry().replace("ER  - ", "") + entry(), "a.ris")
    assert len(records) == 2
    assert [(problem.code, problem.place.line, problem.level) for problem in problems] == [
        ("reference-ris", 1, "warning")
    ]


def test_an_entry_without_its_beginning_is_told_once_and_left_out() -> None:
    records, problems = records_of(f"{entry()}\n{entry().removeprefix('TY  - JOUR')}\n{entry()}", "a.ris")
    assert len(records) == 2
    assert [(problem.code, problem.place.line, problem.level) for problem in problems] == [
        ("reference-ris", 8, "error")
    ]


def test_an_entry_that_says_nothing_is_told_and_left_out() -> None:
    records, problems = records_of("TY  - JOUR\nPY  - 2012\nER  - \n", "a.ris")
    assert (records, [problem.code for problem in problems]) == ([], ["reference-ris"])


def test_endnote_xml_is_read_with_its_formatting_and_all_its_fields() -> None:
    csls, problems = sample("library.xml")
    assert problems == []
    assert csls[0] == {
        "id": "fouilleron2012",
        "type": "article-journal",
        "title": "Return to sport & <i>in vivo</i> wear",
        "author": [{"family": "Fouilleron", "given": "Nicolas"}, {"literal": "World Health Organization"}],
        "container-title": "The Example Journal of Sports Medicine",
        "container-title-short": "Ex J Sports Med",
        "issued": {"date-parts": [[2012, 4, 16]]},
        "volume": "40",
        "issue": "4",
        "page": "889-894",
        "DOI": "10.1234/ejs.2012.889",
        "PMID": "90000001",
        "PMCID": "PMC9000001",
        "URL": "https://example.org/a?b=1&c=2",
        "ISSN": "0123-4568",
        "abstract": "Many patients. They run.",
        "keyword": "hip, run",
        "language": "en",
    }
    assert (csls[1]["type"], csls[1]["publisher-place"]) == ("chapter", "Lille")


@pytest.mark.parametrize(
    "declared",
    ['<!ENTITY a "aaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/hostname">', '<!ENTITY % a SYSTEM "x.dtd"> %a;'],
)
def test_no_entity_of_an_xml_file_is_ever_looked_at(declared: str) -> None:
    record = "<record><titles><title>A {}</title></titles></record>"
    text = (
        f'<?xml version="1.0"?>\n<!DOCTYPE xml [{declared}]>\n<xml>\n{record.format("&a;")}\n{record.format("b")}</xml>'
    )
    records, problems = records_of(text, "a.xml")
    assert [record.csl["title"] for record in records] == ["A b"]
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-endnote", 4)]


def test_endnotes_tagged_text_is_read() -> None:
    csls, problems = sample("scholar.enw")
    assert problems == []
    assert csls[0]["container-title"] == "The Example Journal of Sports Medicine"
    assert (csls[0]["page"], csls[0]["issued"], csls[0]["id"]) == (
        "889-894",
        {"date-parts": [[2012]]},
        "fouilleron2012",
    )
