"""A mail as it really arrived: read from a file of which nothing can be expected, and kept to what may be said aloud."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from typing import TYPE_CHECKING

from newsletter.probe.dns.domains import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 10_000_000
#: of one header, for us to look at
_MOST_VALUE = 20_000
#: Outlook's own kind of file (MS-CFB)
_OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1")


class NotAMail(Exception):
    """Raised for a file that is no mail; the message says what it is, and `next_step` what to do."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.next_step = next_step


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """`raw` and `message` hold a reader's address: only what is worked out from them is shown."""

    raw: bytes
    message: Message
    #: domains of the From header
    from_domains: tuple[str, ...]
    #: of the address for bounces, None where the file does not tell it
    bounce_domain: str | None
    #: bytes of the largest HTML part
    html_bytes: int
    has_text: bool

    def values(self, name: str) -> list[str]:
        return values_of(self.message, name)

    @property
    def from_domain(self) -> str:
        return self.from_domains[0] if self.from_domains else ""


def read(raw: bytes) -> Delivered:
    """Raises NotAMail."""
    if raw.startswith(_OUTLOOK):
        raise NotAMail("this is a file of Outlook (.msg), not a mail", "Save the mail as .eml, or from a browser.")
    if len(raw) > MOST_BYTES:
        raise NotAMail(f"the file has more than {MOST_BYTES // 1_000_000} MB", "Name the file of one mail.")
    if raw.startswith(b"From "):  # a folder of mails, or one of it
        raw = raw.partition(b"\n")[2]
    raw = raw.lstrip(b"\xef\xbb\xbf\r\n")
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw)
    except (MessageError, RecursionError, ValueError, LookupError) as why:
        words = f"its parts cannot be told apart ({type(why).__name__})"
        raise NotAMail(words, "Save the mail again, as its source.") from None
    if not message.keys():
        raise NotAMail("there is no header in it", "Save the mail as its source (.eml), not as text or a picture.")
    sizes, has_text = _parts(message)
    return Delivered(
        raw=raw,
        message=message,
        from_domains=tuple(_domains(values_of(message, "From"))),
        bounce_domain=_bounce_domain(values_of(message, "Return-Path")),
        html_bytes=max(sizes, default=0),
        has_text=has_text,
    )


def values_of(message: Message, name: str) -> list[str]:
    """All of this name, unfolded; broken octets become question marks."""
    found = (str(value) for value in message.get_all(name, []))
    return [" ".join(value[:_MOST_VALUE].split()) for value in found]


def _parts(message: Message) -> tuple[list[int], bool]:
    """Sizes of the HTML parts, and whether there is one of plain text."""
    sizes, has_text = [], False
    for part in _walk(message):
        kind = part.get_content_type()
        if kind == "text/html":
            sizes.append(len(_content(part)))
        elif kind == "text/plain":
            has_text = True
    return sizes, has_text


def _walk(message: Message) -> Iterator[Message]:
    """Without recursion: parts within parts may go deep."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop()
        yield part
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting += [one for one in inner if isinstance(one, Message)]


def _content(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError, UnicodeError):
        content = None
    return content if isinstance(content, bytes) else b""


def _domains(fields: list[str]) -> Iterator[str]:
    for _, address in _addresses(fields):
        if "@" in address and (domain := plain(address.rpartition("@")[2])):
            yield domain


def _addresses(fields: list[str]) -> list[tuple[str, str]]:
    try:
        return getaddresses([_decoded(one) if "@" not in one else one for one in fields])
    except (ValueError, IndexError, RecursionError):
        return []


def _decoded(value: str) -> str:
    try:
        pieces = decode_header(value)
        return "".join(one if isinstance(one, str) else one.decode(kind or "ascii", "replace") for one, kind in pieces)
    except (MessageError, LookupError, ValueError):
        return value


def _bounce_domain(fields: list[str]) -> str | None:
    if not fields:
        return None
    return plain(fields[0].strip("<> ").rpartition("@")[2]) if "@" in fields[0] else ""
