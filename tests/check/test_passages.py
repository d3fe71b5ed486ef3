"""Passages and sentences: their words, their citations, and where each word stands in the author's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.check.cover import COVER
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import every_sentence, sentences
from newsletter.check.rulebook import Content
from newsletter.model.problem import Place
from newsletter.model.reference import Reference
from newsletter.read import read_issue
from tests.check.typed import HEAD, SETTINGS

if TYPE_CHECKING:
    from pathlib import Path

AT = Place(file="refs.json", line=1, column=1)
CITED = {key: Reference(key=key, csl={"id": key, "type": "book", "title": "A book"}, at=AT) for key in ("a", "b")}


def content(folder: Path, body: str) -> Content:
    path = folder / "issue.md"
    path.write_text(HEAD + body, encoding="utf-8")
    reading = read_issue(path, SETTINGS, lambda _: (CITED, []))
    assert reading.issue is not None
    return Content(issue=reading.issue, whole=reading.issue, references=(), settings=SETTINGS, source=reading.source)


def shown(folder: Path, body: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """Each passage: its words, and where which sources are cited."""
    return [
        (one.text, [(mark.at, item.key) for mark in one.marks for item in mark.citation.items])
        for one in passages(content(folder, body))
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It helps [@a].", [("It helps.", [(8, "a")])]),
        ("It helps.[@a] More.", [("It helps. More.", [(9, "a")])]),
        ("It helps [@a] much", [("It helps much", [(8, "a")])]),
        ("It helps [@a][@b], yes", [("It helps, yes", [(8, "a"), (8, "b")])]),
        ("[@a] It helps", [("It helps", [(0, "a")])]),
        ("As @a says", [(f"As {COVER} says", [(3, "a")])]),
        ("Call {{ city | default('us') }} `now` *at **once***", [(f"Call {COVER} {COVER} at once", [])]),
        ("One\ntwo\\\nthree", [("One two three", [])]),
        ("See [the *page*](https://example.org/page) now", [("See the page now", [])]),
    ],
)
def test_the_words_of_a_passage_are_those_that_readers_see(
    body: str, expected: list[tuple[str, list[tuple[int, str]]]], tmp_path: Path
) -> None:
    assert shown(tmp_path, body) == expected


def test_each_passage_knows_what_it_is(tmp_path: Path) -> None:
    body = """\
## Heading

Words.

- Item

> Quoted

| Head |
|---|
| Cell |

::: quote attribution="A"
Said
:::

::: button href="https://example.org"
Press
:::

::: figure src="x.png" alt="x"
Caption
:::
"""
    kinds = [(one.text, one.kind) for one in passages(content(tmp_path, body))]
    assert kinds == [
        ("Heading", Kind.HEADING),
        ("Words.", Kind.PROSE),
        ("Item", Kind.PROSE),
        ("Quoted", Kind.QUOTE),
        ("Head", Kind.CELL),
        ("Cell", Kind.CELL),
        ("Said", Kind.QUOTE),
        ("Press", Kind.LABEL),
        ("Caption", Kind.CAPTION),
    ]


def test_words_are_placed_where_they_are_typed(tmp_path: Path) -> None:
    body = (
        "A knee [a knee](https://a.example/knee 'x') knee.\n\n> - One **knee**\n>   [@a] two `knee` knee\n\n"
        "| a knee | knee |\n|---|---|\n| knee | x |\n"
    )
    source = (HEAD + body).split("\n")
    found = []
    for one in passages(content(tmp_path, body)):
        start = one.text.find("knee")
        while start >= 0:
            place = one.place(start)
            assert source[place.line - 1][place.column - 1 :].startswith("knee")
            found.append((place.line, place.column))
            start = one.text.find("knee", start + 1)
    assert found == [(5, 3), (5, 11), (5, 45), (7, 11), (8, 21), (10, 5), (10, 12), (12, 3)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith came. He left.", ["Dr. Smith came.", "He left."]),
        ("Smith et al. found it. J. A. Smith too.", ["Smith et al. found it.", "J. A. Smith too."]),
        ("It was 3.5 cm. Then 4.", ["It was 3.5 cm.", "Then 4."]),
        ("At 5 p.m. The door opens at 5 p.m. Monday.", ["At 5 p.m.", "The door opens at 5 p.m. Monday."]),
        ("Rest, ice, etc. The rest is easy.", ["Rest, ice, etc.", "The rest is easy."]),
        ('He said: "It heals." We agree.', ['He said: "It heals."', "We agree."]),
        ("Is it (really?) so? Yes.", ["Is it (really?) so?", "Yes."]),
        ("See Fig. 2 and No. 5, vs. Smith. No. The rest", ["See Fig. 2 and No. 5, vs. Smith.", "No.", "The rest"]),
        (
            "The U.S. Food and Drug Administration. In the U.S. This is so.",
            ["The U.S. Food and Drug Administration.", "In the U.S.", "This is so."],
        ),
        ("vitamin D. The sun", ["vitamin D.", "The sun"]),
        ("No end here", ["No end here"]),
        ("Wait... Then go.", ["Wait...", "Then go."]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, expected: list[str], tmp_path: Path) -> None:
    assert [one.text for one in every_sentence(content(tmp_path, text))] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One [@a]. Two.", [["a"], []]),
        ("One.[@a] Two.", [["a"], []]),
        ("One. [@a] Two [@b].", [["a"], ["b"]]),
        ("[@a] One. Two.", [["a"], []]),
        ("One. As @a says, two.", [[], ["a"]]),
        ("One. Two.[@a; @b]", [[], ["a", "b"]]),
        ('"One."[@a] Two.', [["a"], []]),
    ],
)
def test_a_citation_belongs_to_the_sentence_that_it_supports(
    body: str, expected: list[list[str]], tmp_path: Path
) -> None:
    found = [
        [item.key for mark in one.marks for item in mark.citation.items]
        for one in every_sentence(content(tmp_path, body))
    ]
    assert found == expected


def test_quotations_are_known_and_inches_are_none(tmp_path: Path) -> None:
    (one,) = passages(content(tmp_path, 'He said "it\'s fine" and “so be it”, at 6" and 5" or 7". «Oui».\n'))
    assert [one.text[start:end] for start, end in one.quotes] == ['"it\'s fine"', "“so be it”", "«Oui»"]
    assert one.is_quoted(10)
    assert not one.is_quoted(3)


@given(st.text(alphabet='ab .!?[@a];\n*_`"“”()DrA1|>-#:', max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_cut_into_sentences_without_loss(tmp_path: Path, body: str) -> None:
    made = content(tmp_path, "x\n\n" + body)
    lines = made.source.split("\n")
    for passage in passages(made):
        cut = sentences(passage)
        assert "".join("".join(one.text.split()) for one in cut) == "".join(passage.text.split())
        assert [mark for one in cut for mark in one.marks] == (list(passage.marks) if cut else [])
        for offset in range(len(passage.text)):
            place = passage.place(offset)
            assert 1 <= place.line <= len(lines)
