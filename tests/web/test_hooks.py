"""The hook: only signed reports are kept, as they came, before anything else is done."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from newsletter.esp.sendgrid.signature import NotAKey
from newsletter.store.database import Store
from newsletter.web import hooks
from newsletter.web.app import create_app
from tests.support.reports import entry, report
from tests.support.signing import signed, spki
from tests.web.sample_mailing import NOW, client, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.sample_mailing import SampleMailing

BODY = report(entry("delivered"))


class Hooked:
    """The pages with a verification key, and what the hook told of."""

    def __init__(self, mailing: SampleMailing, base_url: str = "https://news.example.org", **events: Any) -> None:
        self.mailing = mailing
        self.stored = 0
        self.now = NOW
        facts = {"public_key": spki()} | events
        made = settings(base_url, events=facts)
        app = create_app(mailing.store, mailing.keys, made, (), lambda: self.now, self._store)
        self.web = client(app)

    def _store(self) -> None:
        self.stored += 1

    def post(self, body: bytes = BODY, headers: dict[str, str] | None = None, path: str = "/hooks/sendgrid") -> Any:
        return self.web.post(path, content=body, headers=signed(body, NOW) if headers is None else headers)

    @property
    def kept(self) -> list[bytes]:
        return [row[4] for row in self.mailing.rows("event_inbox")["event_inbox"]]


@pytest.fixture
def hooked(mailing: SampleMailing) -> Hooked:
    return Hooked(mailing)


def test_a_signed_report_is_kept_as_it_came_and_nothing_else_happens(hooked: Hooked) -> None:
    before = hooked.mailing.rows()
    answer = hooked.post()
    assert (answer.status_code, hooked.kept, hooked.stored) == (200, [BODY], 1)
    after = hooked.mailing.rows()
    assert {name for name in after if after[name] != before[name]} == {"event_inbox", "event_queue"}
    ((number, esp, received_at, fault, _),) = after["event_inbox"]
    assert (esp, received_at, fault) == ("sendgrid", NOW, "")
    assert after["event_queue"] == [(number,)]


def test_what_is_no_json_is_kept_too(hooked: Hooked) -> None:
    assert hooked.post(b"\xff\x00 no JSON").status_code == 200
    assert hooked.kept == [b"\xff\x00 no JSON"]


def test_a_replay_within_the_time_is_kept_again(hooked: Hooked) -> None:
    assert [hooked.post().status_code for _ in range(3)] == [200] * 3


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(BODY, NOW) | {"x-twilio-email-event-webhook-signature": "AAAA"},
        signed(BODY, NOW) | {"x-twilio-email-event-webhook-signature": "no base64 !"},
        signed(BODY, NOW) | {"x-twilio-email-event-webhook-timestamp": "1"},
        signed(BODY, NOW) | {"x-twilio-email-event-webhook-timestamp": "x"},
        signed(BODY + b" ", NOW),
        signed(BODY, NOW - timedelta(days=2)),
        signed(BODY, NOW + timedelta(days=2)),
    ],
)
def test_what_is_not_signed_or_long_ago_is_refused(hooked: Hooked, headers: dict[str, str]) -> None:
    assert (hooked.post(headers=headers).status_code, hooked.kept, hooked.stored) == (403, [], 0)


@pytest.mark.parametrize("hours", [1, 24])
def test_what_sendgrid_could_not_deliver_for_a_day_is_taken(hooked: Hooked, hours: int) -> None:
    hooked.now = NOW + timedelta(hours=hours)
    assert hooked.post().status_code == 200


def test_without_a_key_nothing_is_taken_and_the_log_says_what_to_set(
    mailing: SampleMailing, caplog: pytest.LogCaptureFixture
) -> None:
    hooked = Hooked(mailing, public_key="")
    assert (hooked.post().status_code, hooked.kept) == (403, [])
    assert "set events.public_key in newsletter.toml" in caplog.text


def test_the_log_is_not_flooded_and_names_nobody(hooked: Hooked, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "newsletter")
    for _ in range(5):
        hooked.post(headers={})
    assert caplog.text.count("was not taken") == 1
    hooked.now += timedelta(minutes=1)
    hooked.post(headers={})
    assert caplog.text.count("was not taken") == 2
    assert "ada@example.org" not in caplog.text


def test_a_report_that_is_too_large_is_not_read_to_its_end(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "MOST_BYTES", 100)

    def pieces() -> Iterator[bytes]:
        yield b"x" * 60
        yield b"x" * 60

    assert hooked.post(b"x" * 101).status_code == 413
    assert hooked.web.post("/hooks/sendgrid", content=pieces(), headers=signed(b"", NOW)).status_code == 413
    assert hooked.kept == []


def test_if_the_database_does_not_take_it_sendgrid_comes_again(
    hooked: Hooked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_store: Store) -> None:
        raise OperationalError("INSERT", {"body": BODY}, Exception("database or disk is full"))

    monkeypatch.setattr(Store, "write", fail)
    answer = hooked.post()
    assert (answer.status_code, answer.headers["retry-after"], hooked.stored) == (503, "120", 0)
    assert "ada@example.org" not in caplog.text + answer.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_nothing_else_than_a_post_is_answered(hooked: Hooked, method: str) -> None:
    assert hooked.web.request(method, "/hooks/sendgrid").status_code == 405


def test_it_lies_below_the_path_of_base_url_too(mailing: SampleMailing) -> None:
    hooked = Hooked(mailing, "https://example.org/letters")
    assert hooked.post(path="/letters/hooks/sendgrid").status_code == 200
    assert hooked.post(path="/hooks/sendgrid").status_code == 200
    assert hooked.post(path="/hooks/other").status_code in {404, 405}


def test_a_key_off_the_curve_is_said_when_the_pages_are_made(mailing: SampleMailing) -> None:
    wrong = spki()[:-6] + "AAAA=="
    with pytest.raises(NotAKey):
        Hooked(mailing, public_key=wrong)


@pytest.mark.parametrize("wrong", ["MFkw", "no base64", spki()[4:], spki() + "AAAA"])
def test_what_does_not_look_like_a_key_is_a_mistake_in_the_settings(wrong: str) -> None:
    with pytest.raises(ValueError, match="verification key"):
        settings(events={"public_key": wrong})


def test_all_of_sendgrid_s_reports_fit() -> None:
    assert len(report(*(entry("delivered") for _ in range(3_000)))) < hooks.MOST_BYTES
