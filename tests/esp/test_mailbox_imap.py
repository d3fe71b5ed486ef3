"""Reading a mailbox of a real IMAP server (Dovecot)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ServiceMissing
from newsletter.esp.mailbox.imap import Place, new_mails
from newsletter.settings.schema import MailboxSection, Tls
from tests.support.imap_server import PASSWORD, running_imap_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.imap_server import ImapServer


@pytest.fixture(scope="module")
def running() -> Iterator[ImapServer]:
    with running_imap_server() as server:
        yield server


@pytest.fixture
def server(running: ImapServer) -> ImapServer:
    running.begin_anew()
    return running


def mailbox(server: ImapServer, **other: object) -> MailboxSection:
    settings = MailboxSection(address="news@mail.example.org", host="127.0.0.1", port=server.port, tls=Tls.NONE)
    return settings.model_copy(update=other)


def numbered(numbers: range) -> list[bytes]:
    return [f"Subject: {n}\r\n\r\nNumber {n}\r\n".encode() for n in numbers]


def read(server: ImapServer, after: Place, most: int = 1000, password: str = PASSWORD) -> tuple[Place, list[bytes]]:
    portions = list(new_mails(mailbox(server), "news", password, after, most))
    return (portions[-1][0] if portions else after), [mail for _, portion in portions for mail in portion]


def test_each_mail_is_read_once_in_the_order_in_which_they_came(server: ImapServer) -> None:
    server.deliver(*numbered(range(120)))
    place, mails = read(server, Place())
    assert mails == numbered(range(120))
    assert read(server, place) == (place, [])
    server.deliver(*numbered(range(120, 123)))
    assert read(server, place)[1] == numbered(range(120, 123))


def test_a_run_ends_after_so_many_and_the_next_goes_on(server: ImapServer) -> None:
    server.deliver(*numbered(range(30)))
    place, first = read(server, Place(), most=20)
    assert first + read(server, place)[1] == numbered(range(30))


def test_nothing_changes_in_the_mailbox(server: ImapServer) -> None:
    server.deliver(*numbered(range(3)))
    assert read(server, Place()) == read(server, Place())


def test_a_mailbox_that_was_made_anew_is_read_from_the_beginning(server: ImapServer) -> None:
    server.deliver(*numbered(range(3)))
    place, _ = read(server, Place())
    assert read(server, Place(validity=place.validity + 1, uid=place.uid))[1] == numbered(range(3))


def test_of_an_enormous_mail_the_beginning_is_read(server: ImapServer) -> None:
    server.deliver(b"Subject: large\r\n\r\n" + b"x" * 70 + b"\r\n" + b"y" * 900_000)
    (mail,) = read(server, Place())[1]
    assert mail.startswith(b"Subject: large")
    assert len(mail) == 200_000


def test_what_is_wrong_is_said_in_words_and_never_with_the_password(server: ImapServer) -> None:
    wrong = {
        "does not accept MAILBOX_USER": (mailbox(server), "another"),
        "no folder Bounces": (mailbox(server, folder="Bounces"), PASSWORD),
        "cannot be reached": (mailbox(server, port=1), PASSWORD),
        "no encrypted connection": (mailbox(server, tls=Tls.IMPLICIT), PASSWORD),
        "offers no STARTTLS": (mailbox(server, tls=Tls.STARTTLS), PASSWORD),
    }
    for words, (settings, password) in wrong.items():
        with pytest.raises(ServiceMissing, match=words) as found:
            list(new_mails(settings, "news", password, Place(), 10))
        assert password not in str(found.value)


@pytest.mark.parametrize("text", ["", "x", "1 x", "x 1", "-1 5"])
def test_a_place_that_cannot_be_read_is_the_beginning(text: str) -> None:
    assert Place.parse(text) == Place()
    assert Place.parse(str(Place(validity=3, uid=7))) == Place(validity=3, uid=7)
