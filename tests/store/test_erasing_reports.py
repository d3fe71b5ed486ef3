"""Reports as they came lose whoever is erased, in whatever way a mail writes it, while others go on working."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from newsletter.esp.mailbox.reader import MailboxReader
from newsletter.keys import DeliveryToken, MailPurpose
from newsletter.pipeline.handling import Handler
from newsletter.store.events import erasing as reports
from newsletter.store.events import inbox
from newsletter.store.people import erasing
from newsletter.store.people.sought import look_ahead
from tests.support.readers import KEYS, hash_of
from tests.support.reports import LATER, ReportDesk, entry, report

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store

JANE, BOB = "jane.doe@example.org", "bob@example.org"
HEAD = "From: mailer@example.com\r\nTo: letters@example.org\r\n"


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path)


def add(desk: ReportDesk, *bodies: str | bytes, esp: str = "mailbox", handled: bool = True) -> None:
    with desk.store.write() as connection:
        for body in bodies:
            number = inbox.add(connection, esp, body.encode() if isinstance(body, str) else body, LATER)
            if handled:
                inbox.done(connection, {number: ""})


def erase(desk: ReportDesk, address: str = JANE, tokens: set[str] = frozenset()) -> None:  # type: ignore[assignment]
    with desk.store.read() as connection:
        looked = look_ahead(connection, hash_of(address), address, tokens)
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(address), address, LATER, looked)


def bodies(desk: ReportDesk) -> list[bytes]:
    return [row["body"] for row in desk.rows("event_inbox")]


def mail(text: str, encoding: str = "7bit", more: str = "") -> str:
    return f"{HEAD}{more}Content-Type: text/plain\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{text}"


def in_base64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


ENCODED = [
    mail(in_base64(f"Your message to {JANE} could not be delivered."), "base64"),
    mail("Your message to jane.=\r\ndoe=40example.org failed.\r\n", "quoted-printable"),
    mail("hello", more=f"Subject: =?utf-8?B?{base64.b64encode(JANE.encode()).decode()}?=\r\n"),
    "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n"
    + mail(in_base64(JANE), "base64")
    + "\r\n--x--\r\n",
]


def test_a_mail_is_emptied_however_it_writes_the_address(desk: ReportDesk) -> None:
    desk.subscribe(JANE, BOB)
    add(desk, *ENCODED, mail(in_base64(BOB), "base64"))
    erase(desk)
    assert [len(body) > 0 for body in bodies(desk)] == [False] * len(ENCODED) + [True]


def test_a_mail_that_names_the_delivery_alone_is_emptied(desk: ReportDesk) -> None:
    number = desk.mailed(JANE, BOB)
    token = DeliveryToken(mailing=desk.mailing(number).link_number, n=1)
    texts = {*KEYS.texts_of(token)}
    back = KEYS.mail_token(MailPurpose.BOUNCE, token)
    other = KEYS.mail_token(MailPurpose.BOUNCE, DeliveryToken(mailing=token.mailing, n=2))
    add(
        desk,
        mail("J. Doe is away", more=f"Delivered-To: letters+{back.upper()}@example.org\r\n"),
        mail(f"https://news.example.org/u/{KEYS.token(token)}"),
        mail("somebody", more=f"Delivered-To: letters+{other}@example.org\r\n"),
    )
    erase(desk, tokens=texts)
    assert [body == b"" for body in bodies(desk)] == [True, True, False]


def test_a_mail_that_became_an_event_of_theirs_is_found_without_any_key(desk: ReportDesk) -> None:
    number = desk.mailed(JANE)
    link = desk.mailing(number).link_number
    back = KEYS.mail_token(MailPurpose.LEAVE, DeliveryToken(mailing=link, n=1))
    add(
        desk,
        mail("no more, J. Doe", more=f"Delivered-To: letters+{back}@example.org\r\n"),
        mail("other"),
        handled=False,
    )
    reader = MailboxReader(keys=KEYS, mailing_of=lambda _link: number)
    list(Handler(store=desk.store, keys=KEYS, readers={"mailbox": reader}).rounds(LATER))
    with desk.store.write() as connection:
        assert erasing.apply_again(connection, {hash_of(JANE)}, LATER) == 1
    assert [body == b"" for body in bodies(desk)] == [True, False]


def test_what_somebody_else_wrote_to_leave_still_works(desk: ReportDesk) -> None:
    number = desk.mailed(JANE, BOB)
    link = desk.mailing(number).link_number
    to = f"letters+{KEYS.mail_token(MailPurpose.LEAVE, DeliveryToken(mailing=link, n=2))}@example.org"
    more = f"Delivered-To: {to}\r\n"
    add(desk, mail(f"like {JANE}", more=more), mail(in_base64(f"like {JANE}"), "base64", more=more), handled=False)
    erase(desk, tokens={*KEYS.texts_of(DeliveryToken(mailing=link, n=1))})
    found = bodies(desk)
    assert all(to.encode() in body for body in found)
    assert b"jane" not in found[0]
    assert in_base64(f"like {JANE}").strip().encode() not in found[1]


def test_erasing_reads_what_was_found_before_and_what_came_since(
    desk: ReportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.subscribe(JANE)
    add(desk, *(report(entry("open", email=f"r{i}@example.org")) for i in range(30)), esp="sendgrid")
    add(desk, report(entry("open", email=JANE)), esp="sendgrid")
    with desk.store.read() as connection:
        looked = look_ahead(connection, hash_of(JANE), JANE)
    add(desk, report(entry("open", email=JANE.upper())), report(entry("open", email=BOB)), esp="sendgrid")
    read: list[bytes] = []
    is_about = reports._Search.is_about

    def told(search: reports._Search, esp: str, body: bytes) -> bool:
        read.append(body)
        return is_about(search, esp, body)

    monkeypatch.setattr(reports._Search, "is_about", told)
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(JANE), JANE, LATER, looked)
    assert len(read) == 3
    assert [body == b"" for body in bodies(desk)] == [False] * 30 + [True, True, False]


def test_another_spelling_that_came_since_has_all_of_them_read_again(desk: ReportDesk) -> None:
    desk.subscribe(JANE)
    add(desk, report(entry("open", email=JANE)), esp="sendgrid")
    with desk.store.read() as connection:
        looked = look_ahead(connection, hash_of(JANE), None)._replace(sought=reports.Sought())
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(JANE), JANE, LATER, looked._replace(numbers=()))
    assert bodies(desk) == [b""]


def test_after_restoring_all_who_came_back_are_looked_for_at_once(
    desk: ReportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [f"reader{i}@example.org" for i in range(4)]
    desk.subscribe(*people)
    add(desk, *(report(entry("open", email=one)) for one in (*people, BOB)), esp="sendgrid")
    times: list[int] = []
    is_about = reports._Search.is_about

    def told(search: reports._Search, esp: str, body: bytes) -> bool:
        times.append(1)
        return is_about(search, esp, body)

    monkeypatch.setattr(reports._Search, "is_about", told)
    with desk.store.write() as connection:
        assert erasing.apply_again(connection, {hash_of(one) for one in people}, LATER) == 4
    assert [body == b"" for body in bodies(desk)] == [True] * 4 + [False]
    assert len(times) == 5 + 4 + 3 + 2 + 1  # all of them once; then those that are left of the found
