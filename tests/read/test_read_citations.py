"""Pandoc's citations, and what only looks like one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.document import Citation, Code, Heading, Link, Paragraph, Table, Text, every_inline
from newsletter.model.problem import Level, Place, error
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.read.letters import SETTINGS, body, inlines, issue_of, only, problem, read_body, told, told_in_body

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.document import CitationItem
    from newsletter.model.problem import Problem
    from newsletter.model.reference import ReferenceSources

KEYS = ("a", "b", "smith2020", "10.1302/x.y", "le-duff:2012", "Müller_20", "https://example.org/b?n=f;d=2")


def citations(text: str) -> list[Citation]:
    return [inline for inline in inlines(text, *KEYS) if isinstance(inline, Citation)]


def shape(text: str) -> list[list[tuple[str, str, str, bool]]]:
    return [[(i.prefix, i.key, i.suffix, i.suppress_author) for i in c.items] for c in citations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[@a]", [("", "a", "", False)]),
        ("[@a; @b]", [("", "a", "", False), ("", "b", "", False)]),
        ("[@a;@b]", [("", "a", "", False), ("", "b", "", False)]),
        ("[@a, p. 4]", [("", "a", "p. 4", False)]),
        ("[@a p. 4]", [("", "a", "p. 4", False)]),
        ("[see @a]", [("see", "a", "", False)]),
        ("[see @a, pp. 33-35; also @b]", [("see", "a", "pp. 33-35", False), ("also", "b", "", False)]),
        ("[-@a]", [("", "a", "", True)]),
        ("[see -@a, p. 2]", [("see", "a", "p. 2", True)]),
        ("[@{10.1302/x.y}]", [("", "10.1302/x.y", "", False)]),
        ("[@10.1302/x.y]", [("", "10.1302/x.y", "", False)]),
        ("[@le-duff:2012, fig. 1]", [("", "le-duff:2012", "fig. 1", False)]),
        ("[@Müller_20]", [("", "Müller_20", "", False)]),
        ("[@a.]", [("", "a", ".", False)]),
        ("[see\n@a]", [("see", "a", "", False)]),
        (r"[see \*the\* @a]", [("see *the*", "a", "", False)]),
        ("[@a, {iv, A; D-Z}, as it says]", [("", "a", "iv, A; D-Z, as it says", False)]),
        ("[@a {pp. iv-xi}; @b]", [("", "a", "pp. iv-xi", False), ("", "b", "", False)]),
        ("[@{https://example.org/b?n=f;d=2}, p. 33]", [("", "https://example.org/b?n=f;d=2", "p. 33", False)]),
        ("[see [the note] @a, p. 3 [sic]]", [("see [the note]", "a", "p. 3 [sic]", False)]),
        (r"[@a, p. 3 \]]", [("", "a", "p. 3 ]", False)]),
    ],
)
def test_a_citation_in_brackets(text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert shape(f"Words {text} more.") == [expected]
    assert told_in_body(f"Words {text} more.", *KEYS) == []
    assert not citations(text)[0].in_text


@pytest.mark.parametrize("text", ["@a says", "so says @smith2020.", "(@a)", "*@a*", "As @{10.1302/x.y} found", "@a's"])
def test_a_bare_key_is_a_citation_in_the_sentence(text: str) -> None:
    (citation,) = citations(text)
    assert citation.in_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@a [p. 30] says", [("", "a", "p. 30", False)]),
        ("@a[p. 30] says", [("", "a", "p. 30", False)]),
        ("@a [p. 30, with more] says", [("", "a", "p. 30, with more", False)]),
        ("@a [{p. iv}, with more]", [("", "a", "p. iv, with more", False)]),
        ("@a [p. 30; see also @b, p. 2]", [("", "a", "p. 30", False), ("see also", "b", "p. 2", False)]),
        (
            "@a [-@b p. 30; see also @smith2020]",
            [("", "a", "", False), ("", "b", "p. 30", True), ("see also", "smith2020", "", False)],
        ),
        ("@a\n[p. 3]", [("", "a", "p. 3", False)]),
    ],
)
def test_a_bracket_behind_a_bare_key_says_where(text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert shape(text) == [expected]
    assert told_in_body(text, *KEYS) == []
    assert citations(text)[0].in_text


@pytest.mark.parametrize(
    "text",
    [
        "@a [here](https://example.org)",
        "@a\n\n[p. 3]",
        "@a  [p. 3]",
        "@a [label]\n\n[label]: https://example.org",
        "@a [open",
    ],
)
def test_what_is_no_locator_stays_what_it_is(text: str) -> None:
    assert shape(text) == [[("", "a", "", False)]]


def test_brackets_around_a_citation_are_text() -> None:
    assert shape("[see [@a]]") == [[("", "a", "", False)]]
    assert shape("[[@a]; [@b, p. 2]]") == [[("", "a", "", False)], [("", "b", "p. 2", False)]]


@pytest.mark.parametrize(
    "text",
    [
        "@larkmeadow",
        "@aa",
        "me@a",
        "me@x.com",
        "mail me@smith2020.example.org",
        r"\@a",
        r"\[@a]",
        r"\[@a\]",
        r"\[see @a, p. 4]",
        "`[@a]` and `@a`",
        "[email @ home]",
        "[me@x.com]",
        "@@a",
        "[ @ a ]",
        "@{larkmeadow}",
        "@_a",
    ],
)
def test_what_is_no_citation_stays_text(text: str) -> None:
    assert citations(text) == []
    assert told_in_body(text, *KEYS) == []


def test_an_escaped_bracket_is_text() -> None:
    assert inlines(r"\[@zz]", *KEYS) == [Text(text="[@zz]")]


def test_a_link_is_no_citation() -> None:
    link, text = inlines("[@a](https://example.org)", *KEYS)
    assert isinstance(link, Link)
    assert text == Text(text="@a")
    assert shape("[@a] (https://example.org)") == [[("", "a", "", False)]]
    assert shape("[@a](no link here") == [[("", "a", "", False)]]
    assert shape("[@a][@b]") == [[("", "a", "", False)], [("", "b", "", False)]]


def test_a_citation_within_the_text_of_a_link_follows_the_link() -> None:
    paragraph = only("[the *trial [@a]*](https://example.org) says", *KEYS)
    assert isinstance(paragraph, Paragraph)
    link, citation, rest = paragraph.content
    assert isinstance(link, Link)
    assert isinstance(citation, Citation)
    assert rest == Text(text=" says")


def test_a_bare_key_in_the_text_of_a_link_is_text() -> None:
    assert citations("[see @a here](https://example.org)") == []


def test_code_is_no_place_for_citations() -> None:
    assert Code(text="[@a]") in inlines("`[@a]`", *KEYS)
    assert citations("```\n[@a]\n```\n") == []


def test_a_line_that_starts_with_a_citation_and_a_colon_is_no_link_definition() -> None:
    assert shape("[@a]: shown") == [[("", "a", "", False)]]


def test_places_are_those_of_bracket_and_key() -> None:
    text = "> - First line\n>   and [see @a;\n>   -@b] end"
    (citation,) = citations(text)
    assert (citation.at.line, citation.at.column) == (5, 9)
    assert [(item.at.line, item.at.column) for item in citation.items] == [(5, 14), (6, 6)]


def test_citations_in_headings_cells_captions_and_blocks() -> None:
    text = """\
