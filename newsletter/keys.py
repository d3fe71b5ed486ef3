"""One secret from the environment, and what is derived from it: link tokens and the suppression hash.

A token says which delivery it belongs to and nothing else; the path of a link says the purpose. It is 24 bytes,
base64url without padding (32 characters): key id (1), mailing (4), delivery (4), HMAC-SHA256 cut to 15 bytes.
A mail token says the same for addresses of our mailbox, whose letters may change case on their way: 20 bytes in base32 (32
characters), its HMAC cut to 11 bytes and of its purpose.
Old keys verify for ever; the first key signs. The suppression hash always uses the last (oldest) key, since it must
never change.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_HEAD = struct.Struct(">BII")
_MAC_BYTES = 15
#: RFC 4648 section 5
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_MAIL_MAC_BYTES = 11
_SEAL_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class DeliveryToken:
    """What a token stands for; `mailing` is the mailing's link number, from 1 to MOST_LINKS.

    Mailing 0 is no mailing: `n` is then the number of a notice, or 0 for our own probe.
    """

    mailing: int
    n: int


class MailPurpose(StrEnum):
    """What a mail to an address of our mailbox means; the letter stands before the token."""

    BOUNCE = "b"
    LEAVE = "u"


#: the highest link number of a mailing: four bytes
MOST_LINKS = 2**32 - 1
#: the mailing that notices count as
NOTICES = 0
#: signed for our own probe of base_url: proves that the pages answer and share our secret
PROBE = DeliveryToken(mailing=NOTICES, n=0)


class Keys:
    """The workspace's keys, newest first. Never printed."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            msg = "at least one secret, none of them empty"
            raise ValueError(msg)
        # two secrets may share an id (one byte): the id only says where to look first
        self._token_keys = [(_key_id(secret), _derive(secret, "token")) for secret in secrets]
        self._mail_keys = {
            purpose: [(_key_id(secret), _derive(secret, f"mail {purpose}")) for secret in secrets]
            for purpose in MailPurpose
        }
        self._token_halves = _halves(_derived_key(secrets[0], "token"))
        self._seal_keys = [_derive(secret, "seal") for secret in secrets]
        self._identity = _derive(secrets[-1], "identity")
        self._identity_halves = _halves(_derived_key(secrets[-1], "identity"))
        self._evidence = _derive(secrets[-1], "evidence")

    def __repr__(self) -> str:
        return "Keys(...)"

    def token(self, token: DeliveryToken) -> str:
        """The opaque text for links; valid for ever."""
        key_id, key = self._token_keys[0]
        head = _HEAD.pack(key_id, token.mailing, token.n)
        return _encode(head + _mac(key, head))

    def tokens_of(self, mailing: int) -> Callable[[int], str]:
        """`token` for delivery after delivery of one mailing, at half the price."""
        key_id = self._token_keys[0][0]
        inner, outer = self._token_halves

        def token(n: int) -> str:
            head = _HEAD.pack(key_id, mailing, n)
            half = inner.copy()
            half.update(head)
            whole = outer.copy()
            whole.update(half.digest())
            return _encode(head + whole.digest()[:_MAC_BYTES])

        return token

    def read_token(self, text: str) -> DeliveryToken | None:
        """What the text stands for, None for anything forged, cut or foreign."""
        raw = _decode(text)
        if raw is None or len(raw) != _HEAD.size + _MAC_BYTES:
            return None
        return _verified(raw[: _HEAD.size], raw[_HEAD.size :], self._token_keys)

    def mail_token(self, purpose: MailPurpose, token: DeliveryToken) -> str:
        """The opaque part of an address of our mailbox: a letter and 32 more, lower case and digits; valid for ever."""
        return _mail_text(purpose, *self._mail_keys[purpose][0], token)

    def texts_of(self, token: DeliveryToken) -> Iterator[str]:
        """Every text that stands for it, in links and in addresses of our mailbox, by each of the keys."""
        for key_id, key in self._token_keys:
            head = _HEAD.pack(key_id, token.mailing, token.n)
            yield _encode(head + _mac(key, head))
        for purpose, keys in self._mail_keys.items():
            for key_id, key in keys:
                yield _mail_text(purpose, key_id, key, token)

    def read_mail_token(self, text: str) -> tuple[MailPurpose, DeliveryToken] | None:
        """What the text stands for, whatever the case of its letters; None for anything forged, cut or foreign."""
        purpose, rest = text[:1].lower(), text[1:].upper()
        if purpose not in set(MailPurpose) or not re.fullmatch(r"[A-Z2-7]{32}", rest):
            return None
        raw = base64.b32decode(rest)
        keys = self._mail_keys[MailPurpose(purpose)]
        token = _verified(raw[: _HEAD.size], raw[_HEAD.size :], keys)
        return (MailPurpose(purpose), token) if token else None

    def seal(self, purpose: str, text: str) -> str:
        """A text that travels through a page of ours and comes back unchanged, or not at all. It can be read by whoever has it."""
        raw = text.encode()
        return _encode(_sealed(self._seal_keys[0], purpose, raw) + raw)

    def unseal(self, purpose: str, sealed: str) -> str | None:
        """The text, None for anything forged, cut or sealed for another purpose."""
        raw = _decode(sealed)
        if raw is None or len(raw) < _SEAL_BYTES:
            return None
        mac, text = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
        if not any(hmac.compare_digest(mac, _sealed(key, purpose, text)) for key in self._seal_keys):
            return None
        return text.decode()

    def evidence_seal(self, digest: str) -> str:
        """What only this workspace can say of a file of evidence, in hex; by the oldest secret, so that it holds for years."""
        mac = self._evidence.copy()
        mac.update(digest.encode())
        return mac.hexdigest()

    def is_evidence_seal(self, digest: str, seal: str) -> bool:
        return hmac.compare_digest(self.evidence_seal(digest).encode(), seal.encode())

    def identity_hash(self, identity: str) -> str:
        """The keyed hash of an identity, 32 hex characters: the same for one person, useless without the secret."""
        mac = self._identity.copy()
        mac.update(identity.encode())
        return mac.hexdigest()[:32]

    def identity_hashes(self, identities: Iterable[str]) -> list[str]:
        """The same for many, at half the price."""
        inner, outer = self._identity_halves
        begin_inner, begin_outer = inner.copy, outer.copy
        hashes = []
        for identity in identities:
            half = begin_inner()
            half.update(identity.encode())
            whole = begin_outer()
            whole.update(half.digest())
            hashes.append(whole.hexdigest()[:32])
        return hashes

    @property
    def fingerprint(self) -> str:
        """Tells whether a database was made with this secret, without telling the secret."""
        return self.identity_hash("fingerprint of the suppression key")


