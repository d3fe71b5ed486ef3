"""Only what SendGrid signed, and lately, is taken."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from newsletter.esp.sendgrid.signature import SIGNATURE, TIMESTAMP, NotAKey, Refused, Verifier
from tests.support.reports import LATER, entry, report
from tests.support.signing import signed, spki

BODY = report(entry("delivered"))
OLDEST = timedelta(minutes=10)


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(spki(), OLDEST)


def test_a_signed_report_is_taken(verifier: Verifier) -> None:
    assert verifier.why_refused(signed(BODY, LATER), BODY, LATER) is None


@pytest.mark.parametrize("minutes", [-9, 9, 10])
def test_one_that_was_under_way_for_a_while_is_taken(verifier: Verifier, minutes: int) -> None:
    assert verifier.why_refused(signed(BODY, LATER), BODY, LATER + timedelta(minutes=minutes)) is None


@pytest.mark.parametrize("minutes", [-11, 11, 60 * 24 * 365])
def test_an_old_one_and_one_of_the_future_are_not(verifier: Verifier, minutes: int) -> None:
    now = LATER + timedelta(minutes=minutes)
    assert verifier.why_refused(signed(BODY, LATER), BODY, now) is Refused.STALE


def test_whatever_is_changed_on_the_way_is_seen(verifier: Verifier) -> None:
    headers = signed(BODY, LATER)
    assert verifier.why_refused(headers, BODY + b" ", LATER) is Refused.FORGED
    assert verifier.why_refused(headers, BODY[:-1], LATER) is Refused.FORGED
    later = headers | {TIMESTAMP: str(int(headers[TIMESTAMP]) + 1)}
    assert verifier.why_refused(later, BODY, LATER) is Refused.FORGED
    other = signed(BODY, LATER, ec.generate_private_key(ec.SECP256R1()))
    assert verifier.why_refused(other, BODY, LATER) is Refused.FORGED


def test_the_end_of_the_timestamp_is_not_the_begin_of_the_body(verifier: Verifier) -> None:
    headers = signed(b"7" + BODY, LATER)
    moved = headers | {TIMESTAMP: headers[TIMESTAMP] + "7"}
    assert verifier.why_refused(moved, BODY, LATER) is Refused.STALE


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_a_header_that_is_missing(verifier: Verifier, missing: str) -> None:
    headers = {name: value for name, value in signed(BODY, LATER).items() if name != missing}
    assert verifier.why_refused(headers, BODY, LATER) is Refused.UNSIGNED


@given(signature=st.text(min_size=1), timestamp=st.text(min_size=1), body=st.binary())
def test_nothing_makes_it_raise(signature: str, timestamp: str, body: bytes) -> None:
    found = Verifier(spki(), OLDEST).why_refused({SIGNATURE: signature, TIMESTAMP: timestamp}, body, LATER)
    assert found in {Refused.MALFORMED, Refused.FORGED}


@given(signature=st.binary(min_size=1))
def test_a_signature_that_is_none_is_refused(signature: bytes) -> None:
    headers = signed(BODY, LATER) | {SIGNATURE: base64.b64encode(signature).decode()}
    assert Verifier(spki(), OLDEST).why_refused(headers, BODY, LATER) is Refused.FORGED


@pytest.mark.parametrize(
    "key",
    [
        "",
        "not base64!",
        "MFkw",
        spki()[:-4],
        spki(ec.generate_private_key(ec.SECP384R1()).public_key()),
        spki(ec.generate_private_key(ec.SECP256K1()).public_key()),
        spki(rsa.generate_private_key(65537, 2048).public_key()),
        base64.b64encode(base64.b64decode(spki())[:-1] + b"\x00").decode(),
    ],
)
def test_what_is_no_verification_key_is_said_at_once(key: str) -> None:
    with pytest.raises(NotAKey):
        Verifier(key, OLDEST)
