from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.references import format_entries
from newsletter.references.formats.bibtex import read_bibtex
from newsletter.references.formats.exports import export

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.references.records import Loaded

BOOK = "@book{a,\n title = {A},\n author = {Doe, Jane},\n year = 2012\n}\n"

ARTICLE = r"""
@string{ajsm = {Am J Sports Med}}

@Article{fouilleron2012,
  Author  = {Nicolas Fouilleron and van der Berg, Jan and {World Health Organization} and G{\"o}del, Kurt and O'Brien, Jr., Tim},
  title   = {The {DNA} of {\"O}sterreich: 50% of $\alpha$ \& \emph{E. coli}, H$_2$O and 10$^{th}$},
  journal = ajsm,
  year    = 2012,
  month   = apr,
  volume  = {40},
  number  = 4,
  pages   = {889--94},
  doi     = {https://doi.org/10.1177/0363\_5465},
  url     = {https://example.org/a_b%20c~d},
  pmid    = {123}
}
"""


def csl(text: str) -> Mapping[str, Any]:
    records, problems = read_bibtex(text, "a.bib")
    assert problems == []
    assert len(records) == 1
    return records[0].csl


def test_an_article_is_read_whole(load_text: Callable[[str, str], Loaded]) -> None:
    references, problems = load_text(ARTICLE, "refs.bib")
    assert problems == []
    reference = references["fouilleron2012"]
    assert reference.at.line == 4
    assert reference.csl == {
        "id": "fouilleron2012",
        "type": "article-journal",
        "title": "The DNA of Österreich: 50% of α & <i>E. coli</i>, H<sub>2</sub>O and 10<sup>th</sup>",
        "container-title": "Am J Sports Med",
        "issued": {"date-parts": [[2012, 4]]},
        "volume": "40",
        "issue": "4",
        "page": "889-894",
        "DOI": "10.1177/0363_5465",
        "URL": "https://example.org/a_b%20c~d",
        "PMID": "123",
        "author": [
            {"family": "Fouilleron", "given": "Nicolas"},
            {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
            {"literal": "World Health Organization"},
            {"family": "Gödel", "given": "Kurt"},
            {"family": "O'Brien", "given": "Tim", "suffix": "Jr."},
        ],
    }


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("book", "book"),
        ("incollection", "chapter"),
        ("inbook", "chapter"),
        ("inproceedings", "paper-conference"),
        ("PhdThesis", "thesis"),
        ("mastersthesis", "thesis"),
        ("techreport", "report"),
        ("misc", "document"),
        ("online", "webpage"),
    ],
)
def test_types_become_those_of_csl(written: str, kind: str) -> None:
    assert csl(f"@{written}{{a, title={{A}}}}")["type"] == kind


def test_a_misc_entry_with_an_address_is_a_web_page() -> None:
    assert csl("@misc{a, title={A}, url={https://example.org}}")["type"] == "webpage"
    page = csl(r"@misc{a, title={A}, howpublished={\url{https://example.org/a_b}}}")
    assert (page["type"], page["URL"]) == ("webpage", "https://example.org/a_b")
    assert csl("@misc{a, title={A}, url={https://example.org}, doi={10.1000/1}}")["type"] == "document"


def test_fields_of_books_reports_and_theses_find_their_place() -> None:
    book = csl(
        "@book{a, title={A}, subtitle={B}, editor={Doe, J}, publisher={P}, address={Oslo}, edition={2}, isbn={1}, note={n}}"
    )
    assert (book["title"], book["publisher"], book["publisher-place"], book["ISBN"]) == ("A: B", "P", "Oslo", "1")
    assert book["editor"] == [{"family": "Doe", "given": "J"}]
    report = csl("@techreport{a, title={A}, institution={I}, number={7}, issn={2}}")
    assert (report["publisher"], report["number"], "issue" in report) == ("I", "7", False)
    assert csl("@phdthesis{a, title={A}, school={S}}")["genre"] == "Dissertation"
    assert csl("@phdthesis{a, title={A}, type={Habilitation}}")["genre"] == "Habilitation"
    assert csl("@incollection{a, title={A}, booktitle={B}}")["container-title"] == "B"


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        ("year={2012}", {"date-parts": [[2012]]}),
        ("year=2012, month={April}", {"date-parts": [[2012, 4]]}),
        ("year=2012, month=4, day=16", {"date-parts": [[2012, 4, "16"]]}),
        ("year=2012, month={Spring}, day=16", {"date-parts": [[2012]]}),
        ("year={in press}", "in press"),
        ("date={2012-04-16}, year=1999", "2012-04-16"),
    ],
)
def test_dates_are_put_together(fields: str, issued: object) -> None:
    assert csl(f"@article{{a, title={{A}}, {fields}}}")["issued"] == issued