## Heading [@a]

| x | y |
|---|---|
| @a | c \\| d [@b] |

::: figure src="x.png" alt="x"
A caption [@smith2020].
:::

> A quote [@b]
"""
    blocks = body(text, *KEYS)
    assert [c.items[0].key for c in every_inline(blocks) if isinstance(c, Citation)] == [
        "a",
        "a",
        "b",
        "smith2020",
        "b",
    ]
    heading, table, _, _ = blocks
    assert isinstance(heading, Heading)
    assert heading.anchor == "heading"
    assert isinstance(table, Table)
    assert [(c.at.line, c.at.column) for cell in table.rows[0] for c in cell if isinstance(c, Citation)] == [
        (8, 3),
        (8, 15),
    ]


def test_an_unknown_key_is_an_error_at_the_key_with_the_nearest_one() -> None:
    result = read_body("Words [@a; see @smth2020].", *KEYS)
    found = problem(result, "citation-unknown")
    assert (found.level, found.place.line, found.place.column) == (Level.ERROR, 4, 16)
    assert "`@smith2020`" in found.fix
    (citation,) = (i for i in every_inline(issue_of(result).body) if isinstance(i, Citation))
    assert [item.key for item in citation.items] == ["a"]


def test_a_citation_of_unknown_keys_only_stays_without_sources() -> None:
    before, citation, after = inlines("Words [@nope] here", *KEYS)
    assert (before, after) == (Text(text="Words "), Text(text=" here"))
    assert isinstance(citation, Citation)
    assert citation.items == ()
    assert "citation-unknown" in [code for code, _, _ in told_in_body("[@nope]")]


def test_an_uncited_reference_is_told_at_the_reference() -> None:
    result = read_body("Words [@a].", "a", "b")
    found = problem(result, "reference-uncited")
    assert found.level is Level.INFORMATION
    assert found.place.file.endswith("references.json")
    assert "`b`" in found.message


def test_a_library_that_is_kept_for_many_issues_is_told_once() -> None:
    found = problem(read_body("Words [@a].", *"abcdefg"), "reference-uncited")
    assert found.message == "6 references of this file are not cited in the text, such as `b`, `c`, `d`"


def test_a_piece_without_a_key_is_told() -> None:
    assert told_in_body("[@a; p. 4]", *KEYS) == [("citation-syntax", 1, 6)]
    assert shape("[@a; p. 4]") == [[("", "a", "", False)]]


def test_a_missing_semicolon_is_told() -> None:
    assert told_in_body("[@a @b]", *KEYS) == [("citation-syntax", 1, 5)]
    assert [item[1] for item in shape("[@a @b]")[0]] == ["a", "b"]


def test_when_references_could_not_be_read_unknown_keys_are_no_news(tmp_path: Path) -> None:
    def broken(sources: ReferenceSources) -> tuple[dict[str, Reference], list[Problem]]:
        at = Place(file=str(sources.folder / "refs.json"))
        return {}, [error("references-missing", at, "there is no such file", "Write it.")]

    path = tmp_path / "issue.md"
    path.write_text("---\ntitle: T\n---\n[@a] [@b]\n", encoding="utf-8")
    result = read_issue(path, SETTINGS, broken)
    assert [code for code, _, _ in told(result)] == ["references-missing"]


def test_merge_tags_around_a_citation() -> None:
    assert shape("[see {{ issue.title }} @a]") == [[("see Knees", "a", "", False)]]
    assert told_in_body("[@a, {{ city | default('x') }}]", *KEYS) == [("merge-tag-place", 1, 2)]


@given(st.text(alphabet=st.sampled_from("@ab;,[](){}-\\`*. \n"), max_size=40))
def test_items_have_known_keys_and_stand_where_they_say(text: str) -> None:
    result = read_body(text, "a", "b", "ab")
    lines = result.source.split("\n")
    items: list[CitationItem] = [
        item for c in every_inline(issue_of(result).body) if isinstance(c, Citation) for item in c.items
    ]
    for item in items:
        rest = lines[item.at.line - 1][item.at.column - 1 :]
        assert rest.startswith((f"@{item.key}", f"@{{{item.key}}}"))


def test_marks_around_a_source_are_plain_text() -> None:
    assert shape("[see *also* @a, `p.` **4**]") == [[("see also", "a", "p. 4", False)]]


def test_when_one_source_was_lost_its_keys_are_no_news(tmp_path: Path) -> None:
    def half(sources: ReferenceSources) -> tuple[dict[str, Reference], list[Problem]]:
        at = Place(file=str(sources.folder / "refs.json"))
        known = {"b": Reference(key="b", csl={"id": "b"}, at=at)}
        return known, [error("reference-file-missing", at, "there is no such file", "Write it.")]

    path = tmp_path / "issue.md"
    path.write_text("---\ntitle: T\n---\n[@a] [@b]\n", encoding="utf-8")
    assert [code for code, _, _ in told(read_issue(path, SETTINGS, half))] == ["reference-file-missing"]
