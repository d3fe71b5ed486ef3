"""What SendGrid reports, in our words; and whatever else comes, never an exception."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.esp.sendgrid.events import DROPS, KINDS, read
from newsletter.keys import NOTICES
from newsletter.model.event import NO_TIME, EventKind
from newsletter.model.subscriber import SuppressionReason
from tests.support.reports import LATER, entry, kinds, named, report

if TYPE_CHECKING:
    from datetime import datetime

ATTEMPT = "0123456789abcdef0123456789abcdef"
OURS = named(3, 17, ATTEMPT)


def one(event: str, **facts: Any) -> Any:
    (found,) = read(report(entry(event, **OURS | facts)), LATER).events
    return found


@pytest.mark.parametrize(
    ("event", "facts", "kind"),
    [
        ("processed", {}, EventKind.PROCESSED),
        ("dropped", {"reason": "Bounced Address"}, EventKind.DROPPED),
        ("delivered", {"response": "250 OK"}, EventKind.DELIVERED),
        ("deferred", {"response": "400 try again later", "attempt": "5"}, EventKind.DEFERRED),
        ("bounce", {"type": "bounce", "status": "5.0.0"}, EventKind.HARD_BOUNCE),
        ("bounce", {"type": "blocked", "status": "5.7.1"}, EventKind.SOFT_BOUNCE),
        ("bounce", {"type": "something new", "status": "5.1.1"}, EventKind.SOFT_BOUNCE),
        ("bounce", {"status": "5.1.1"}, EventKind.HARD_BOUNCE),
        ("bounce", {"status": "4.2.2"}, EventKind.SOFT_BOUNCE),
        ("bounce", {}, EventKind.SOFT_BOUNCE),
        ("blocked", {}, EventKind.SOFT_BOUNCE),
        ("open", {"useragent": "Mozilla/5.0"}, EventKind.OPENED),
        ("click", {"url": "https://example.org/"}, EventKind.CLICKED),
        ("spamreport", {}, EventKind.COMPLAINED),
        ("unsubscribe", {}, EventKind.UNSUBSCRIBED),
        ("group_unsubscribe", {"asm_group_id": 10}, EventKind.UNSUBSCRIBED),
        ("group_resubscribe", {"asm_group_id": 10}, EventKind.UNKNOWN),
        ("account_status_change", {}, EventKind.UNKNOWN),
    ],
)
def test_each_event_has_its_kind(event: str, facts: dict[str, Any], kind: EventKind) -> None:
    found = one(event, **facts)
    assert (found.kind, found.mailing, found.n, found.attempt, found.proves_all) == (kind, 3, 17, ATTEMPT, True)
    assert (found.at, found.address) == (LATER, "ada@example.org")
    assert found.everything == (event == "unsubscribe")


def test_every_name_of_the_documentation_is_in_the_table() -> None:
    documented = {"processed", "dropped", "delivered", "deferred", "bounce", "open", "click", "spamreport"}
    assert documented | {"unsubscribe", "group_unsubscribe", "group_resubscribe"} <= set(KINDS)


@pytest.mark.parametrize(
    ("reason", "known_as"),
    [
        ("Bounced Address", SuppressionReason.HARD_BOUNCE),
        ("Unsubscribed Address", SuppressionReason.LEFT_EVERYTHING),
        ("Spam Reporting Address", SuppressionReason.COMPLAINT),
        ("Invalid", SuppressionReason.BAD_ADDRESS),
        ("Invalid SMTPAPI header", None),
        ("Spam Content (if Spam Checker app is enabled)", None),
        ("Recipient List over Package Quota", None),
        ("a new one", None),
        (["Bounced Address"], None),
        (None, None),
    ],
)
def test_a_drop_says_what_sendgrid_knows_of_the_address(reason: object, known_as: SuppressionReason | None) -> None:
    assert one("dropped", reason=reason).known_as is known_as
    assert all(begins == begins.casefold() for begins in DROPS)


def test_a_notice_is_mailing_0() -> None:
    found = one("delivered", nl_mailing="notices")
    assert (found.mailing, found.n) == (NOTICES, 17)


@pytest.mark.parametrize(
    "facts",
    [
        {"nl_attempt": None},
        {"nl_attempt": "x" * 33},
        {"nl_attempt": "a\u0000b"},
        {"nl_attempt": ["a"]},
        {"nl_mailing": "-3"},
        {"nl_mailing": "3.0"},
        {"nl_mailing": "\u0663"},
        {"nl_mailing": str(2**31)},
        {"nl_mailing": {}},
        {"nl_delivery": "0"},
        {"nl_delivery": True},
        {"nl_delivery": 2**80},
        {"nl_delivery": 1.5},
    ],
)
def test_what_does_not_say_which_delivery_is_about_none(facts: dict[str, Any]) -> None:
    found = one("bounce", type="bounce", **facts)
    assert (found.mailing, found.n, found.attempt, found.proves_all) == (None, None, "", False)
    assert found.kind is EventKind.HARD_BOUNCE


SECONDS = int(LATER.timestamp())


@pytest.mark.parametrize(
    ("told", "at"),
    [
        (SECONDS, LATER),
        (str(SECONDS), LATER),
        (SECONDS + 0.5, LATER + timedelta(seconds=0.5)),
        (f"{SECONDS}.5", LATER + timedelta(seconds=0.5)),
        (SECONDS * 1000, LATER),
        (SECONDS + 3600, LATER + timedelta(hours=1)),
        (SECONDS + 10 * 86400, NO_TIME),
        (0, NO_TIME),
        (-5, NO_TIME),
        (10**30, NO_TIME),
        (1e308, NO_TIME),
        (True, NO_TIME),
        ("yesterday", NO_TIME),
        ("1e9", NO_TIME),
        ("", NO_TIME),
        (None, NO_TIME),
        ([SECONDS], NO_TIME),
    ],
)
def test_a_moment_is_read_however_it_is_written_and_an_absurd_one_is_none(told: object, at: datetime) -> None:
    found = read(report(entry("delivered", timestamp=told)), LATER)
    assert found.events[0].at == at
    assert ("do not say when they happened" in found.fault) == (at == NO_TIME)


def test_an_event_without_an_id_has_one_that_is_the_same_each_time() -> None:
    def id_of(**facts: Any) -> str:
        told = entry("bounce", **OURS | facts)
        del told["sg_event_id"]
        return read(report(told), LATER).events[0].id

    assert id_of() == id_of() == id_of(category="other")
    assert len({id_of(), id_of(email="bob@example.org"), id_of(timestamp=5), id_of(nl_delivery="2")}) == 4
    assert len(id_of()) == 64


@pytest.mark.parametrize("given_id", ["", "x" * 65, "a b", "\u0000", 5, None, {"a": 1}])
def test_an_id_that_is_none_is_replaced(given_id: object) -> None:
    found = one("delivered", sg_event_id=given_id)
    assert len(found.id) == 64
    assert one("delivered", sg_event_id=given_id).id == found.id


def test_words_of_servers_hold_no_address_and_no_key() -> None:
    said = (
        "550 5.1.1 <ada@example.org>: no such user, see https://x.test/?u=ada%40example.org SG.abc.def\x00\n\ud800 end"
    )
    detail = one("bounce", type="bounce", reason=said).detail
    assert "ada" not in detail
    assert "SG." not in detail
    assert detail.startswith("550 5.1.1 (address): no such user")
    assert detail.isprintable()
    assert len(one("bounce", type="bounce", reason="x" * 5000).detail) == 200


@pytest.mark.parametrize("event", ["bounce", "deferred", "dropped"])
def test_the_part_before_the_at_sign_is_left_out_of_words(event: str) -> None:
    said = "550 5.1.1 jane.doe... User unknown"
    assert one(event, email="Jane.Doe@example.org", reason=said).detail == "550 5.1.1 (address)... User unknown"


APPLE = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("event", "facts", "machine"),
    [
        ("open", {"sg_machine_open": True, "useragent": APPLE}, True),
        ("open", {"sg_machine_open": False, "useragent": APPLE}, False),
        (
            "open",
            {"useragent": "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"},
            False,
        ),
        ("open", {"useragent": "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy"}, False),
        ("click", {"useragent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1"}, False),
        ("click", {"useragent": "Barracuda Sentinel (EE)"}, True),
        ("click", {"useragent": "python-requests/2.31"}, True),
        ("click", {"useragent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, True),
        ("click", {"useragent": ["Googlebot"]}, False),
        ("click", {}, False),
        ("delivered", {"useragent": "Googlebot"}, False),
    ],
)
def test_machines_are_told_apart(event: str, facts: dict[str, Any], machine: bool) -> None:
    assert one(event, **facts).machine is machine


def test_many_links_of_one_mail_at_once_are_a_scanner_s() -> None:
    def click(link: int, n: int = 1, at: int = SECONDS) -> dict[str, Any]:
        return entry("click", url=f"https://example.org/{link}", timestamp=at, **named(3, n, ATTEMPT))

    scanner = [click(link) for link in range(3)]
    people = [click(1, n=2), click(2, n=2), click(1, n=3), click(1, n=3), click(1, n=3), click(3, at=SECONDS + 5)]
    found = read(report(*scanner, *people), LATER).events
    assert [event.machine for event in found] == [True] * 3 + [False] * 6


@pytest.mark.parametrize(
    ("body", "count", "fault"),
    [
        (b"", 0, "it is not JSON"),
        (b"<html>", 0, "it is not JSON"),
        (b"null", 0, "it is not a list of events"),
        (b'"x"', 0, "it is not a list of events"),
        (b"[]", 0, ""),
        (b"[" * 100_000, 0, "could not"),
        (report(entry("open"))[:-5], 0, "could not"),
        (report(entry("open"), entry("open"))[:-5], 1, "1 events of it could be read, 1 could not"),
        (report(entry("open"), entry("open")) + b"garbage", 2, "2 events of it could be read, 0 could not"),
        (b"\xef\xbb\xbf" + report(entry("open")), 1, ""),
        (report(5, None, "x", [], entry("open")), 1, "4 of 5 entries are no events"),
        (json.dumps(entry("open")).encode(), 1, ""),
        (report(entry("open", reason="\ud800", x=float("nan"))), 1, ""),
        (b'[{"a":' + b"[" * 5000 + b"},{}," + report(entry("open"))[1:], 1, "could not"),
        (b'[{"event":"open","timestamp":' + b"9" * 5000 + b"}," + report(entry("open"))[1:], 1, "could not"),
    ],
)
def test_of_a_broken_report_is_read_what_can_be(body: bytes, count: int, fault: str) -> None:
    found = read(body, LATER)
    opened = [event for event in found.events if event.kind is EventKind.OPENED]
    assert len(opened) == count
    assert fault in found.fault
    assert bool(found.fault) == bool(fault) or body.startswith(b"\xef") or b"ud800" in body


def test_a_report_that_is_broken_everywhere_is_given_up_soon() -> None:
    found = read(b"[" + b'{"a":nothing},' * 200_000 + b"{}]", LATER)
    assert found.events == ()
    assert "100 could not" in found.fault


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
FIELDS = (
    *("event", "timestamp", "email", "sg_event_id", "type", "status", "reason", "response", "url", "useragent"),
    *("sg_machine_open", "nl_attempt", "nl_mailing", "nl_delivery", "category", "sg_message_id"),
)
ENTRIES = st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON | st.sampled_from([*KINDS, "notices", "1"])))


def _dumped(value: object) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


@given(st.binary() | JSON.map(_dumped) | st.lists(ENTRIES | JSON).map(_dumped))
def test_nothing_makes_it_raise(body: bytes) -> None:
    found = read(body, LATER)
    assert found == read(body, LATER)
    for event in found.events:
        assert 0 < len(event.id) <= 64
        assert event.at.tzinfo is UTC
        assert (event.mailing is None) == (event.n is None)
        assert "\x00" not in event.detail + event.id + event.attempt
        (event.detail + event.url + event.address).encode()


def test_kinds_are_told_in_the_order_of_the_report() -> None:
    found = read(report(entry("processed"), entry("new"), entry("delivered")), LATER)
    assert kinds(found.events) == [EventKind.PROCESSED, EventKind.UNKNOWN, EventKind.DELIVERED]
    assert found.events[1].detail == "new"
