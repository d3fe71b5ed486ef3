"""What mails to our mailbox say: bounces of many servers, complaints, wishes to leave, automatic answers, letters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.esp.mailbox.reports import NoReport, Report, read_report
from newsletter.keys import DeliveryToken, Keys, MailPurpose
from newsletter.model.event import EventKind

KEYS = Keys(["a secret of the tests"])
TOKEN = DeliveryToken(mailing=7_000_001, n=42)
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
BOUNCE = f"news+{KEYS.mail_token(MailPurpose.BOUNCE, TOKEN)}@mail.example.org"
LEAVE = f"news+{KEYS.mail_token(MailPurpose.LEAVE, TOKEN)}@mail.example.org"
LINK = f"https://news.example.org/u/{KEYS.token(TOKEN)}"


def read(raw: str, recipient: str = "") -> Report | NoReport:
    return read_report(raw.replace("\n", "\r\n").encode(), KEYS, NOW, recipient)


def told(raw: str) -> tuple[EventKind, DeliveryToken, str]:
    report = read(raw)
    assert isinstance(report, Report), report
    return report.kind, report.token, report.detail


def delivery_status(
    *, action: str = "failed", status: str = "5.1.1", diagnostic: str = "", to: str = BOUNCE, original: str = ""
) -> str:
    said = f"Diagnostic-Code: {diagnostic}\n" if diagnostic else ""
    return f"""Return-Path: <>
Date: Sun, 29 Nov 2026 21:04:05 +0100
From: MAILER-DAEMON@mx.example.com
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I am sorry, it could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Sun, 29 Nov 2026 21:04:00 +0100

Final-Recipient: rfc822; ada@example.com
Action: {action}
Status: {status}
{said}
--b1
Content-Type: text/rfc822-headers

Subject: News
{original}
--b1--
"""


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <ada@example.com>: no such user", EventKind.HARD_BOUNCE),
        ("5.0.0", "smtp; 550 5.1.1 user unknown", EventKind.HARD_BOUNCE),
        ("5.0.0", "smtp; 550 No such user here", EventKind.HARD_BOUNCE),
        ("5.0.0", "smtp; 554 rejected due to policy", EventKind.SOFT_BOUNCE),
        ("5.1.10", "", EventKind.HARD_BOUNCE),
        ("5.4.4", "", EventKind.HARD_BOUNCE),
        ("5.2.1", "", EventKind.HARD_BOUNCE),
        ("5.2.2", "smtp; 552 mailbox full", EventKind.SOFT_BOUNCE),
        ("5.7.1", "smtp; 550 5.7.1 blocked as spam; unknown user reputation", EventKind.SOFT_BOUNCE),
        ("4.4.1", "connect timed out", EventKind.SOFT_BOUNCE),
        ("", "", EventKind.SOFT_BOUNCE),
    ],
)
def test_a_failure_is_hard_only_where_the_address_itself_is_wrong(
    status: str, diagnostic: str, kind: EventKind
) -> None:
    assert told(delivery_status(status=status, diagnostic=diagnostic))[:2] == (kind, TOKEN)


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("delayed", EventKind.DEFERRED),
        ("Delayed", EventKind.DEFERRED),
        ("delivered", EventKind.DELIVERED),
        ("relayed", EventKind.DELIVERED),
    ],
)
def test_what_is_no_failure_is_none(action: str, kind: EventKind) -> None:
    assert told(delivery_status(action=action, status="4.0.0"))[0] is kind


def test_what_is_told_holds_no_address() -> None:
    detail = told(delivery_status(diagnostic="smtp; 550 <ada@example.com> is gone,\n ask postmaster@example.com"))[2]
    assert detail.startswith("5.1.1 smtp; 550 (address) is gone, ask (address)")


def test_the_time_is_that_of_the_report_unless_that_is_absurd() -> None:
    report = read(delivery_status())
    assert isinstance(report, Report)
    assert report.at == datetime(2026, 11, 29, 20, 4, 5, tzinfo=UTC)
    for date in ("Sun, 29 Nov 2099 21:04:05 +0100", "Thu, 1 Jan 1970 00:00:00 +0000", "yesterday", ""):
        late = read(delivery_status().replace("Sun, 29 Nov 2026 21:04:05 +0100", date))
        assert isinstance(late, Report)
        assert late.at == NOW


def test_the_time_is_that_of_our_own_mail_server_where_it_says_one() -> None:
    ours = "Received: from mx.example.com by mail.example.org; Sun, 29 Nov 2026 22:00:00 +0100 (CET)\n"
    theirs = "Received: by mx.example.com; Thu, 1 Oct 2026 00:00:00 +0000\n"
    when = datetime(2026, 11, 29, 21, 0, tzinfo=UTC)
    long_after = NOW + timedelta(days=900)
    for date in ("Sun, 29 Nov 2026 21:04:05 +0100", "Sun, 29 Nov 2099 21:04:05 +0100", "", "yesterday"):
        raw = (ours + theirs + delivery_status().replace("Sun, 29 Nov 2026 21:04:05 +0100", date)).encode()
        found = [read_report(raw, KEYS, now) for now in (NOW, long_after)]
        assert [one.at for one in found if isinstance(one, Report)] == [when, when]
        assert found[0] == found[1]
    for broken in ("Received: by nobody; soon\n", "Received: x\n", "Received: by x; Sun, 29 Nov 2099 21:04:05 +0100\n"):
        late = read(broken + ours + delivery_status())
        assert isinstance(late, Report)
        assert late.at == when


def test_the_part_before_the_at_sign_and_what_no_database_keeps_is_left_out() -> None:
    kind, _, detail = told(delivery_status(status="5.0.0", diagnostic="smtp; 550 unknown user ADA\x00 \xe9.. gone"))
    assert kind is EventKind.HARD_BOUNCE
    assert detail == "5.0.0 smtp; 550 unknown user (address) .. gone"


def test_words_are_understood_before_an_address_is_taken_out_of_them() -> None:
    raw = delivery_status(status="5.0.0", diagnostic="smtp; user unknown").replace(
        "ada@example.com", "user@example.com"
    )
    assert told(raw)[0] is EventKind.HARD_BOUNCE
    assert told(raw)[2] == "5.0.0 smtp; (address) unknown"


def test_the_same_report_twice_is_one() -> None:
    assert read(delivery_status()) == read(delivery_status())


def test_a_report_to_no_address_of_ours_is_known_by_the_link_of_the_mail_it_brings_back() -> None:
    original = f"List-Unsubscribe: <{LINK}>,\n <mailto:{LEAVE}?subject=unsubscribe>\n"
    assert told(delivery_status(to="postmaster@mail.example.org", original=original))[:2] == (
        EventKind.HARD_BOUNCE,
        TOKEN,
    )


@pytest.mark.parametrize(
    "to",
    [
        "postmaster@mail.example.org",
        BOUNCE.replace("+b", "+bb"),
        f"news+{Keys(['another']).mail_token(MailPurpose.BOUNCE, TOKEN)}@mail.example.org",
    ],
)
def test_a_report_about_nothing_of_ours_is_none_and_somebody_should_look(to: str) -> None:
    found = read(delivery_status(to=to))
    assert isinstance(found, NoReport)
    assert found.odd


def test_the_address_that_the_mail_server_tells_apart_counts_too() -> None:
    found = read(delivery_status(to="undisclosed-recipients:;"), recipient=BOUNCE.upper())
    assert isinstance(found, Report)
    assert found.token == TOKEN


def test_a_complaint_is_one() -> None:
    raw = f"""From: feedback@example.com
