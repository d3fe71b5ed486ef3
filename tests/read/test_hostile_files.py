"""Files that were made to do harm: each is read or refused, in plain words. What is quadratic anywhere never ends here.

benchmarks/bench_hostile.py has ten times as many, with their times.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import BadSettings
from newsletter.model.reference import ReferenceSources
from newsletter.read.catalogue import load_disclaimers
from newsletter.references import load
from newsletter.render.text_wrap import wrapped
from newsletter.settings import load as load_settings
from tests.read.letters import FRONT, read, read_body, read_bytes, told_in_body
from tests.references.records import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem

TOO_COMPLEX = [("body-too-complex", 1, 1)]


def numbered(piece: str, count: int) -> str:
    return "".join(piece.replace("#", str(number)) for number in range(count))


def codes(problems: list[Problem] | tuple[Problem, ...]) -> set[str]:
    return {problem.code for problem in problems}


def references_of(folder: Path, name: str, text: str) -> list[Problem]:
    (folder / name).write_text(text, encoding="utf-8")
    return load(ReferenceSources(folder=folder, files=((name, WRITTEN),)))[1]


def test_ten_megabytes_are_not_even_read() -> None:
    result = read_bytes(FRONT.encode() + b"[@a] " * 2_000_000)
    assert codes(result.problems) == {"file-too-large"}
    assert "10.0 MB" in result.problems[0].message
    assert "500 KB" in result.problems[0].message


@pytest.mark.parametrize("sign", ["[", "*_", "`a", "> ", "<a", "{", "\\", "[a]("])
def test_half_a_megabyte_of_signs_is_refused_before_it_is_parsed(sign: str) -> None:
    found = told_in_body(sign * (490_000 // len(sign)))
    assert found[-1:] == TOO_COMPLEX or found[0:1] == TOO_COMPLEX


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n" * 100_000,
        "::: callout\n" * 30_000 + ":::\n" * 30_000,
        "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000 + "\n",
        numbered("[link #](https://example.org/#)\n\n", 3_000),
        '::: event title="a" start="2026-12-01T10:00"\nx\n:::\n\n' * 2_000,
        "```\na\n```\n\n" * 4_900,
        "::: columns\n::: column\n" * 5_000,
    ],
    ids=["paragraphs", "nested blocks", "columns of a table", "links", "events", "code", "columns"],
)
def test_more_pieces_than_a_mail_can_hold_are_refused(text: str) -> None:
    found = told_in_body(text)
    assert ("body-too-complex", 1, 1) in found
    assert len(found) < 10


def test_a_text_that_is_refused_is_not_checked_further() -> None:
    result = read_body("[" * 60_000)
    assert result.issue is None
    assert [problem.code for problem in result.problems] == ["body-too-complex"]


def test_what_a_long_letter_has_is_not_too_much() -> None:
    paragraph = "A [link](https://example.org), *two* **words**, `code` and a claim [@a]; 3 < 4.\n\n"
    table = "| a | b | c |\n|---|---|---|\n" + "| 1 | 2 | 3 |\n" * 100
    lines = "word word word\n" * 3_000
    assert told_in_body(paragraph * 300 + table + "\n" + lines, "a") == []


def test_more_references_than_anybody_prints_are_refused() -> None:
    keys = [f"k{number}" for number in range(501)]
    assert told_in_body("[" + "; ".join(f"@{key}" for key in keys) + "]", *keys) == TOO_COMPLEX
    assert told_in_body("[" + "; ".join(f"@{key}" for key in keys[:500]) + "]", *keys[:500]) == []


@pytest.mark.parametrize(
    "text",
    [
        ">" * 90_000 + "a",
        "- " * 45_000 + "a",
        "> - " * 20_000 + "a",
        "".join(f"{'  ' * depth}- a\n" for depth in range(200)),
    ],
    ids=["quotes", "lists", "both", "lists in lines"],
)
def test_depth_is_told_once(text: str) -> None:
    assert [code for code, _, _ in told_in_body(text)] == ["nesting-too-deep"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[@a, " + "p. 4 " * 50_000 + "]", "citation-unknown"),
        ("{{ " + "a" * 200_000 + " }}", "merge-tag-unknown"),
        ('{{ first_name | default("' + " " * 200_000, "merge-tag-syntax"),
        ("[a](http://" + "a." * 100_000 + ")", ""),
        ("a" + " " * 200_000 + "\nb", ""),
        ("e" + "\u0301" * 200_000, ""),
        ("word " * 98_000, ""),
    ],
    ids=["suffix", "name", "open tag", "host", "spaces", "accents", "words"],
)
def test_one_endless_thing_is_read_as_what_it_is(text: str, code: str) -> None:
    assert [found for found, _, _ in told_in_body(text)] == ([code] if code else [])


@pytest.mark.parametrize(
    "front",
    [
        "title: " + "[" * 20_000,
        "title: " + "{a: " * 45_000,
        "title: a\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'lol'}]\n" for n in range(12)),
        "title: " + "- " * 20_000,
        "title: a\n" + "? " * 60_000,
        "title: a\n" + "x: y\n" * 60_000,
    ],
    ids=["lists", "maps", "aliases", "dashes", "keys", "too large"],
)
def test_bombs_in_the_front_matter_do_not_go_off(front: str) -> None:
    assert codes(read(f"---\n{front}\n---\n\nText.\n").problems) <= {"front-matter-syntax", "front-matter-too-large"}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("refs.json", "[" * 400_000, "reference-json"),
        ("refs.json", "[" + numbered('{"id":"k#"},', 10_001) + "]", "reference-file-too-large"),
        ("refs.bib", numbered("@book{k#, title={a}}\n", 10_001), "reference-file-too-large"),
        ("refs.bib", "@book{a," * 200_000, "reference-file-too-large"),
        ("refs.bib", " " * 2_000_001, "reference-file-too-large"),
        ("refs.bib", '@book{a, title=' + '"' * 400_000 + "}", "reference-file-too-large"),
        ("refs.bib", numbered("@book{k#, title={" + "\\emph{a}$b$" * 100 + "}}", 300), "reference-file-too-large"),
        ("refs.json", json.dumps([{"id": "a", "type": "book", "title": "b", "author": [{"family": "c"}] * 10_001}]), "reference-names"),
    ],
    ids=["depth", "entries", "BibTeX entries", "open entries", "BibTeX", "quotes", "commands", "names"],
)  # fmt: skip
def test_hostile_references_are_refused(name: str, text: str, code: str, tmp_path: Path) -> None:
    assert code in codes(references_of(tmp_path, name, text))


def test_strings_of_strings_of_strings_do_not_grow(tmp_path: Path) -> None:
    strings = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 60))
    text = '@string{s0 = "lol"}\n' + strings + "@book{a, title = s59, year = 2020}\n"
    assert "reference-file-too-large" not in codes(references_of(tmp_path, "refs.bib", text))


def test_a_disclaimer_of_a_megabyte_is_refused(tmp_path: Path) -> None:
    (tmp_path / "disclaimers").mkdir()
    (tmp_path / "disclaimers" / "general.en.md").write_text("---\nid: general\n---\n" + "No advice. " * 100_000)
    found, problems = load_disclaimers((tmp_path,))
    assert codes(problems) == {"file-too-large"}
    assert "general" not in {one.id for one in found if one.language == "en"}


@pytest.mark.parametrize("value", ["[" * 50_000 + "]" * 50_000, "1" * 5_000], ids=["depth", "number"])
def test_hostile_settings_are_refused(value: str, tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(f"[segments.s]\nall = {value}\n")
    with pytest.raises(BadSettings) as caught:
        load_settings(tmp_path, {})
    assert codes(list(caught.value.problems)) == {"settings-syntax"}


def test_a_word_longer_than_any_line_is_cut_into_full_lines() -> None:
    lines = wrapped("so " + "a" * 500_000, 72).split("\n")
    assert lines[0] == "so " + "a" * 69
    assert {len(line) for line in lines[:-1]} == {72}
    assert "".join(lines) == "so " + "a" * 500_000
