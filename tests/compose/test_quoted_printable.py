"""Quoted-printable, decoded by the standard library."""

from __future__ import annotations

import binascii

from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.quoted_printable import SOFT_BREAK, encode

TEXT = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
    st.text(st.sampled_from(".\n =\tFrom é"), max_size=200),
)


@given(TEXT)
def test_decoding_gives_the_text_back(text: str) -> None:
    decoded = binascii.a2b_qp(encode(text)).decode()
    assert decoded == text.replace("\r\n", "\n").replace("\n", "\r\n")


@given(TEXT, TEXT)
def test_pieces_joined_by_soft_breaks_are_the_text_in_one(one: str, other: str) -> None:
    joined = binascii.a2b_qp(encode(one) + SOFT_BREAK + encode(other)).decode()
    assert joined.replace("\r\n", "\n") == one.replace("\r\n", "\n") + other.replace("\r\n", "\n")


@given(TEXT)
def test_every_row_is_short_ascii_without_a_leading_dot_or_from_or_trailing_space(text: str) -> None:
    for row in encode(text).split(b"\r\n"):
        assert len(row) <= 76
        assert all(32 <= octet < 127 or octet == 9 for octet in row)
        assert not row.startswith((b".", b"From "))
        assert not row.endswith((b" ", b"\t"))
