from __future__ import annotations

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.model.identity import identity
from newsletter.subscribers.addresses import _USUAL, checked_address


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org",
        "Ada.King+tag@Mail.Example.COM",
        "o'hara@example.org",
        "a_b-c!#$%&*=?^`{|}~@example.net",
        "ada@practice.test",
        "ada@practice.invalid",
        "ada@PRACTICE.INVALID",
        "POSTMASTER@bücher.example",
        "ada@bücher.example",
        "ada@BÜCHER.example",
        "ada@xn--bcher-kva.example",
        "ada@例え.テスト.example",
        "ada@mañana.invalid",
        "x" * 64 + "@example.org",
        "x@" + ".".join(["y" * 60] * 4) + ".test",
    ],
)
def test_addresses_that_mail_can_be_sent_to_keep_their_spelling(address: str) -> None:
    assert checked_address(address) == address


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("ada", "must have an @-sign"),
        ("@example.org", "something before the @-sign"),
        ("ada@", "something after the @-sign"),
        ("ada@@example.org", "invalid characters"),
        ("ada@example..org", "two periods"),
        (".ada@example.org", "cannot start with a period"),
        ("ada king@example.org", "invalid characters before the @-sign: SPACE"),
        ("Ada <ada@example.org>", "display name and angle brackets"),
        ('"ada king"@example.org', "Quoting the part before the @-sign is not allowed"),
        ('"ada"@example.org', "Quoting the part before the @-sign is not allowed"),
        ("ada@[192.0.2.1]", "bracketed IP address"),
        ("ada@example.org, bob@example.org", "several addresses"),
        ("ada@example.org ::: bob@example.org", "several addresses"),
        ("ada@-example.org", "hyphen"),
        ("ada@ex--ample.org", "two dashes"),
        ("ada@printer.local", "special-use"),
        ("ada@localhost", "should have a period"),
        ("ada@bad..invalid", "two periods"),
        ("x" * 65 + "@example.org", "too long before the @-sign"),
        ("x@" + ".".join(["y" * 60] * 5) + ".test", "too long"),
        ("jörg@example.org", "needs SMTPUTF8, which providers rarely carry"),
        ("ad\u0131@example.org", "needs SMTPUTF8"),
        ("ada\u212a@example.org", "needs SMTPUTF8"),
        ("ada＠example.org", "full-width"),
    ],
)
def test_other_texts_are_refused_with_the_reason(address: str, why: str) -> None:
    with pytest.raises(ValueError, match="(?i)" + why.replace("[", r"\[")) as caught:
        checked_address(address)
    assert address not in str(caught.value)


LABEL = st.from_regex(r"[A-Za-z0-9-]{1,64}", fullmatch=True)
ATOM = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"(),:;<>[\\]@'), max_size=20)
ADDRESS = st.builds(lambda local, labels: f"{local}@{'.'.join(labels)}", ATOM, st.lists(LABEL, max_size=4))


@given(ADDRESS)
@example("a@b.c")
@example("a@b.c1")
@example("a@xn--a.example")
@example("a@b.arpa")
@example("a@b.onion")
@example("\u017f@b.example")
@example("a@b.example\n")
def test_the_fast_pattern_accepts_nothing_that_email_validator_refuses(address: str) -> None:
    if not _USUAL.match(address):
        return
    try:
        validate_email(
            address.replace(".invalid", ".test"), check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError as why:
        pytest.fail(f"{address!r}: {why}")


@given(st.text(max_size=80) | ADDRESS | st.emails())
def test_any_text_is_refused_or_an_address_with_an_identity(text: str) -> None:
    try:
        address = checked_address(text)
        person = identity(address)
    except ValueError:
        return
    assert address == text
    assert person.isascii()
    assert identity(person) == person
