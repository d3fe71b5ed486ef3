"""Hashes of passphrases, weak ones, and the wait after wrong ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.signoff.passphrases import COST, Cost, hashed, matches, waits_until, why_weak

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CHEAP = Cost(2, 1, 1)
SALT = bytes(range(16))
KNOWN = ("Ana Ruiz-Calderon", "ana.ruiz.calderon@example.org")


@given(st.text(max_size=30), st.text(max_size=30))
def test_only_the_passphrase_itself_matches(one: str, other: str) -> None:
    import unicodedata

    stored = hashed(one, SALT, CHEAP)
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert (matches(one, stored), matches(other, stored)) == (True, same)


def test_what_is_stored_names_its_cost_and_salt_and_not_the_passphrase() -> None:
    stored = hashed("four words apart", SALT)
    assert stored.startswith(f"scrypt${COST.n}${COST.r}${COST.p}${SALT.hex()}$")
    assert "four" not in stored
    assert matches("four words apart", stored)
    assert hashed("four words apart", SALT, CHEAP) != hashed("four words apart", SALT[::-1], CHEAP)


def test_an_accent_may_be_typed_in_one_or_two_characters() -> None:
    assert matches(
        "cafe\N{COMBINING ACUTE ACCENT} au lait", hashed("caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait", SALT, CHEAP)
    )


@pytest.mark.parametrize("stored", ["", "scrypt", "scrypt$2$1$1$zz$00", "scrypt$3$1$1$00$00", "md5$2$1$1$00$00"])
def test_nothing_matches_what_is_no_hash(stored: str) -> None:
    assert not matches("", stored)


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [
        ("short", "it has 5 characters, and needs at least 10"),
        ("x" * 201, "more than 200"),
        ("abababababab", "repeats the same few characters"),
        ("ana ruiz calderon", "their name or address"),
        ("Ana.Ruiz.Calderon", "their name or address"),
        ("ana.ruiz.calderon@example.org", "their name or address"),
    ],
)
def test_a_passphrase_that_anybody_could_guess_is_refused(passphrase: str, why: str) -> None:
    assert why in why_weak(passphrase, KNOWN)


def test_a_good_one_is_taken() -> None:
    assert why_weak("staple battery horse", KNOWN) == ""


def test_a_few_slips_cost_nothing_and_then_each_wait_is_longer() -> None:
    assert waits_until(4, NOW) is None
    waits = [waits_until(failed, NOW) for failed in (5, 6, 7, 40, 10**9)]
    assert waits == [NOW + timedelta(minutes=minutes) for minutes in (1, 2, 4, 60, 60)]
    assert waits_until(5, None) is None
