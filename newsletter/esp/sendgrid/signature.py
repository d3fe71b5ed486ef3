"""Whether a report is SendGrid's: an ECDSA signature (P-256, SHA-256) over the timestamp and the body as it came.

Source: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SIGNATURE, TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
_SECONDS = re.compile(r"\d{1,11}")


class Refused(StrEnum):
    """Why a report is not taken."""

    UNSIGNED = "it has no signature"
    MALFORMED = "its signature is not one"
    FORGED = "its signature does not fit: the key is another webhook's, or something on its way changed the report"
    STALE = "it was signed too long ago, or our clock is wrong"


class NotAKey(ValueError):
    """It is not the verification key of a webhook."""


class Verifier:
    """Made once per process, from the key that SendGrid shows beside the webhook.

    Raises:
        NotAKey: it is none.
    """

    def __init__(self, public_key: str, oldest: timedelta) -> None:
        self._key = _loaded(public_key)
        self._oldest = oldest

    def why_refused(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Refused | None:
        """None for a report that is SendGrid's. `headers` know their names in small letters."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        told, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        if not told or not timestamp:
            return Refused.UNSIGNED
        try:
            signature = base64.b64decode(told, validate=True)
        except (binascii.Error, ValueError):
            return Refused.MALFORMED
        if not _SECONDS.fullmatch(timestamp):
            return Refused.MALFORMED
        try:
            self._key.verify(signature, timestamp.encode() + body, ECDSA(SHA256()))
        except InvalidSignature:
            return Refused.FORGED
        return Refused.STALE if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > self._oldest else None


def _loaded(public_key: str) -> EllipticCurvePublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
    except (ValueError, UnsupportedAlgorithm):  # binascii.Error is a ValueError
        raise NotAKey from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise NotAKey
    return key