def test_urldate_is_when_the_page_was_read(load_text: Callable[[str, str], Loaded]) -> None:
    text = "@online{a, title={A}, url={https://example.org}, urldate={2026-11-02}}"
    references, problems = load_text(text, "refs.bib")
    assert problems == []
    (entry,) = format_entries(list(references.values()), "american-medical-association", "en")
    assert entry.text == "A. Accessed November 2, 2026."


def test_a_broken_entry_does_not_cost_the_others(load_text: Callable[[str, str], Loaded]) -> None:
    text = "@book{a, title={A}, author={Doe, J}, year=2001}\n\n@book{bad,\n title={B,\n@book{c, title={C}, author={Doe, J}, year=2001}\n"
    references, problems = load_text(text, "refs.bib")
    assert list(references) == ["a", "c"]
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-bibtex", 3)]


def test_a_missing_comma_costs_one_field_and_is_told_at_its_line(load_text: Callable[[str, str], Loaded]) -> None:
    text = "@book{a,\n title = {A title}\n author = {Doe, Jane},\n year = 2012\n publisher = {P}\n}"
    references, problems = load_text(text, "refs.bib")
    assert (references["a"].csl["title"], references["a"].csl["issued"]) == ("A title", {"date-parts": [[2012]]})
    told = [(problem.code, problem.place.line) for problem in problems if problem.code == "reference-bibtex"]
    assert told == [("reference-bibtex", 2), ("reference-bibtex", 4)]


@pytest.mark.parametrize(
    "lost", ["article{b,\n title = {B}\n}", "@article b,\n title = {B}\n}", "title = {B},", 'title="B"\n}']
)
def test_fields_that_belong_to_no_entry_are_told(load_text: Callable[[str, str], Loaded], lost: str) -> None:
    references, problems = load_text(f"{BOOK}\n{lost}\n\n{BOOK.replace('{a', '{c').replace('{A', '{C')}", "refs.bib")
    assert list(references) == ["a", "c"]
    assert [problem.code for problem in problems] == ["reference-bibtex"]


def test_comments_between_entries_are_no_problem(load_text: Callable[[str, str], Loaded]) -> None:
    _, problems = load_text(f"% by hand = ours\nSome words: {{a}}\n{BOOK}\n@comment{{x = {{y}}}}", "refs.bib")
    assert problems == []


def test_a_field_given_twice_names_its_entry(load_text: Callable[[str, str], Loaded]) -> None:
    _, problems = load_text("\n@book{a, title={A}, title={B}}", "refs.bib")
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-bibtex", 2)]
    assert "`title`" in problems[0].message


def test_a_key_or_an_abbreviation_defined_twice_is_told(load_text: Callable[[str, str], Loaded]) -> None:
    entry = "@book{a, title={A}, author={Doe, J}, year=2001}\n"
    references, problems = load_text(f"@string{{x={{1}}}}\n@string{{x={{2}}}}\n{entry}{entry}", "refs.bib")
    assert list(references) == ["a"]
    found = {problem.code: problem for problem in problems}
    assert found["reference-duplicate-key"].place.line == 4
    assert "line 3" in found["reference-duplicate-key"].message
    assert found["reference-bibtex"].place.line == 2


