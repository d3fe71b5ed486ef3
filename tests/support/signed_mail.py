"""A newsletter as it arrives, signed with a key of ours; nobody of these people exists."""

from __future__ import annotations

import base64
import functools
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.dns_server import FakeDns

READER = "maria.reader"
#: what is never to be shown
SECRET = "a-token-of-maria"
BOTH = ("list-unsubscribe", "list-unsubscribe-post")
SIGNED = ("from", "to", "subject", "date", *BOTH)
HEADERS = {
    "Return-Path": f"<bounces+{READER}=example.com@em1.example.org>",
    "Authentication-Results": (
        f"mx.receiver.test; dkim=pass header.i=@example.org; spf=pass smtp.mailfrom=bounces+{READER}@em1.example.org; dmarc=pass"
    ),
    "From": "Larkmeadow <letters@example.org>",
    "To": f"Maria <{READER}@example.com>",
    "Subject": "Walking",
    "Date": "Mon, 30 Nov 2026 09:00:00 +0000",
    "Message-ID": "<123@example.org>",
    "List-Id": "<friends.example.org>",
    "List-Unsubscribe": f"<https://news.example.org/u/{SECRET}>, <mailto:leave+{SECRET}@example.org>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "MIME-Version": "1.0",
    "Content-Type": 'multipart/alternative; boundary="b"',
}
BODY = "--b\r\nContent-Type: text/plain\r\n\r\nWalk.\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Walk.</p>\r\n--b--\r\n"


def mail(body: str = BODY, **changes: str | None) -> bytes:
    """`changes` by name, `_` for `-`; None leaves a header out."""
    named = {name.replace("_", "-").lower(): value for name, value in changes.items()}
    fields: dict[str, str | None] = {name: named.pop(name.lower(), value) for name, value in HEADERS.items()}
    fields |= named
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return f"{head}\r\n{body}".encode()


def signed(message: bytes, *, by: str = "example.org", selector: str = "s1", covers: tuple[str, ...] = SIGNED) -> bytes:
    import dkim

    field: bytes = dkim.sign(
        message, selector.encode(), by.encode(), _pem(), include_headers=[name.encode() for name in covers]
    )
    return field + message


def publish(server: FakeDns, domain: str = "example.org", selector: str = "s1") -> None:
    server.add(f"{selector}._domainkey.{domain}", "TXT", f"v=DKIM1; k=rsa; p={_public()}")


def arrived(changes: Mapping[str, str | None] | None = None, body: str = BODY) -> bytes:
    return signed(mail(body, **(changes or {})))


@functools.cache
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def _pem() -> bytes:
    how = serialization.PrivateFormat.TraditionalOpenSSL
    return _key().private_bytes(serialization.Encoding.PEM, how, serialization.NoEncryption())


def _public() -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(_key().public_key().public_bytes(serialization.Encoding.DER, form)).decode()
