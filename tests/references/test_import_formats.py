"""What holds for every format: a broken entry never costs the others, limits, and files that are not what their name says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.references.formats.choice import Format, sniff
from tests.references.imports import FILES, IMPORTS, entries_of, records_of, written
from tests.references.records import WRITTEN

#: file -> (part of an entry, what stands there instead): the entry cannot be read as it was meant
BROKEN = {
    "many.json": [
        ('"title": ', '"title" '),
        ('"type"', "type"),
        ("{", ""),
        ("]\n", "\n"),
        ("  }\n ],", " ],"),
        ('"Jane"', '"Jane'),
    ],
    "many.bib": [
        ("@article{", "@article{,"),
        ("},", ","),
        ("\n}\n", "\n"),
        ("@article", "article"),
        ("title = {", "title = {{"),
    ],
    "many.ris": [("TY  - JOUR\n", ""), ("TI  - ", "TI "), ("AU  - ", "ZZ  - ")],
    "many.nbib": [("TI  - ", "TX  - ")],
    "many.xml": [("</author>", ""), ("<title>", "<title>&nbsp;"), ("<title>", "<title>a & b"), ("</record>", "")],
    "many.enw": [("%0 Journal Article\n", "")],
}
CASES = [(name, *change) for name, changes in BROKEN.items() for change in changes]


@pytest.mark.parametrize("name", FILES)
def test_five_hundred_entries_are_five_hundred_records_in_order(name: str) -> None:
    records, problems = records_of(written(name, entries_of(name, 500)), name)
    assert problems == []
    assert [record.csl["title"] for record in records] == [f"Title {number}" for number in range(500)]
    assert len({record.csl["id"] for record in records}) == 500


@pytest.mark.parametrize(("name", "part", "instead"), CASES)
def test_one_broken_entry_of_five_hundred_costs_no_other_and_is_named_with_its_line(
    name: str, part: str, instead: str
) -> None:
    entries = entries_of(name, 500)
    before = written(name, entries[:250]).count("\n")
    assert part in entries[250]
    broken = entries[250].replace(part, instead, 1)
    records, problems = records_of(written(name, [*entries[:250], broken, *entries[251:]]), name)
    titles = {record.csl.get("title") for record in records}
    assert {f"Title {number}" for number in range(500) if number != 250} <= titles
    if name != "many.ris" or not part.startswith(("TI", "AU")):
        # without a title or without authors an entry of RIS can still be cited; checking tells what is missing
        first = min(problem.place.line for problem in problems)
        assert before <= first <= before + entries[250].count("\n") + 4


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_whatever_happens_to_one_entry_the_others_beside_its_neighbours_are_read(
    name: str, data: st.DataObject
) -> None:
    entries = entries_of(name, 9)
    start = data.draw(st.integers(0, len(entries[4])))
    end = data.draw(st.integers(start, min(start + 40, len(entries[4]))))
    # it begins no entry of its own
    put = data.draw(st.text(alphabet=' \n\t"{}[],:=-%<>/&@#\\aT\x00\u202e', max_size=6))
    entries[4] = entries[4][:start] + put + entries[4][end:]
    records, _ = records_of(written(name, entries), name)
    titles = {record.csl.get("title") for record in records}
    assert {f"Title {number}" for number in (0, 1, 2, 6, 7, 8)} <= titles


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_file_that_is_cut_off_gives_what_was_whole(name: str, data: st.DataObject) -> None:
    text = written(name, entries_of(name, 6))
    end = data.draw(st.integers(1, len(text)))
    whole = text[:end].count("Title") - 1
    records, problems = records_of(text[:end], name)
    assert [record.csl.get("title") for record in records][: max(whole, 0)] == [f"Title {n}" for n in range(whole)]
    if whole < 0:
        assert records == [] or problems == []


@pytest.mark.parametrize("suffix", [name.removeprefix("many") for name in FILES])
@settings(max_examples=25, deadline=None, derandomize=True)
@given(text=st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\n\n@{}[]<>%- TYPMIDER")))
def test_no_text_makes_a_reader_fail(suffix: str, text: str) -> None:
    for start in ("", "TY  - ", "PMID- ", "%0 ", "<xml><record>", "[{", "@article{a,"):
        records, problems = records_of(start + text, f"any{suffix}")
        assert all(record.csl.get("id") or suffix in {".json", ".bib"} for record in records)
        assert all(problem.message and problem.fix for problem in problems)


@pytest.mark.parametrize("name", FILES)
def test_more_than_ten_thousand_entries_are_refused(name: str) -> None:
    before, after = FILES[name][0]
    entry = {"many.json": "{},", "many.bib": "@book{a}", "many.ris": "TY  - A\n", "many.nbib": "PMID- 1\n"}
    many = entry.get(name, "<record>" if name == "many.xml" else "%0 A\n") * 10_001
    records, problems = records_of(before + many.rstrip(",") + after, name)
    assert records == []
    assert [(problem.code, problem.place) for problem in problems] == [("reference-file-too-large", WRITTEN)]
    assert "10,001 entries" in problems[0].message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"id": "a"}]', Format.CSL_JSON),
        (' \n{"id": "a"}', Format.CSL_JSON),
        ("[]", Format.CSL_JSON),
        ("% made by hand\n\n@Article {a,", Format.BIBTEX),
        ("Provider: X\n\nTY  - JOUR\n", Format.RIS),
        ("TY - JOUR\n", Format.RIS),
        ("\nPMID- 1\n", Format.NBIB),
        ('<?xml version="1.0"?><xml>', Format.ENDNOTE),
        ("%0 Book\n", Format.ENW),
        ("PMID- 1\nTI  - x\n\nTY  - JOUR\n", Format.NBIB),
        ("Dear all, me@example.org", None),
        ("", None),
    ],
)
def test_a_format_is_known_by_its_text(text: str, expected: Format | None) -> None:
    assert sniff(text) is expected
    assert sniff(text, "refs.txt") is expected


def test_an_empty_text_is_what_its_name_says() -> None:
    assert sniff("", "refs.RIS") is Format.RIS


@pytest.mark.parametrize("name", FILES)
def test_a_file_named_txt_is_read_as_what_it_is(name: str) -> None:
    text = written(name, entries_of(name, 2))
    records, problems = records_of(text, "refs.txt")
    assert (len(records), problems) == (2, [])


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_the_wrong_name_is_told_how_to_name_it(name: str) -> None:
    wrong = "refs.bib" if name == "many.ris" else "refs.ris"
    records, (problem,) = records_of(written(name, entries_of(name, 2)), wrong)
    assert records == []
    assert (problem.code, problem.place) == ("reference-file-type", WRITTEN)
    assert f"`refs{name.removeprefix('many')}`" in problem.fix


@pytest.mark.parametrize("name", FILES)
def test_a_text_without_entries_says_so(name: str) -> None:
    records, problems = records_of("nothing here\n", name)
    assert records == []
    assert [problem.code for problem in problems] == [
        {
            "many.json": "reference-json",
            "many.bib": "reference-bibtex",
            "many.ris": "reference-ris",
            "many.nbib": "reference-nbib",
        }.get(name, "reference-endnote")
    ]
    assert problems[0].place.line == 1


def test_a_text_that_is_none_of_them_is_no_references_file() -> None:
    records, (problem,) = records_of("Dear all", "letter.txt")
    assert (records, problem.code) == ([], "reference-file-type")


@pytest.mark.parametrize("name", sorted(path.name for path in IMPORTS.iterdir()))
def test_the_keys_of_a_file_are_the_same_each_time_it_is_read(name: str) -> None:
    text = (IMPORTS / name).read_text(encoding="utf-8")
    first, second = ([record.csl["id"] for record in records_of(text, name)[0]] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first)
