"""Bytes that are not a plain UTF-8 text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable
from newsletter.model.document import Paragraph, Text, every_inline
from newsletter.model.problem import Level
from newsletter.read import read_issue
from tests.read.letters import FRONT, SETTINGS, issue_of, loader, problem, read, read_bytes, told

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = FRONT + "Hello\n\nthere\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_byte_order_mark_and_line_ends_make_no_difference(line_end: str, mark: str) -> None:
    result = read_bytes((mark + PLAIN.replace("\n", line_end)).encode())
    assert result.source == PLAIN
    assert result.problems == ()
    assert [block.content for block in issue_of(result).body if isinstance(block, Paragraph)] == [
        (Text(text="Hello"),),
        (Text(text="there"),),
    ]


def test_the_first_byte_that_is_not_utf8_is_told_with_line_column_and_a_guess() -> None:
    result = read_bytes(b"---\r\ntitle: T\r\n---\r\nRen\xe9e and caf\xe9\r\n")
    found = problem(result, "file-encoding")
    assert (found.place.line, found.place.column) == (4, 4)
    assert "Windows-1252" in found.fix
    assert "`é`" in found.fix
    assert result.issue is None


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_recognised(encoding: str) -> None:
    result = read_bytes(PLAIN.encode(encoding))
    assert told(result) == [("file-encoding", 1, 1)]
    assert "UTF-16" in result.problems[0].message


@pytest.mark.parametrize("content", [b"", b"\n \n\t\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_one_clear_problem(content: bytes) -> None:
    result = read_bytes(content)
    assert [code for code, _, _ in told(result)] == ["file-empty"]
    assert result.issue is None


@pytest.mark.parametrize("size", [1_000_001, 5_000_000])
def test_a_file_that_is_too_large_is_one_clear_problem(size: int) -> None:
    result = read_bytes(b"a" * size)
    assert [code for code, _, _ in told(result)] == ["file-too-large"]
    assert f"{size / 1_000_000:.1f} MB" in result.problems[0].message


def test_a_file_of_the_largest_size_is_read() -> None:
    text = FRONT + "word " * 99_000
    assert read(text).problems == ()


def test_control_characters_are_told_once_a_line_and_replaced() -> None:
    result = read(FRONT + "a\x00b\x00c\n\nd\x1be\u2028f\n")
    assert told(result) == [("control-character", 4, 2), ("control-character", 6, 2)]
    assert "NUL" in result.problems[0].message
    assert "\x00" not in result.source


def test_of_thousands_of_control_characters_the_first_are_told_and_the_rest_are_counted() -> None:
    result = read(FRONT + "a\x00\n" * 5_000)
    assert len(result.problems) == 1_001
    assert "3,999 more places" in result.problems[-1].message
    assert "\x00" not in result.source


def test_private_use_characters_are_told_and_replaced() -> None:
    result = read(FRONT + "an \uf8ff and \U000f0000\ue000\n")
    assert told(result) == [("private-use-character", 4, 4)]
    assert result.problems[0].level is Level.WARNING
    assert list(every_inline(issue_of(result).body)) == [Text(text="an \ufffd and \ufffd\ufffd")]


def test_an_entity_cannot_spell_a_control_or_private_use_character() -> None:
    result = read(FRONT + "a &#xF0000;&#xE000; b &#12; [c](https://e.org/&#983040;)\n\n&#228;\n")
    assert [code for code, _, _ in told(result)] == ["control-character"] * 4
    assert told(result)[0] == ("control-character", 4, 3)
    assert "\U000f0000" not in repr(issue_of(result).body)
    assert "ä" in repr(issue_of(result).body)


def test_emoji_joiners_and_right_to_left_words_pass() -> None:
    assert read(FRONT + "שלום 👩\u200d⚕️ فارسی\u200cها\n").problems == ()


def test_what_the_system_does_not_let_us_read_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        read_issue(tmp_path / "missing.md", SETTINGS, loader())
    (tmp_path / "issue.md").mkdir()
    with pytest.raises(FileUnreadable):
        read_issue(tmp_path / "issue.md", SETTINGS, loader())


@pytest.mark.parametrize("override", ["\u202d", "\u202e"])
def test_a_direction_override_would_make_words_read_otherwise_than_they_are_written(override: str) -> None:
    assert told(read(f"{FRONT}Not {override}abc\n")) == [("control-character", 4, 5)]
    assert told(read(f"{FRONT}\u2067\u05d0\u2069 \u200e1\u200f\n")) == []
