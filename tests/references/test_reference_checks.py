from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.references.records import Loaded

GOOD: dict[str, Any] = {
    "id": "a",
    "type": "article-journal",
    "title": "Hips",
    "author": [{"family": "Doe", "given": "Jane"}],
    "container-title": "Journal of Hips",
    "issued": {"date-parts": [[2012, 4, 16]]},
}


def codes(loaded: Loaded) -> list[tuple[str, str]]:
    return [(problem.code, problem.level.value) for problem in loaded[1]]


def test_a_whole_record_has_no_problem(load_records: Callable[..., Loaded]) -> None:
    references, problems = load_records(GOOD)
    assert problems == []
    assert references["a"].csl == GOOD


@pytest.mark.parametrize("key", [None, "", " ", True, [], {}, 1.5])
def test_an_entry_without_key_is_an_error_and_left_out(load_records: Callable[..., Loaded], key: object) -> None:
    references, problems = load_records({**GOOD, "id": key}, {**GOOD, "id": "b"})
    assert list(references) == ["b"]
    assert [problem.code for problem in problems] == ["reference-no-key"]


def test_a_number_is_a_key(load_records: Callable[..., Loaded]) -> None:
    assert list(load_records({**GOOD, "id": 31674240})[0]) == ["31674240"]


def test_a_key_that_needs_braces_is_told(load_records: Callable[..., Loaded]) -> None:
    loaded = load_records({**GOOD, "id": "my key"})
    assert codes(loaded) == [("reference-key-form", "information")]
    assert "[@{my key}]" in loaded[1][0].fix
    assert codes(load_records({**GOOD, "id": "doe_2012:a.b-c"})) == []


@pytest.mark.parametrize(
    ("written", "kept"), [("journal-article", "article-journal"), ("dissertation", "thesis"), ("book", "book")]
)
def test_types_of_crossref_are_known(load_records: Callable[..., Loaded], written: str, kept: str) -> None:
    references, problems = load_records({**GOOD, "type": written})
    assert references["a"].csl["type"] == kept
    assert problems == []


@pytest.mark.parametrize("written", [None, "", "artikel-journal", 7, ["book"]])
def test_a_missing_or_unknown_type_is_a_document(load_records: Callable[..., Loaded], written: object) -> None:
    loaded = load_records({**GOOD, "type": written})
    assert loaded[0]["a"].csl["type"] == "document"
    assert codes(loaded) == [("reference-type", "warning")]


def test_an_unknown_type_names_the_nearest(load_records: Callable[..., Loaded]) -> None:
    assert "`article-journal`" in load_records({**GOOD, "type": "article-jurnal"})[1][0].fix


@pytest.mark.parametrize(
    ("left_out", "code", "level"),
    [
        ("title", "reference-no-title", "error"),
        ("issued", "reference-no-year", "warning"),
        ("author", "reference-no-author", "warning"),
        ("container-title", "reference-no-container", "warning"),
    ],
)
def test_what_is_missing_is_told(load_records: Callable[..., Loaded], left_out: str, code: str, level: str) -> None:
    loaded = load_records({name: value for name, value in GOOD.items() if name != left_out})
    assert codes(loaded) == [(code, level)]
    assert list(loaded[0]) == ["a"]


def test_a_book_needs_no_journal_and_a_talk_no_proceedings(load_records: Callable[..., Loaded]) -> None:
    book = {"id": "a", "type": "book", "title": "B", "editor": GOOD["author"], "issued": 2001}
    talk = {**GOOD, "id": "b", "type": "paper-conference", "container-title": None, "event-title": "Hip Congress"}
    chapter = {**GOOD, "id": "c", "title": "C", "type": "chapter", "container-title": ""}
    assert codes(load_records(book, talk, chapter)) == [("reference-no-container", "warning")]


def test_a_web_page_needs_an_address(load_records: Callable[..., Loaded]) -> None:
    page = {"id": "a", "type": "webpage", "title": "Page"}
    assert codes(load_records(page)) == [("reference-no-url", "warning")]
    assert codes(load_records({**page, "URL": "https://example.org"})) == []


