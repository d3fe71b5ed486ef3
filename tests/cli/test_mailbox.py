"""`newsletter mailbox`: what comes back, and who asks to leave, with a real mail server's mailbox."""

from __future__ import annotations

import email
import re
import shutil
import sqlite3
from contextlib import closing
from email import policy
from typing import TYPE_CHECKING

import pytest

from newsletter.keys import DeliveryToken, Keys, MailPurpose
from tests.esp.test_mailbox_reports import delivery_status
from tests.support import workspace as workspaces
from tests.support.imap_server import PASSWORD, running_imap_server
from tests.support.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.imap_server import ImapServer

SECRET = "a-secret-of-these-tests"
READERS = "email,first_name\nada@example.org,Ada\nbob@example.org,Bob\ncleo@example.org,Cleo\n"
LETTER = "From: bob@example.org\nTo: {to}\nSubject: unsubscribe\n\n"


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with running_imap_server() as running:
        yield running


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, server: ImapServer) -> Workspace:
    """A workspace that has sent its issue, to make copies of."""
    made = workspaces.make(
        tmp_path_factory.mktemp("sent") / "here",
        NEWSLETTER_SECRET=SECRET,
        NEWSLETTER_MAILBOX_ADDRESS="news@mail.example.org",
        NEWSLETTER_MAILBOX_HOST="127.0.0.1",
        NEWSLETTER_MAILBOX_PORT=str(server.port),
        NEWSLETTER_MAILBOX_TLS="none",
        MAILBOX_USER="news",
        MAILBOX_PASSWORD=PASSWORD,
    )
    made.import_readers(READERS)
    made.run("send", "walking", "--to", "friends", "--yes")
    return made


@pytest.fixture
def place(sent: Workspace, tmp_path: Path, server: ImapServer) -> Workspace:
    server.begin_anew()
    shutil.copytree(sent.folder, tmp_path / "here")
    return Workspace(tmp_path / "here", dict(sent.environment))


def comes_back_to(place: Workspace, n: int) -> str:
    with closing(sqlite3.connect(place.database)) as connection:
        (link_number,) = connection.execute("SELECT link_number FROM mailings").fetchone()
    token = DeliveryToken(mailing=link_number, n=n)
    return f"news+{Keys([SECRET]).mail_token(MailPurpose.BOUNCE, token)}@mail.example.org"


def address_for_leaving(place: Workspace, n: int) -> str:
    """As the mail itself says it."""
    message = email.message_from_bytes(place.mails()[n - 1].read_bytes(), policy=policy.default)
    (address,) = re.findall(r"<mailto:([^?>]+)\?subject=unsubscribe>", message["List-Unsubscribe"])
    assert "<https://news.example.org/u/" in message["List-Unsubscribe"]
    return str(address)


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def test_who_bounces_is_suppressed_and_who_asks_to_leave_leaves(place: Workspace, server: ImapServer) -> None:
    server.deliver(
        crlf(delivery_status(to=comes_back_to(place, 1), diagnostic="smtp; 550 5.1.1 no such user")),
        crlf(LETTER.format(to=address_for_leaving(place, 2))),
        crlf(LETTER.format(to=comes_back_to(place, 3)).replace("Subject:", "Auto-Submitted: auto-replied\nSubject:")),
    )
    said = place.run("mailbox", "read")
    assert "Read 3 new mails." in said.stdout
    assert said.stderr == ""
    assert "hard bounce" in place.run("suppressions", "show", "ada@example.org").stdout
    assert place.json("suppressions", "show", "bob@example.org")["suppressed"] is None
    left = place.json("subscribers", "show", "bob@example.org")
    assert [entry["status"] for entry in left["lists"]] == ["unsubscribed"]
    assert [entry["status"] for entry in place.json("subscribers", "show", "cleo@example.org")["lists"]] == [
        "subscribed"
    ]
    again = place.run("mailbox", "read")
    assert (again.stdout, again.stderr) == ("", "")


def test_a_letter_by_a_person_is_named_and_lost_to_nobody(place: Workspace, server: ImapServer) -> None:
    server.deliver(crlf(f"From: ada@example.org\nTo: {comes_back_to(place, 1)}\nSubject: Hello\n\nA question\n"))
    said = place.json("mailbox", "read", code=1)
    assert (said["mails"], [one["fault"] for one in said["faults"]]) == (1, ["a letter"])
    assert "ada@example.org" not in place.run("events", "faults").stdout


def test_quiet_says_nothing_unless_somebody_has_to_look(place: Workspace, server: ImapServer) -> None:
    server.deliver(crlf(delivery_status(to=comes_back_to(place, 1), diagnostic="smtp; 550 5.1.1 no such user")))
    read = place.run("mailbox", "read", "-q")
    assert (read.stdout, read.stderr) == ("", "")
    assert "hard bounce" in place.run("suppressions", "show", "ada@example.org").stdout
    server.deliver(crlf(f"From: ada@example.org\nTo: {comes_back_to(place, 1)}\nSubject: Hello\n\nA question\n"))
    assert "a letter" in place.run("mailbox", "read", "-q", code=1).stdout
    assert place.run("events", "handle", "-q").stdout == ""


def test_a_mail_server_can_hand_mails_over_by_a_pipe(place: Workspace) -> None:
    report = delivery_status(to="undisclosed-recipients:;")
    done = place.run("mailbox", "take", comes_back_to(place, 3), stdin=report)
    assert (done.stdout, done.stderr) == ("", "")
    place.run("events", "handle")
    assert "hard bounce" in place.run("suppressions", "show", "cleo@example.org").stdout


def test_a_mail_that_comes_to_several_addresses_at_once_counts_for_each(place: Workspace) -> None:
    report = delivery_status(to="undisclosed-recipients:;")
    place.run("mailbox", "take", comes_back_to(place, 1), comes_back_to(place, 3), stdin=report)
    place.run("events", "handle")
    for reader in ("ada@example.org", "cleo@example.org"):
        assert "hard bounce" in place.run("suppressions", "show", reader).stdout


def test_what_cannot_be_kept_is_left_to_the_mail_server(place: Workspace) -> None:
    place.environment["NEWSLETTER_DATABASE_URL"] = "sqlite:////nowhere/at/all.db"
    done = place.run("mailbox", "take", "news@mail.example.org", stdin=delivery_status(), code=75)
    assert "should try again" in done.stderr
    assert "/nowhere/at/all.db: No such file or directory" in done.stderr
    assert "newsletter db" in done.stderr or "run the command again" in done.stderr
    assert "ada@example" not in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("MAILBOX_PASSWORD", "wrong", "does not accept MAILBOX_USER and MAILBOX_PASSWORD"),
        ("MAILBOX_PASSWORD", "", "MAILBOX_PASSWORD is not set"),
        ("NEWSLETTER_MAILBOX_HOST", "", "none is set up"),
        ("NEWSLETTER_MAILBOX_ADDRESS", f"{'n' * 31}@mail.example.org", "too long before the @"),
        ("NEWSLETTER_MAILBOX_ADDRESS", "news+b@mail.example.org", "has a + already"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_said_in_words(
    place: Workspace, variable: str, value: str, words: str
) -> None:
    place.environment[variable] = value
    assert words in place.run("mailbox", "read", code=5).stderr


def test_without_a_mailbox_no_mail_names_one(tmp_path: Path) -> None:
    place = workspaces.make(tmp_path / "here")
    place.import_readers(READERS)
    place.run("send", "walking", "--to", "friends", "--yes")
    assert b"mailto:" not in place.mails()[0].read_bytes().partition(b"\r\n\r\n")[0]