def _sealed(key: hmac.HMAC, purpose: str, text: bytes) -> bytes:
    return _mac(key, purpose.encode() + b"\0" + text, _SEAL_BYTES)


def _mail_text(purpose: MailPurpose, key_id: int, key: hmac.HMAC, token: DeliveryToken) -> str:
    head = _HEAD.pack(key_id, token.mailing, token.n)
    return purpose + base64.b32encode(head + _mac(key, head, _MAIL_MAC_BYTES)).decode().lower()


def _verified(head: bytes, mac: bytes, keys: Sequence[tuple[int, hmac.HMAC]]) -> DeliveryToken | None:
    key_id, mailing, n = _HEAD.unpack(head)
    candidates = [key for known, key in keys if known == key_id]
    if not any(hmac.compare_digest(mac, _mac(key, head, len(mac))) for key in candidates):
        return None
    return DeliveryToken(mailing=mailing, n=n)


def _mac(key: hmac.HMAC, head: bytes, size: int = _MAC_BYTES) -> bytes:
    mac = key.copy()
    mac.update(head)
    return mac.digest()[:size]


def _derive(secret: str, purpose: str) -> hmac.HMAC:
    return hmac.new(_derived_key(secret, purpose), digestmod=hashlib.sha256)


def _derived_key(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"newsletter {purpose} 1".encode(), hashlib.sha256).digest()


def _halves(key: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """What the inner and the outer hash of an HMAC (RFC 2104) with this key begin with, whatever is signed."""
    block = key.ljust(hashlib.sha256().block_size, b"\0")
    return hashlib.sha256(bytes(byte ^ 0x36 for byte in block)), hashlib.sha256(bytes(byte ^ 0x5C for byte in block))


def _key_id(secret: str) -> int:
    return hmac.new(secret.encode(), b"newsletter key id 1", hashlib.sha256).digest()[0]


def _encode(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()


def _decode(text: str) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    # one spelling per token: base64 ignores stray characters and spare bits
    return raw if _encode(raw) == text else None
