"""Whatever the file holds: a result with true places, never a traceback, and no word of a real letter lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.model.document import (
    Citation,
    Code,
    CodeBlock,
    Image,
    MergeTag,
    Text,
    TypedBlock,
    cited_keys,
    every_inline,
    plain_words,
    walk_blocks,
)
from newsletter.read import read_issue
from tests.read.letters import FRONT, SETTINGS, issue_of, loader, read, read_body, read_bytes

if TYPE_CHECKING:
    from newsletter.model.document import Block
    from newsletter.read import ReadResult

MARKS = [
    "::: callout\n",
    ":::\n",
    "{{ city }}",
    "{{",
    "}}",
    "[@a]",
    "@a",
    "[x](",
    "![",
    "](b.png)",
    "**",
    "- ",
    "> ",
    "\n\n",
]
MARKS += [
    "|a|b|\n|-|-|\n",
    "```\n",
    "    ",
    "\t",
    "<b>",
    "<!--",
    "-->",
    "---\n",
    "## ",
    "# ",
    "1. ",
    "\\",
    "`",
    "&amp;",
    ":",
    '"',
]
ANY_MARKDOWN = st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=40).map("".join)


def assert_places_are_true(result: ReadResult) -> None:
    lines = result.source.split("\n")
    for found in result.problems:
        if result.issue and found.place.file.endswith("issue.md") and found.place.line:
            assert 1 <= found.place.line <= len(lines)
            assert 1 <= found.place.column <= len(lines[found.place.line - 1]) + 1
    if result.issue:
        for block in walk_blocks(result.issue.body):
            assert 1 <= block.at.line <= len(lines)
            assert 1 <= block.at.column <= len(lines[block.at.line - 1]) + 1


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert_places_are_true(read_bytes(text.encode("utf-8", "surrogatepass"), "a"))


@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    assert_places_are_true(read_bytes(content))


@given(ANY_MARKDOWN)
@example("|a|\n|-|\n|\\||")
@example("\t- x\n\t\t> [@zz]")
def test_any_body_is_read(text: str) -> None:
    assert_places_are_true(read_body(text, "a"))


@given(ANY_MARKDOWN)
def test_no_mask_is_left_behind(text: str) -> None:
    assert not re.search("[\ue000-\uf8ff\U000f0000-\U0010ffff]", repr(read_body(text, "a")))


@given(ANY_MARKDOWN)
def test_reading_twice_gives_the_same(text: str) -> None:
    one, other = (re.sub(r"file='[^']*'", "", repr(issue_of(read_body(text, "a")).body)) for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "[" * 100_000,
        "![" * 10_000,
        "[" * 3_000 + "x" + "](https://a.b)" * 3_000,
        ">" * 5_000 + " x",
        "- " * 5_000 + "x",
        "*" * 100_000,
        "*a " * 20_000,
        "*a **b " * 5_000,
        "[@a] " * 10_000,
        "[@zz]\n" * 10_000,
        "[@a " * 10_000,
        "[" + "@a;" * 20_000 + "]",
        "@a" + ".a" * 50_000,
        "{{" * 50_000,
        '{{"' * 30_000,
        "{{ a | default('" * 10_000,
        "::: callout\n" * 5_000,
        "::: callout\n" * 5_000 + ":::\n" * 5_000,
        "::: callout " + 'a="b" ' * 10_000,
        "<a " * 50_000,
        "<!-- " * 10_000,
        "`" * 100_000,
        "&#xE000;" * 10_000,
        "|a|b|\n|-|-|\n" + "|c|d|\n" * 5_000,
        "[a\n" * 10_000,
        "## foo\n" * 5_000,
        "[x](" + "www." * 50_000 + ")",
        "a\n" * 50_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_bodies_end_with_a_result(text: str) -> None:
    result = read_body(text, "a")
    assert_places_are_true(result)
    if result.issue is None:
        assert [problem.code for problem in result.problems] == ["body-too-complex"]
    else:
        assert len(list(every_inline(result.issue.body))) < 300_000


def words_of(block: Block) -> str:
    match block:
        case CodeBlock():
            return block.text
        case TypedBlock():
            return " ".join(plain_words(value) for value in block.attributes.values())
        case _:
            return ""


def all_words(result: ReadResult) -> list[str]:
    """Every word of the tree, in any order."""
    pieces: list[str] = []
    body = issue_of(result).body
    pieces += [words_of(block) for block in walk_blocks(body)]
    for inline in every_inline(body):
        match inline:
            case Text() | Code():
                pieces.append(inline.text)
            case MergeTag():
                pieces.append(inline.fallback or "")
            case Image():
                pieces.append(inline.alt)
            case Citation():
                pieces += [f"{item.prefix} {item.suffix}" for item in inline.items]
    return sorted(re.findall(r"\w+", " ".join(pieces)))


WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäß", min_size=1, max_size=8)
LINE = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
STYLED = st.one_of(
    LINE,
    LINE.map(lambda line: f"**{line}**"),
    LINE.map(lambda line: f"*{line}* [@a, {line}]"),
    LINE.map(lambda line: f"[{line}](https://example.org)"),
    LINE.map(lambda line: f'{{{{ city | default("{line}") }}}}'),
    LINE.map(lambda line: f"`{line}`"),
    LINE.map(lambda line: f"{line} ![{line}](x.png)"),
)
SIMPLE = st.one_of(
    STYLED,
    LINE.map(lambda line: f"## {line}"),
    st.lists(STYLED, min_size=1, max_size=4).map(lambda lines: "\n".join(f"- {line}" for line in lines)),
    st.lists(STYLED, min_size=1, max_size=4).map(
        lambda lines: "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))
    ),
    st.lists(STYLED, min_size=1, max_size=3).map(lambda lines: "\n".join(f"> {line}" for line in lines)),
    st.tuples(STYLED, STYLED, STYLED).map(lambda row: f"| {row[0]} | {row[1]} |\n|---|---|\n| {row[2]} | {row[0]} |"),
    LINE.map(lambda line: f"```\n{line}\n```"),
)
BLOCKY = st.one_of(
    SIMPLE,
    st.tuples(LINE, st.lists(SIMPLE, min_size=1, max_size=3).map("\n\n".join)).map(
        lambda pair: f'::: callout title="{pair[0]}"\n{pair[1]}\n:::'
    ),
    LINE.map(lambda line: f'::: button href="https://example.org"\n{line}\n:::'),
    st.tuples(LINE, STYLED).map(lambda pair: f'::: figure src="x.png" alt="{pair[0]}"\n{pair[1]}\n:::'),
)
#: what is no word of the author's
SYNTAX = re.compile(
    r"::: \w+( href=\"[^\"]*\"| src=\"[^\"]*\"| alt=| title=)*|\]\([^)]*\)|@a|\{\{ city \| default\(|^\d+\. ",
    re.MULTILINE,
)


@given(st.lists(BLOCKY, min_size=1, max_size=8).map("\n\n".join))
def test_every_word_of_a_letter_is_in_the_tree(text: str) -> None:
    result = read_body(text, "a")
    written = sorted(re.findall(r"\w+", SYNTAX.sub(" ", text)))
    found = all_words(result)
    # words of link targets: in the tree, and no words of the author's
    targets = {"https", "example", "org", "x", "png"}
    assert [w for w in found if w not in targets] == [w for w in written if w not in targets]


def test_the_sample_letter_is_read_completely() -> None:
    path = Path(__file__).parents[2] / "issues" / "running-after-hip-resurfacing" / "issue.md"
    keys = ("fouilleron2012", "leduff2012", "wiik2019", "mclawhorn2020", "eremina2021", "smith2014")
    result = read_issue(path, SETTINGS, loader(*keys))
    assert result.problems == ()
    assert set(cited_keys(issue_of(result).body)) == set(keys)
    text = result.source.split("---\n", 2)[2]
    for word in re.findall(
        r"[A-Za-z]{4,}", re.sub(r"\{\{[^}]*\}\}|\[@[^\]]*\]|^:::.*$", " ", text, flags=re.MULTILINE)
    ):
        assert word in all_words(result)


def test_a_long_letter_with_many_sections() -> None:
    section = (
        "## Section {n}\n\nWords number {n} with a claim [@a, p. {n}; @b].\n\n> Quoted words {n} [@b]\n\n"
        '- point {n}\n- another *point* {n}\n\n::: quote attribution="Ann {n}"\nSaid {n} [see @a]\n:::\n\n'
    )
    result = read(FRONT + "".join(section.format(n=n) for n in range(1000, 1200)))
    assert "citation-unknown" in {found.code for found in result.problems}
    result = read_body("".join(section.format(n=n) for n in range(1000, 1200)), "a", "b")
    assert result.problems == ()
    found = all_words(result)
    assert all(found.count(str(n)) == 8 for n in range(1000, 1200))
    assert sum(isinstance(inline, Citation) for inline in every_inline(issue_of(result).body)) == 600