@pytest.mark.parametrize(
    "scheme", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://", "[", "//a"]
)
def test_an_address_that_is_not_of_the_web_is_left_out(load_records: Callable[..., Loaded], scheme: str) -> None:
    loaded = load_records({**GOOD, "URL": scheme})
    assert codes(loaded) == [("reference-url", "warning")]
    assert "URL" not in loaded[0]["a"].csl


@pytest.mark.parametrize(
    "written",
    [
        "10.1177/ABC.d(1)",
        "https://doi.org/10.1177/ABC.d(1)",
        "http://dx.doi.org/10.1177%2FABC.d(1)",
        "doi:10.1177/ABC.d(1)",
        " DOI: 10.1177/ABC.d(1). ",
    ],
)
def test_a_doi_has_one_spelling_and_keeps_its_case(load_records: Callable[..., Loaded], written: str) -> None:
    references, problems = load_records({**GOOD, "DOI": written})
    assert problems == []
    assert references["a"].csl["DOI"] == "10.1177/ABC.d(1)"


@pytest.mark.parametrize("written", ["10.12/x", "11.1177/x", "10.1177/", "10.1177/a b", "none"])
def test_a_malformed_doi_is_told_and_left_out(load_records: Callable[..., Loaded], written: str) -> None:
    loaded = load_records({**GOOD, "DOI": written})
    assert codes(loaded) == [("reference-doi", "warning")]
    assert "DOI" not in loaded[0]["a"].csl


def test_pubmed_numbers_have_one_spelling(load_records: Callable[..., Loaded]) -> None:
    csl = load_records({**GOOD, "PMID": 31674240, "PMCID": "6824412"})[0]["a"].csl
    assert (csl["PMID"], csl["PMCID"]) == ("31674240", "PMC6824412")
    assert codes(load_records({**GOOD, "PMID": "x", "PMCID": "y"})) == [("reference-pmid", "warning")] * 2


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (2012, {"date-parts": [[2012]]}),
        ("2012-04", {"date-parts": [[2012, 4]]}),
        ("2012-04-16T08:00:00Z", {"date-parts": [[2012, 4, 16]]}),
        ({"raw": "2012"}, {"date-parts": [[2012]]}),
        ({"literal": "in press"}, {"literal": "in press"}),
        ({"date-parts": [["2012", "4"]]}, {"date-parts": [[2012, 4]]}),
        ({"date-parts": [[2012, None]]}, {"date-parts": [[2012]]}),
        ({"date-parts": [[2012, 21]]}, {"date-parts": [[2012]]}),
        ("2011/2013", {"date-parts": [[2011], [2013]]}),
    ],
)
def test_dates_of_exports_are_understood(load_records: Callable[..., Loaded], written: object, kept: object) -> None:
    references, problems = load_records({**GOOD, "issued": written})
    assert problems == []
    assert references["a"].csl["issued"] == kept


@pytest.mark.parametrize("written", [{"date-parts": [[None]]}, {"date-parts": [[]]}, {"date-parts": []}, {}, ""])
def test_an_empty_date_is_none(load_records: Callable[..., Loaded], written: object) -> None:
    assert codes(load_records({**GOOD, "issued": written})) == [("reference-no-year", "warning")]


@pytest.mark.parametrize(
    "written",
    [
        "2012-17",
        True,
        [2012],
        {"date-parts": 2012},
        {"date-parts": [2012]},
        {"date-parts": [["April"]]},
        {"date-parts": [[2012, 2, 30]]},
        {"date-parts": [[2012, 99]]},
        {"date-parts": [[2012, -41088306003307]]},
        {"date-parts": [[99999]]},
        {"date-parts": [[1, 2, 3, 4]]},
        {"date-parts": [[True]]},
        {"year": 2012},
    ],
)
def test_a_date_that_cannot_be_is_an_error(load_records: Callable[..., Loaded], written: object) -> None:
    references, problems = load_records({**GOOD, "issued": written})
    assert ("reference-date", "error") in codes((references, problems))
    assert "issued" not in references["a"].csl


