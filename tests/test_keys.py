"""Tokens and hashes."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.keys import DeliveryToken, Keys, MailPurpose

numbers = st.integers(0, 2**32 - 1)
ALPHABET = string.ascii_letters + string.digits + "-_"


@given(mailing=numbers, n=numbers)
def test_a_token_comes_back_as_what_it_stands_for(mailing: int, n: int) -> None:
    token = DeliveryToken(mailing=mailing, n=n)
    text = Keys(["a"]).token(token)
    assert Keys(["a"]).read_token(text) == token
    assert (len(text), set(text) <= set(ALPHABET)) == (32, True)


@given(st.integers(0, 31), st.sampled_from(ALPHABET))
def test_any_other_character_makes_a_token_worthless(position: int, character: str) -> None:
    text = Keys(["a"]).token(DeliveryToken(mailing=7, n=9))
    forged = text[:position] + character + text[position + 1 :]
    assert forged == text or Keys(["a"]).read_token(forged) is None


@given(st.text())
def test_no_text_is_a_token_by_chance(text: str) -> None:
    assert Keys(["a"]).read_token(text) is None


def test_old_keys_verify_for_ever_and_the_new_one_signs() -> None:
    token = DeliveryToken(mailing=1, n=2)
    old, rotated = Keys(["old"]), Keys(["new", "old"])
    assert rotated.read_token(old.token(token)) == token
    assert rotated.token(token) != old.token(token)
    assert old.read_token(rotated.token(token)) is None


def test_a_new_secret_signs_even_if_it_shares_its_id_with_an_old_one() -> None:
    token = DeliveryToken(mailing=1, n=2)
    alone = Keys(["old"])
    twin = next(f"new {n}" for n in range(10_000) if Keys([f"new {n}"]).token(token)[:2] == alone.token(token)[:2])
    rotated = Keys([twin, "old"])
    assert rotated.token(token) == Keys([twin]).token(token) != alone.token(token)
    assert rotated.read_token(alone.token(token)) == token


def test_rotation_keeps_the_hash_of_every_identity() -> None:
    assert Keys(["new", "old"]).identity_hash("ada@example.org") == Keys(["old"]).identity_hash("ada@example.org")
    assert Keys(["new"]).identity_hash("ada@example.org") != Keys(["old"]).identity_hash("ada@example.org")


@given(secret=st.text(min_size=1), identities=st.lists(st.text(max_size=300)))
def test_many_hashes_at_once_are_the_same(secret: str, identities: list[str]) -> None:
    keys = Keys([secret])
    assert keys.identity_hashes(identities) == [keys.identity_hash(one) for one in identities]


def test_keys_are_never_printed() -> None:
    assert "hush" not in repr(Keys(["hush"]))


@pytest.mark.parametrize("secrets", [[], [""], ["a", ""]])
def test_an_empty_secret_is_no_secret(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="none of them empty"):
        Keys(secrets)


@given(mailing=numbers, n=numbers, purpose=st.sampled_from(MailPurpose))
def test_a_mail_token_comes_back_whatever_became_of_the_case_of_its_letters(
    mailing: int, n: int, purpose: MailPurpose
) -> None:
    token = DeliveryToken(mailing=mailing, n=n)
    text = Keys(["a"]).mail_token(purpose, token)
    assert re.fullmatch(r"[bu][a-z2-7]{32}", text)
    assert Keys(["a"]).read_mail_token(text) == Keys(["a"]).read_mail_token(text.upper()) == (purpose, token)
    assert Keys(["new", "a"]).read_mail_token(text) == (purpose, token)
    assert Keys(["b"]).read_mail_token(text) is None


@given(st.integers(0, 32), st.sampled_from(string.ascii_lowercase + string.digits))
def test_any_other_letter_makes_a_mail_token_worthless(position: int, letter: str) -> None:
    text = Keys(["a"]).mail_token(MailPurpose.BOUNCE, DeliveryToken(mailing=7, n=9))
    forged = text[:position] + letter + text[position + 1 :]
    assert forged == text or Keys(["a"]).read_mail_token(forged) is None


@given(st.text())
def test_no_text_is_a_mail_token_by_chance(text: str) -> None:
    assert Keys(["a"]).read_mail_token(text) is None


@given(mailing=st.integers(0, 2**32 - 1), n=st.integers(0, 2**32 - 1))
def test_tokens_made_one_after_the_other_are_the_same(mailing: int, n: int) -> None:
    keys = Keys(["new secret", "old secret"])
    token = DeliveryToken(mailing=mailing, n=n)
    assert keys.tokens_of(mailing)(n) == keys.token(token)
    assert keys.read_token(keys.tokens_of(mailing)(n)) == token