def test_names_that_cannot_be_split_are_an_error_and_the_entry_stays(load_text: Callable[[str, str], Loaded]) -> None:
    text = "@book{a, title={A}, year=2001, author={Doe, J., Roe, R., Poe, E.}}"
    references, problems = load_text(text, "refs.bib")
    assert [problem.code for problem in problems] == ["reference-names"]
    assert "`and`" in problems[0].fix
    assert references["a"].csl["author"] == [{"literal": "Doe, J., Roe, R., Poe, E."}]


def test_and_others_is_told(load_text: Callable[[str, str], Loaded]) -> None:
    references, problems = load_text("@book{a, title={A}, year=2001,\n author={Doe, J and others}}", "refs.bib")
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-others", 2)]
    assert references["a"].csl["author"] == [{"family": "Doe", "given": "J"}, {"literal": "others"}]


@pytest.mark.parametrize(
    ("named", "printed"),
    [
        ("Doe, J", "Doe J, et al"),
        ("Doe, J and Roe, R", "Doe J, Roe R, et al"),
        (" and ".join(f"{letter}a, B" for letter in "ABCDEF"), "Aa B, Ba B, Ca B, et al"),
    ],
)
def test_and_others_is_printed_and_survives_other_formats(
    load_text: Callable[[str, str], Loaded], named: str, printed: str
) -> None:
    references, _ = load_text(f"@book{{a, title={{A}}, year=2001,\n author={{{named} and others}}}}", "refs.bib")
    for form, name in (("bibtex", "b.bib"), ("ris", "c.ris"), ("csl-json", "d.json")):
        references, problems = load_text(export(references.values(), form), name)
        assert "reference-others" in [problem.code for problem in problems]
        (entry,) = format_entries(list(references.values()), "ama", "en")
        assert entry.text.startswith(f"{printed}. A.")
        assert entry.authors.endswith(" et al")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@article{a, title={x}, author={Doe\n", "is not closed: a brace or quotation mark is missing"),
        (
            "@article{a, title={x, year={2020}\n@article{b, title={y}}",
            "is not closed: a brace or quotation mark is missing",
        ),
        ("@article{a title={x}}", "has no comma behind its key"),
        ("@article{a, title {x}}", "has a field without `=`, or lacks a comma"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_in_plain_words(text: str, message: str) -> None:
    _, problems = read_bibtex(text, "a.bib")
    assert [problem.message for problem in problems] == [f"the entry that begins here {message}"]


@pytest.mark.parametrize("text", ["", "hello", "{}", "% nothing"])
def test_a_file_without_entries_says_so(text: str) -> None:
    records, problems = read_bibtex(text, "a.bib")
    assert records == []
    assert [problem.code for problem in problems] == ["reference-bibtex"]


def test_nothing_is_said_beside_the_problems(capfd: pytest.CaptureFixture[str]) -> None:
    read_bibtex("@book{a, title={A}\n@book{b\n@book{c, A = {1}, a = {2}}", "a.bib")
    read_bibtex(r"@book{a, title={\undefined{$x \begin{y} \verb}}", "a.bib")
    assert capfd.readouterr() == ("", "")


def test_input_of_other_files_is_not_followed() -> None:
    assert "root" not in str(csl(r"@book{a, title={A \input{/etc/passwd} \include{/etc/passwd}}}")["title"])


BITS = st.sampled_from(
    [
        "@article{",
        "@string{",
        "@comment{",
        "a,",
        "title=",
        "author = ",
        "{",
        "}",
        '"',
        "Doe, J",
        " and ",
        "\n",
        "\\",
        "$",
        "%",
        "#",
        "é",
        ",",
    ]
)


@settings(max_examples=60)
@given(st.lists(BITS | st.text(max_size=4), max_size=25).map("".join))
def test_no_text_raises(text: str) -> None:
    read_bibtex(text, "a.bib")


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_no_field_raises(text: str) -> None:
    read_bibtex(f"@article{{a, title={{{text}}}, author={{{text}}}, year={{{text}}}, url={{{text}}}}}", "a.bib")


def test_a_bare_ampersand_per_cent_sign_or_number_sign_is_text() -> None:
    assert csl("@book{a, title={Bone & joint: 50% of #1}, year=2011}")["title"] == "Bone & joint: 50% of #1"
