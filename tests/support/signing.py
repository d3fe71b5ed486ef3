"""A key as SendGrid has one, and what it signs."""

from __future__ import annotations

import base64
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.esp.sendgrid.signature import SIGNATURE, TIMESTAMP

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes


@cache
def private_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def spki(key: PublicKeyTypes | None = None) -> str:
    """A public key as SendGrid shows it."""
    key = key or private_key().public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed(body: bytes, at: datetime, key: EllipticCurvePrivateKey | None = None) -> dict[str, str]:
    """The headers of a report."""
    timestamp = str(int(at.astimezone(UTC).timestamp()))
    signature = (key or private_key()).sign(timestamp.encode() + body, ECDSA(SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}
