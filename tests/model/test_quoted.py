"""Words of servers: one line that any database keeps, and nobody's address in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.quoted import LONGEST, cleaned

JANE = "jane.doe@example.org"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 5.1.1 <jane.doe@example.org>: unknown", "550 5.1.1 (address): unknown"),
        ("550 5.1.1 jane.doe... User unknown", "550 5.1.1 (address)... User unknown"),
        ("no mailbox JANE.DOE here", "no mailbox (address) here"),
        ("jane.doesnt is somebody else", "jane.doesnt is somebody else"),
        ('"jane doe"@example.org, o\'brien@example.org', "(address), (address)"),
        ("bounce+jane=example.org@mx.example.com", "(address)"),
        ("https://example.org/?who=someone%40example.net now", "(address) now"),
        ("someone&#64;example.net", "(address)"),
        ("the key SG.abc.def is wrong", "the key (key) is wrong"),
        ("no\x00 such\r\n\tuser \ufffd\ud800 \x1b[31m\u2028here", "no such user [31m here"),
        ("x" * 5_000, "x" * LONGEST),
        ("", ""),
    ],
)
def test_addresses_keys_and_what_cannot_be_shown_are_left_out(said: str, shown: str) -> None:
    assert cleaned(said, JANE) == shown


def test_what_stands_before_a_plus_sign_is_left_out_too() -> None:
    assert cleaned("no jane.doe, no jane.doe+news", "jane.doe+news@example.org") == "no (address), no (address)"


def test_of_several_addresses_none_stays() -> None:
    assert cleaned("jane is ada", "jane@example.org", " ada@example.net") == "(address) is (address)"


def test_no_half_address_stays_where_long_words_are_cut() -> None:
    for before in range(1_970, 2_001):
        assert "jane" not in cleaned("a@b " * 400 + "x" * (before - 1_600) + " jane.doe@example.org")


@given(said=st.text(), address=st.emails() | st.text(max_size=5))
def test_whatever_is_said_can_be_stored_and_shown(said: str, address: str) -> None:
    shown = cleaned(said, address)
    assert len(shown) <= LONGEST
    assert shown.isprintable()
    assert "@" not in shown
    assert cleaned(shown) == shown
