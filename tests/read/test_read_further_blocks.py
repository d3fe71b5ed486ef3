"""Columns, tables with a caption, contents, events, authors, related links: what is read, and what their authors get wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.document import Heading, List, Paragraph, Table, TypedBlock, plain_words, walk_blocks
from newsletter.model.moments import ends_before, in_zone, read_moment
from newsletter.model.shares import NARROWEST, parts_of, read_share
from tests.read.letters import TOP, issue_of, only, problem, read_body, told_in_body

ZONE = ZoneInfo("America/Los_Angeles")
COLUMNS = "::: columns\n::: column\na\n:::\n::: column\nb\n:::\n:::\n"


def kinds(text: str) -> list[str]:
    blocks = walk_blocks(issue_of(read_body(text)).body)
    return [block.name if isinstance(block, TypedBlock) else type(block).__name__ for block in blocks]


def codes(text: str) -> list[str]:
    return [code for code, _, _ in told_in_body(text)]


def test_columns_hold_their_columns() -> None:
    columns = only('::: columns\n::: column width="2"\na\n\n- b\n:::\n::: column\nc\n:::\n:::')
    assert isinstance(columns, TypedBlock)
    first, second = columns.blocks
    assert isinstance(first, TypedBlock)
    assert isinstance(second, TypedBlock)
    assert [type(block) for block in first.blocks] == [Paragraph, List]
    assert plain_words(first.attributes["width"]) == "2"
    assert second.at.line == TOP + 6


def test_columns_may_stand_in_a_column_and_in_a_callout() -> None:
    assert codes(f"::: callout\n{COLUMNS}:::") == []
    assert codes(f"::: columns\n::: column\n{COLUMNS}:::\n::: column\nx\n:::\n:::") == []


@pytest.mark.parametrize(
    "around", ["{}", "::: callout\n{}\n:::", "::: columns\n::: column\n{}\n:::\n::: column\nb\n:::\n:::"]
)
def test_a_column_elsewhere_is_told_and_its_words_are_kept(around: str) -> None:
    result = read_body(around.format("::: column\nwords\n:::"))
    found = problem(result, "block-place")
    assert "::: columns" in found.fix
    assert "Paragraph" in kinds(around.format("::: column\nwords\n:::"))


def test_what_stands_between_columns_is_told_where_it_stands_and_kept() -> None:
    text = "::: columns\n::: column\na\n:::\nstray\n\n::: column\nb\n:::\n:::"
    assert told_in_body(text) == [("block-content", 5, 1)]
    assert kinds(text) == ["Paragraph", "Paragraph", "Paragraph"]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_columns_are_two_to_four(count: int) -> None:
    text = "::: columns\n" + "::: column\nx\n:::\n" * count + ":::"
    assert told_in_body(text) == [("block-content", 1, 1)]


@pytest.mark.parametrize("width", ["wide", "0", "-1", "200px", "1/0", "0/3", "", "nan"])
def test_a_width_that_is_no_share_is_told(width: str) -> None:
    text = f'::: columns\n::: column width="{width}"\na\n:::\n::: column\nb\n:::\n:::'
    assert told_in_body(text) == [("block-attribute-value", 2, 12)]


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        (("", ""), ("1/2", "1/2")),
        (("2", "1"), ("2/3", "1/3")),
        (("2", ""), ("2/3", "1/3")),
        (("60%", ""), ("3/5", "2/5")),
        (("1/3", "2/3"), ("1/3", "2/3")),
        (("1.5", "1.5", "3"), ("1/4", "1/4", "1/2")),
        (("100", "1"), ("800/901", "101/901")),
    ],
)
def test_shares_become_parts_of_the_width(written: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert parts_of([read_share(text) for text in written]) == [Fraction(part) for part in parts]


@given(st.lists(st.one_of(st.none(), st.fractions(Fraction(1, 1000), 9999)), min_size=1, max_size=6))
def test_parts_are_a_whole_and_none_is_tiny(shares: list[Fraction | None]) -> None:
    parts = parts_of(shares)
    assert sum(parts) == 1
    assert min(parts) > NARROWEST / 2


def test_a_table_block_holds_its_table() -> None:
    table = only('::: table caption="Steps {{ issue.title }}"\n| a |\n|--|\n| b |\n:::')
    assert isinstance(table, TypedBlock)
    assert [type(block) for block in table.blocks] == [Table]
    assert plain_words(table.attributes["caption"]) == "Steps Knees"


@pytest.mark.parametrize(
    ("content", "line"),
    [("words", 2), ("", 1), ("| a |\n|--|\n| b |\n\nwords", 6), ("| a |\n|--|\n\n| b |\n|--|", 1), ("- a", 2)],
)
def test_a_table_block_with_anything_else_is_told_and_its_words_are_kept(content: str, line: int) -> None:
    text = f"::: table\n{content}\n:::"
    assert told_in_body(text) == [("block-content", line, 1)]
    assert "table" not in kinds(text)


def test_contents_hold_nothing() -> None:
    assert codes("::: contents\n:::\n\n## a\n\nb") == []
    text = "::: contents\n## a\n\nb\n:::"
    assert told_in_body(text) == [("block-content", 2, 1)]
    assert kinds(text) == ["contents", "Heading", "Paragraph"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("::: columns\n{}::: column\na\n:::\n:::\n::: column\nb\n:::\n:::", "into the `column`"),
        ("::: columns\n{}a\n:::\n::: column\nb\n:::\n:::", "into a `column`"),
        ("::: table\n{}| a |\n|---|\n| 1 |\n:::\n:::", "around the whole `table`"),
        ("::: related\n{}- [a](https://example.org)\n:::\n:::", "around the whole `related`"),
        ('::: button href="https://example.org"\n{}a\n:::\n:::', "around the whole `button`"),
    ],
)
@pytest.mark.parametrize("name", ["only", "except"])
def test_a_part_for_some_readers_in_the_wrong_place_is_told_where_to_go(text: str, hint: str, name: str) -> None:
    fixes = [problem.fix for problem in read_body(text.format(f'::: {name} audience="runners"\n')).problems]
    assert any(f"::: {name}" in fix and hint in fix for fix in fixes)


def test_an_anchor_within_contents_is_there_once() -> None:
    blocks = issue_of(read_body("::: contents\n## a\n\nb\n:::")).body
    assert [block.anchor for block in walk_blocks(blocks) if isinstance(block, Heading)] == ["a"]


def test_an_event_needs_a_title_and_a_start() -> None:
    assert codes("::: event\nx\n:::") == ["block-missing-attribute", "block-missing-attribute"]
    assert codes('::: event title="" start="2026-12-01"\nx\n:::') == ["block-attribute-value"]
    assert codes('::: event title="{{ city | default("Talk") }}" start="2026-12-01"\n:::') == []


@pytest.mark.parametrize("text", ["soon", "", "2026-13-01", "1 December", "2026-12-01T25:00", "12:30"])
@pytest.mark.parametrize("key", ["start", "end"])
def test_a_date_that_is_none_is_told_where_it_stands(key: str, text: str) -> None:
    other = 'start="2026-12-01" ' if key == "end" else ""
    result = read_body(f'::: event title="a" {other}{key}="{text}"\n:::')
    found = problem(result, "block-attribute-value")
    assert found.place.column == 21 + len(other)
    assert f'{key}="2026-12-01T18:00"' in found.fix


def test_a_date_is_the_same_for_all_readers() -> None:
    assert codes('::: event title="a" start="{{ city | default("2026-12-01") }}"\n:::') == ["merge-tag-place"]


def test_moments_are_days_or_times() -> None:
    assert read_moment(" 2026-12-01 ") == date(2026, 12, 1)
    assert read_moment("2026-12-01 18:00") == datetime(2026, 12, 1, 18)  # noqa: DTZ001
    elsewhere = datetime(2026, 12, 1, 18, tzinfo=timezone(timedelta(hours=1)))
    assert read_moment("2026-12-01T18:00+01:00") == elsewhere
    assert read_moment("2026-12-01T18:00Z") == datetime(2026, 12, 1, 18, tzinfo=UTC)


def test_an_offset_that_the_zone_has_belongs_to_the_zone() -> None:
    for text, offset in (("2026-12-01T18:00-08:00", -8), ("2026-07-01T18:00-07:00", -7), ("2026-07-01T18:00", -7)):
        moment = in_zone(read_moment(text) or date.min, ZONE)
        assert isinstance(moment, datetime)
        assert (moment.tzinfo, moment.utcoffset(), moment.hour) == (ZONE, timedelta(hours=offset), 18)
    other = read_moment("2026-07-01T18:00+02:00") or date.min
    assert in_zone(other, ZONE) is other


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2026-12-01", "2026-12-01", False),
        ("2026-12-02", "2026-12-01", True),
        ("2026-12-01T18:00", "2026-12-01T18:00", False),
        ("2026-12-01T18:00", "2026-12-01T17:59", True),
        ("2026-12-01T18:00", "2026-12-01", False),
        ("2026-12-01", "2026-11-30T23:00", True),
        ("2026-12-01T18:00", "2026-12-02T03:00+01:00", False),
        ("2026-12-01T18:00", "2026-12-02T02:59+01:00", True),
    ],
)
def test_an_end_before_its_start(start: str, end: str, wrong: bool) -> None:
    begins, ends = read_moment(start), read_moment(end)
    assert begins
    assert ends
    assert ends_before(begins, ends, ZONE) is wrong


@given(st.text(max_size=40))
def test_any_text_is_a_moment_a_share_or_nothing(text: str) -> None:
    assert isinstance(read_moment(text), date | None)
    share = read_share(text)
    assert share is None or share > 0


def test_an_author_needs_a_name_only() -> None:
    assert codes('::: author name="Ann"\n:::') == []
    assert codes("::: author\n:::") == ["block-missing-attribute"]
    assert codes('::: author name=" " src="../x.png" href="javascript:x"\n:::') == [
        "block-attribute-value",
        "image-source",
        "link-target",
    ]


def test_related_is_a_list_of_links() -> None:
    related = only("::: related\n- [a](https://example.org/a): why\n- [b](#top)\n:::")
    assert isinstance(related, TypedBlock)
    assert [type(block) for block in related.blocks] == [List]


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("", 1, 1),
        ("[a](https://example.org)", 1, 1),
        ("- [a](https://example.org)\n- words", 3, 1),
        ("- words [a](https://example.org)", 2, 1),
        ("- [a](https://example.org)\n\n  more", 2, 1),
        ("- [a](https://example.org)\n  - [b](https://example.org/b)", 2, 1),
        ("- [a](https://example.org)\n\nwords", 1, 1),
    ],
)
def test_related_with_anything_else_is_told(content: str, line: int, column: int) -> None:
    assert told_in_body(f"::: related\n{content}\n:::") == [("block-content", line, column)]
