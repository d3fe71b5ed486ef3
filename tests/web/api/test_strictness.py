"""What cannot be used is refused as a problem (RFC 9457): with its place, and never with what was sent or an exception's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from newsletter.web.api import lists
from newsletter.web.headers import DEFAULTS
from tests.web.api.conftest import GROUND, WORDING
from tests.web.sample_mailing import client

if TYPE_CHECKING:
    from tests.web.api.conftest import Api

GOOD = {"email": "new@example.org", "lists": ["friends"], "ground": GROUND}


def kind(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return str(answer.json()["type"].rpartition(":")[2])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"email": NaN}',
        b'{"email": Infinity}',
        b'{"email": "\\ud800@example.org"}',
        b'{"email": "\xff@example.org"}',
        b"[" * 30_000,
        b'{"a":' * 9_000,
    ],
)
def test_what_is_no_json_is_told_so(api: Api, body: bytes) -> None:
    answer = api.sends(body)
    assert (answer.status_code, kind(answer)) == (400, "bad-json")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"surprise": 1}, "/surprise"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"email": None}, "/email"),
        ({"email": 7}, "/email"),
        ({"email": "nobody"}, "/email"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "/email"),
        ({"email": "a\0@example.org"}, "/email"),
        ({"lists": []}, "/lists"),
        ({"lists": ["friends", "strangers"]}, "/lists/1"),
        ({"lists": ["Friends"]}, "/lists/0"),
        ({"first_name": "A\nB"}, "/first_name"),
        ({"first_name": "x" * 401}, "/first_name"),
        ({"language": "klingon"}, "/language"),
        ({"attributes": {"shoe_size": 1}}, "/attributes/shoe_size"),
        ({"attributes": {"age": "old"}}, "/attributes/age"),
        ({"attributes": {"age": True}}, "/attributes/age"),
        ({"attributes": {"city": 7}}, "/attributes/city"),
        ({"attributes": {"sport": "chess"}}, "/attributes/sport"),
        ({"attributes": {"operated_on": "2026-02-30"}}, "/attributes/operated_on"),
        ({"attributes": {"member": "perhaps"}}, "/attributes/member"),
        ({"attributes": {"city": {"deep": 1}}}, "/attributes/city"),
        ({"ground": ""}, "/ground"),
        ({"ground": None}, ""),
        ({"ground": None, "consent": {"wording": WORDING, "at": "2020-01-01T00:00:00Z"}}, "/consent/at"),
        ({"consent": {"wording": WORDING, "at": "2199-01-01T00:00:00Z"}}, "/consent/at"),
        ({"consent": {"wording": WORDING, "at": 1_700_000_000}}, "/consent/at"),
        ({"consent": {"wording": WORDING, "at": "2026-01-01T00:00:00"}}, "/consent/at"),
        ({"consent": {"wording": "bell \a"}}, "/consent/wording"),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_stored(api: Api, change: dict[str, Any], pointer: str) -> None:
    before = api.mailing.rows("subscribers", "consent_events", "notices")
    answer = api.post("/subscribers", GOOD | change)
    assert (answer.status_code, kind(answer)) == (422, "invalid")
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert "example.org" not in answer.text
    assert api.mailing.rows("subscribers", "consent_events", "notices") == before


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1", ""]
)
def test_a_body_is_json_in_utf_8_and_says_so(api: Api, media: str) -> None:
    assert api.sends(b"{}", kind=media).status_code == 415


def test_a_body_has_at_most_64_kb(api: Api) -> None:
    def undeclared() -> Any:
        yield from [b" " * 10_000] * 10

    for content in (b" " * 70_000, undeclared()):
        assert kind(api.sends(content)) == "too-large"


def test_a_key_given_twice_is_harmless(api: Api) -> None:
    answer = api.sends(b'{"email":"x","email":"twice@example.org","lists":["friends"],"ground":"On paper"}')
    assert answer.status_code == 201


def test_what_is_not_there_is_a_problem_too(api: Api) -> None:
    for path in ("/nothing", "/", "/subscribers/zz", "/subscribers/%00", "/subscribers/a%0Ab", "/lists/NO", "/mailings/9",
                 "/mailings/x", f"/mailings/{2**70}"):  # fmt: skip
        assert (api.get(path).status_code, kind(api.get(path))) == (404, "not-found"), path
    refused = api.asks("DELETE", "/subscribers")
    assert (refused.status_code, kind(refused), refused.headers["allow"]) == (405, "method-not-allowed", "GET, POST")
    for path in ("/subscribers?limit=0", "/subscribers?lmit=5", "/subscribers?after=forged", "/subscribers?list=strangers",
                 "/subscribers?list=%00", "/mailings?after=x"):  # fmt: skip
        answer = api.get(path)
        assert (answer.status_code, kind(answer)) == (422, "invalid"), path
        assert answer.json()["errors"][0]["parameter"]


def test_a_fault_says_nothing_of_itself(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("ada@example.org")

    monkeypatch.setattr(lists, "_all", broken)
    api.client = client(api.mailing.app, raise_server_exceptions=False)
    answer = api.get("/lists")
    assert (answer.status_code, kind(answer)) == (500, "fault")
    assert "ada" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_database_that_is_away_is_worth_another_try(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("ada@example.org"))

    monkeypatch.setattr(lists, "_all", away)
    answer = api.get("/lists")
    assert (answer.status_code, kind(answer)) == (503, "unavailable")
    assert int(answer.headers["retry-after"])
    assert "ada" not in answer.text


def test_every_answer_has_the_headers_of_safety(api: Api) -> None:
    for answer in (api.get("/lists"), api.get("/nothing"), api.client.get("/api/v1/lists"), api.sends(b"x")):
        for name in DEFAULTS:
            assert answer.headers[name] == DEFAULTS[name]
        assert "set-cookie" not in answer.headers