@pytest.mark.parametrize("written", ["Doe J", 5, {"family": "Doe"}, [["Doe"]], ["Doe"], [{}], [{"family": 5}], [None]])
def test_authors_in_the_wrong_shape_are_an_error(load_records: Callable[..., Loaded], written: object) -> None:
    loaded = load_records({**GOOD, "author": written})
    assert codes(loaded)[0] == ("reference-names", "error")
    assert list(loaded[0]) == ["a"]


@pytest.mark.parametrize("rest", [{"literal": "et al."}, {"family": "others"}, {"family": "al.", "given": "et"}])
def test_a_list_of_authors_cut_short_is_told(load_records: Callable[..., Loaded], rest: dict[str, str]) -> None:
    loaded = load_records({**GOOD, "author": [{"family": "Doe"}, rest]})
    if rest.get("given"):
        assert codes(loaded) == []
    else:
        assert codes(loaded) == [("reference-others", "information")]
        assert loaded[0]["a"].csl["author"] == [{"family": "Doe"}, {"literal": "others"}]


def test_a_group_of_crossref_is_a_literal(load_records: Callable[..., Loaded]) -> None:
    authors = [{"name": "Hip Study Group", "sequence": "first", "affiliation": []}]
    assert load_records({**GOOD, "author": authors})[0]["a"].csl["author"] == [{"literal": "Hip Study Group"}]


@pytest.mark.parametrize("value", [{"a": 1}, ["a", "b"], True])
def test_a_text_that_is_none_is_an_error(load_records: Callable[..., Loaded], value: object) -> None:
    assert ("reference-text", "error") in codes(load_records({**GOOD, "volume": value}))


def test_a_text_without_end_is_an_error_and_left_out(load_records: Callable[..., Loaded]) -> None:
    loaded = load_records({**GOOD, "note": "x" * 20_001, "author": [{"literal": "y" * 30_000}]})
    assert codes(loaded) == [("reference-text", "error")]
    assert "note" not in loaded[0]["a"].csl
    assert len(loaded[0]["a"].csl["author"][0]["literal"]) == 20_000


def test_texts_of_crossref_are_cleaned_once(load_records: Callable[..., Loaded]) -> None:
    title = "<jats:p>A &amp; B &amp;amp; C</jats:p> p&lt;.05\u202e\u00ad \x00\ud800R&copy D &lt;i&gt;x&lt;/i&gt;"
    csl = load_records({**GOOD, "title": [title], "unknown": {"a": [1]}})[0]["a"].csl
    assert csl["title"] == "A & B &amp; C p<.05 R&copy D <i>x</i>"
    assert "unknown" not in csl


def test_a_key_used_twice_names_both_places(load_records: Callable[..., Loaded]) -> None:
    references, problems = load_records(GOOD, {**GOOD, "title": "Other"})
    assert references["a"].csl["title"] == "Hips"
    (problem,) = problems
    assert (problem.code, problem.level) == ("reference-duplicate-key", Level.ERROR)
    assert problem.place.line > references["a"].at.line
    assert f"line {references['a'].at.line}" in problem.message


def test_the_same_source_under_two_keys_is_a_warning(load_records: Callable[..., Loaded]) -> None:
    one = {**GOOD, "title": "One", "DOI": "10.1177/abc"}
    other_title = {**GOOD, "id": "b", "title": "Two", "DOI": "https://doi.org/10.1177/ABC"}
    same_title = {**GOOD, "id": "c", "title": "<i>ONE</i>!"}
    other_year = {**GOOD, "id": "d", "title": "One", "issued": 1999}
    _, problems = load_records(one, other_title, same_title, other_year)
    assert [(problem.code, problem.message.split("`")[1]) for problem in problems] == [
        ("reference-duplicate", "b"),
        ("reference-duplicate", "c"),
    ]


def test_problems_stand_at_the_line_of_their_field(load_text: Callable[[str, str], Loaded]) -> None:
    _, problems = load_text(
        '[{"id": "a",\n"type": "webpage",\n"title": "A",\n"URL": "https://a.example",\n"DOI": "x"}]', "refs.json"
    )
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-doi", 5)]
