"""Header lines, read back by the standard library's parser."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.escaping import one_line
from newsletter.compose.mime_headers import identifier_header, mailbox_header, text_header
from tests.compose.letters import as_name, display_name

TEXT = st.one_of(st.text(max_size=300), st.text(st.sampled_from("ab ,;<>@\"\\=?.()'é🙂"), max_size=120))


@given(TEXT)
def test_a_text_header_reads_back_as_it_was(value: str) -> None:
    raw = text_header("Subject", value)
    header = message_from_bytes(raw + b"\r\n", policy=policy.default)["Subject"]
    assert header == one_line(value)
    assert header.defects == ()


@given(TEXT)
def test_a_mailbox_reads_back_as_it_was(display: str) -> None:
    raw = mailbox_header("To", display, "reader@example.net")
    header = message_from_bytes(raw + b"\r\n", policy=policy.default)["To"]
    assert [address.addr_spec for address in header.addresses] == ["reader@example.net"]
    assert header.defects == ()
    assert display_name(raw, "To") == as_name(display)


@given(TEXT)
def test_every_line_is_short_ascii_and_continued_by_a_space(value: str) -> None:
    for raw in (text_header("Subject", value), mailbox_header("From", value, "letters@example.org")):
        first, *others = raw.decode("ascii").removesuffix("\r\n").split("\r\n")
        assert first.startswith(("Subject:", "From:"))
        assert all(line.startswith(" ") and line.strip() for line in others)
        assert all(len(line) <= 76 and "\n" not in line and "\r" not in line for line in (first, *others))


@pytest.mark.parametrize(
    ("display", "line"),
    [
        ("Ada Moss", b"To: Ada Moss <a@example.net>\r\n"),
        ("O'Neill", b"To: O'Neill <a@example.net>\r\n"),
        ("Moss, Ada", b'To: "Moss, Ada" <a@example.net>\r\n'),
        ('Ada "A" \\', b'To: "Ada \\"A\\" \\\\" <a@example.net>\r\n'),
        ("Zoë", b"To: =?utf-8?b?Wm/Dqw==?= <a@example.net>\r\n"),
        ("", b"To: a@example.net\r\n"),
    ],
)
def test_a_display_name_takes_the_simplest_safe_form(display: str, line: bytes) -> None:
    assert mailbox_header("To", display, "a@example.net") == line


def test_a_long_english_subject_is_folded_and_stays_legible() -> None:
    raw = text_header("Subject", "Running after hip resurfacing: what the studies of the last ten years say about it")
    assert b"=?" not in raw
    assert raw.count(b"\r\n ") == 1


def test_a_long_identifier_stands_on_a_line_of_its_own() -> None:
    assert identifier_header("List-Id", "<a.example>") == b"List-Id: <a.example>\r\n"
    assert identifier_header("X", "y" * 100) == b"X:\r\n " + b"y" * 100 + b"\r\n"
