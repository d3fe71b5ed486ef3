"""The table from SendGrid's replies to our answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.esp.sendgrid.answers import answer, no_reply
from newsletter.esp.sendgrid.client import Reply
from newsletter.model.letter import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.letter import Answer

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def said(status: int, *errors: tuple[str | None, str], headers: Mapping[str, str] | None = None) -> Answer:
    body = json.dumps({"errors": [{"field": field, "message": message, "help": None} for field, message in errors]})
    reply = Reply(status=status, headers=headers or {}, body=body.encode() if errors else b"")
    return answer(reply, [11, 12, 13], sandbox=False, now=NOW)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        *(
            (202, Verdict.ACCEPTED),
            (400, Verdict.REFUSED),
            (401, Verdict.NOT_AUTHORISED),
            (403, Verdict.NOT_AUTHORISED),
        ),
        *((413, Verdict.TOO_LARGE), (429, Verdict.TRY_LATER)),
    ],
)
def test_only_these_statuses_are_definite(status: int, verdict: Verdict) -> None:
    assert said(status).verdict is verdict


@given(st.integers(100, 999).filter(lambda status: status not in {202, 400, 401, 403, 413, 429}))
def test_every_other_status_is_doubt(status: int) -> None:
    assert said(status).verdict is Verdict.UNCERTAIN


def test_sandbox_mode_answers_200() -> None:
    reply = Reply(status=200, headers={}, body=b"")
    assert answer(reply, [1], sandbox=True, now=NOW).verdict is Verdict.ACCEPTED
    assert answer(reply, [1], sandbox=False, now=NOW).verdict is Verdict.UNCERTAIN


def test_the_request_id_is_kept() -> None:
    assert said(202, headers={"x-message-id": "abc"}).provider_id == "abc"


@pytest.mark.parametrize("field", ["personalizations.1.to.0.email", "personalizations[1].to", "personalizations.1"])
def test_errors_that_name_readers_blame_them(field: str) -> None:
    found = said(400, (field, "Does not contain a valid address."), ("personalizations.2.to", "Bad name."))
    assert found.verdict is Verdict.BLAMED
    assert found.blamed == {12: "SendGrid: Does not contain a valid address.", 13: "SendGrid: Bad name."}


def test_a_blamed_reader_is_not_named() -> None:
    body = b'{"errors": [{"field": "personalizations.1.to", "message": "jane.doe is\\u0000 no address"}]}'
    addresses = ["is@example.org", "jane.doe@example.org", "no@example.org"]
    found = answer(Reply(status=400, headers={}, body=body), [11, 12, 13], sandbox=False, now=NOW, addresses=addresses)
    assert found.blamed == {12: "SendGrid: (address) is no address"}


@pytest.mark.parametrize(
    "errors",
    [
        [("personalizations.1.to", "bad"), ("content", "bad")],
        [("personalizations.3.to", "no such reader")],
        [("personalizations", "is wrong")],
        [(None, "Bad Request")],
        [],
    ],
)
def test_unless_every_error_names_a_reader_nobody_is_blamed(errors: list[tuple[str | None, str]]) -> None:
    found = said(400, *errors)
    assert (found.verdict, dict(found.blamed)) == (Verdict.REFUSED, {})


def test_a_400_about_substitutions_asks_for_fewer_readers_until_there_is_one() -> None:
    assert said(400, ("personalizations", "substitutions may not exceed")).verdict is Verdict.TOO_LARGE
    body = b'{"errors": [{"field": "substitutions", "message": "too many"}]}'
    alone = answer(Reply(status=400, headers={}, body=body), [11], sandbox=False, now=NOW)
    assert alone.verdict is Verdict.REFUSED


@pytest.mark.parametrize("field", ["personalizations", "personalizations.2.to"])
def test_of_two_addresses_that_sendgrid_takes_for_one_nobody_is_blamed_they_come_apart(field: str) -> None:
    message = (
        "Each email address in the personalization block should be unique. We found a duplicate of [a@example.org]."
    )
    found = said(400, (field, message))
    assert (found.verdict, found.blamed) == (Verdict.TOO_LARGE, {})
    body = json.dumps({"errors": [{"field": field, "message": message}]}).encode()
    alone = answer(Reply(status=400, headers={}, body=body), [11], sandbox=False, now=NOW)
    assert (alone.verdict, alone.blamed) == (Verdict.REFUSED, {})


def test_a_reader_whose_substitutions_are_named_is_blamed() -> None:
    found = said(400, ("personalizations.1.substitutions", "The substitutions may not exceed 10000 bytes."))
    assert (found.verdict, list(found.blamed)) == (Verdict.BLAMED, [12])


def test_a_host_that_is_not_the_api_is_doubt_with_a_hint() -> None:
    assert "esp.sendgrid.host" in said(404).detail
    assert "esp.sendgrid.host" in said(302).detail
    assert "esp.sendgrid.host" not in said(500).detail


def test_a_page_of_something_in_between_is_no_sandbox() -> None:
    reply = Reply(status=200, headers={}, body=b"  <html>Please sign in</html>")
    assert answer(reply, [1], sandbox=True, now=NOW).verdict is Verdict.UNCERTAIN


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 42)}, 42),
        ({"x-ratelimit-reset": "12"}, 0),
        ({"retry-after": "17"}, 17),
        ({"retry-after": "Tue, 01 Dec 2026 09:31:00 GMT"}, 60),
        ({"retry-after": "Tue, 01 Dec 2026 09:31:00"}, 60),
        ({"retry-after": "soon"}, None),
        # the later of the two; another clock, milliseconds, and dates that no calendar has are cut down
        ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 5), "retry-after": "17"}, 17),
        ({"x-ratelimit-reset": "12", "retry-after": "17"}, 17),
        ({"x-ratelimit-reset": str(int(NOW.timestamp() * 1000))}, 3600),
        ({"retry-after": "99999999999"}, 3600),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, 3600),
        ({"retry-after": "Mon, 01 Jan 0001 00:00:00 +1400"}, 0),
        ({"retry-after": "Tue, 99 Dec 2026 09:31:00 GMT"}, None),
        ({"x-ratelimit-reset": "²", "retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert said(429, headers=headers).retry_after == seconds


@given(st.binary(max_size=60) | st.sampled_from([b"[" * 100_000, b'{"errors": 3}', b'{"errors": [3, null]}', b"[]"]))
def test_a_body_that_says_nothing_is_no_trouble(body: bytes) -> None:
    for status, verdict in ((400, Verdict.REFUSED), (500, Verdict.UNCERTAIN)):
        reply = Reply(status=status, headers={}, body=body)
        assert answer(reply, [1], sandbox=False, now=NOW).verdict is verdict


@pytest.mark.parametrize("status", [400, 401, 403, 413, 429, 500])
@pytest.mark.parametrize("field", ["personalizations.0.to.0.email", "from", None])
def test_addresses_and_keys_never_reach_the_detail(status: int, field: str | None) -> None:
    found = said(status, (field, "The address [Ada.Moss@example.net] is bad for SG.abc-def.xyz"))
    for text in (found.detail, *found.blamed.values()):
        assert "example.net" not in text
        assert "Moss" not in text
        assert "abc-def" not in text


def test_a_broken_connection_is_doubt_and_names_no_data() -> None:
    found = no_reply(ConnectionResetError("ada@example.net"))
    assert found.verdict is Verdict.UNCERTAIN
    assert "ada" not in found.detail
    assert "ConnectionResetError" in found.detail