To: abuse@mail.example.org
Date: Sun, 29 Nov 2026 21:04:05 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain

This is an email abuse report.
--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Reports/1.0
Version: 1

--b1
Content-Type: message/rfc822

From: letters@example.org
List-Unsubscribe: <{LINK}>
Subject: News

Hello
--b1--
"""
    assert told(raw)[:2] == (EventKind.COMPLAINED, TOKEN)


def test_a_mail_to_the_address_for_leaving_asks_to_leave() -> None:
    assert told(f"From: ada@example.com\nTo: {LEAVE}\nSubject: unsubscribe\n\n")[:2] == (
        EventKind.UNSUBSCRIBED,
        TOKEN,
    )


@pytest.mark.parametrize(
    "header",
    ["Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated; x=y", "Precedence: auto_reply", "X-Autoreply: 1"],
)
@pytest.mark.parametrize("to", [LEAVE, BOUNCE])
def test_an_out_of_office_answer_takes_nobody_off_the_list(header: str, to: str) -> None:
    assert read(f"From: ada@example.com\nTo: {to}\n{header}\nSubject: Away\n\nBack on Monday\n") == NoReport(
        why="an automatic answer"
    )


def test_a_bounce_of_a_mail_to_the_address_for_leaving_is_a_bounce() -> None:
    assert told(delivery_status(to=LEAVE))[0] is EventKind.HARD_BOUNCE


def test_a_letter_by_a_person_is_left_to_a_person() -> None:
    found = read(f"From: ada@example.com\nTo: {BOUNCE}\nSubject: Hello\n\nA question\n")
    assert found == NoReport(why="a letter", odd=True)


def test_a_server_that_knows_no_codes_is_understood_by_its_words() -> None:
    raw = f"""From: MAILER-DAEMON@mx.example.com
To: {BOUNCE}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Subject: News
"""
    assert told(raw)[0] is EventKind.HARD_BOUNCE


def test_mails_without_a_from_line_are_understood_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    assert told(f"To: {LEAVE}\nSubject: unsubscribe\n\n")[0] is EventKind.UNSUBSCRIBED
    assert read("") == NoReport(why="it names no delivery of ours")
    qmail = f"""To: {BOUNCE}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.com.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ada@example.com>:
Sorry, no mailbox here by that name. (#5.1.1)
"""
    assert isinstance(read(qmail), Report | NoReport)
    assert caplog.records == []


@given(st.binary(max_size=600))
def test_nothing_that_arrives_can_do_harm(raw: bytes) -> None:
    assert isinstance(read_report(raw, KEYS, NOW), Report | NoReport)


@given(st.text(alphabet='abc:;<>@=?"\n\t -/=', max_size=200), st.integers(0, 20))
def test_a_broken_report_can_do_no_harm_either(noise: str, line: int) -> None:
    lines = delivery_status().split("\n")
    lines.insert(min(line, len(lines)), noise)
    assert isinstance(read("\n".join(lines)), Report | NoReport)
