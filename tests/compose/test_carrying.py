"""What is said before anything is sent."""

from __future__ import annotations

import pytest

from newsletter.compose.carrying import envelope_obstacle, letter_obstacle, unsubscribe_link, wire_address
from tests.compose.letters import envelope, letter


@pytest.mark.parametrize("address", ["a@example.org", "o'neill+x@mail.example.org", "A_b.c@localhost", "1@2.example"])
def test_an_ordinary_address_travels_as_it_is(address: str) -> None:
    assert wire_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        *("", "nobody", "@example.org", "a@", "a b@example.org", "a@b@example.org", "a@ex ample.org", ".a@example.org"),
        *("a@example.org\r\nBcc: b@example.org", "a@example.org>", '"a"@example.org', "a,b@example.org", "a@-x.org"),
        *("jörg@example.org", "a@\u2024.example", "x" * 250 + "@example.org"),
    ],
)
def test_what_is_no_plain_address_does_not_travel(address: str) -> None:
    assert wire_address(address) == ""
    assert envelope_obstacle(letter(), envelope(address=address or " "))


def test_a_mailbox_name_in_other_letters_is_told_apart_from_nonsense() -> None:
    assert "before the @" in envelope_obstacle(letter(), envelope(address="jörg@example.org"))
    assert "not an address" in envelope_obstacle(letter(), envelope(address="jorg"))
    assert envelope_obstacle(letter(), envelope(address="jorg@bücher.example")) == ""


@pytest.mark.parametrize(
    "url", ["", "#", "javascript:alert(1)", "https://example.org/" + "x" * 900, "news.example.org"]
)
def test_nobody_is_sent_a_list_mail_without_a_way_to_leave(url: str) -> None:
    assert "unsubscribe" in envelope_obstacle(letter(), envelope(values={"unsubscribe_url": url}))
    assert envelope_obstacle(letter(list_id=""), envelope(values={"unsubscribe_url": url})) == ""


def test_an_unsubscribe_link_is_safe_for_a_header() -> None:
    link = unsubscribe_link({"unsubscribe_url": "https://example.org/ü/<x>\r\nBcc: a@example.org"})
    assert link == "https://example.org/%C3%BC/%3Cx%3E%20%20Bcc:%20a@example.org"


def test_a_letter_that_cannot_be_carried_is_told_as_such() -> None:
    assert letter_obstacle(letter()) == ""
    assert "From" in letter_obstacle(letter(from_address="jörg@example.org"))
    assert "Reply-To" in letter_obstacle(letter(reply_to="desk"))
    assert "Message-ID" in letter_obstacle(letter(domain="a b"))
    assert "list's id" in letter_obstacle(letter(list_id="friends\r\nX: y"))
