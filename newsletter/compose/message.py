"""A letter, compiled: all that readers share is encoded once, then each reader's message is one join of bytes.

The message is RFC 5322 and MIME: multipart/alternative, plain text first, both parts quoted-printable, 7-bit, CRLF. Where
images travel inside, the HTML stands with them in a multipart/related.
Each slot stands between soft line breaks, so the encoding around it does not depend on its value. Same envelope: same bytes.
"""

from __future__ import annotations

import functools
import hashlib
import re
from datetime import UTC
from email.utils import format_datetime
from typing import TYPE_CHECKING

from newsletter.compose.carrying import wire_address, wire_domain
from newsletter.compose.embedding import embedded, image_part
from newsletter.compose.leaving import ways_to_leave
from newsletter.compose.mime_headers import identifier_header, identifiers_header, mailbox_header, text_header
from newsletter.compose.quoted_printable import SOFT_BREAK, encode
from newsletter.compose.slots import fill, fill_slot
from newsletter.model.rendered import Context, Slot, slots_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.rendered import Parts

#: contexts whose part is HTML: there every character can be written in ASCII
_HTML = frozenset({Context.HTML, Context.ATTRIBUTE, Context.URL, Context.URL_PART})

_WORDS = re.compile(r"(?!From )(?:[\w,;:!?()/~@+*-](?:[\w .,;:!?()/~@+*-]{0,70}[\w.,;:!?()/~@+*-])?)?", re.ASCII)
_WEB_URL = re.compile(r"https?://[\w.~/:%@-]{1,64}", re.ASCII)
#: a value that looks like this is left alone by escaping and encoding alike: true of nearly all, and ten times as fast
_AS_IT_STANDS = {
    Context.HTML: _WORDS,
    Context.ATTRIBUTE: _WORDS,
    Context.TEXT: _WORDS,
    Context.HEADER: _WORDS,
    Context.URL: _WEB_URL,
    Context.TEXT_URL: _WEB_URL,
    Context.URL_PART: re.compile(r"[\w-]{0,72}", re.ASCII),
}


def slot_text(slot: Slot, values: Mapping[str, str]) -> str:
    """What the slot becomes for a reader, escaped for its context; in HTML, pure ASCII by numeric references."""
    value = values.get(slot.name, "").strip() or slot.fallback
    if _AS_IT_STANDS[slot.context].fullmatch(value):
        return value
    text = fill_slot(slot, values)
    if slot.context in _HTML and not text.isascii():
        return text.encode("ascii", "xmlcharrefreplace").decode()
    return text


@functools.lru_cache(maxsize=4)
def compiled(letter: Letter) -> CompiledMessage:
    """The letter's compiled form, kept for the last few letters (letters are told apart by identity)."""
    return CompiledMessage(letter)


class CompiledMessage:
    """Makes each reader's message. The letter and its envelopes must have no obstacle (see carrying.py)."""

    def __init__(self, letter: Letter) -> None:
        rendered = letter.rendered
        fingerprint = rendered.fingerprint
        self._letter = letter
        self._message_id = _message_id(letter, fingerprint)
        self._from = mailbox_header("From", rendered.from_name, wire_address(rendered.from_address))
        self._subject = None if any(slots_of(rendered.subject)) else text_header("Subject", fill(rendered.subject, {}))
        self._shared = _shared_headers(letter)
        pieces = list(_body(letter, fingerprint))
        slots = tuple(slots_of(rendered.text, rendered.html))
        self._fields = [(slot, slot.name, slot.fallback, _AS_IT_STANDS[slot.context].fullmatch) for slot in slots]
        self._holes = [(at, slots.index(piece)) for at, piece in enumerate(pieces) if isinstance(piece, Slot)]
        self._pieces = [b"" if isinstance(piece, Slot) else piece for piece in pieces]

    def bytes_for(self, envelope: Envelope) -> bytes:
        """The complete message for one reader."""
        values = envelope.values
        filled = []
        for slot, name, fallback, stands in self._fields:
            value = values.get(name, "").strip() or fallback
            filled.append(value.encode() if stands(value) else encode(slot_text(slot, values)))
        pieces = self._pieces.copy()
        for at, index in self._holes:
            pieces[at] = filled[index]
        pieces[0] = self._headers(envelope)
        return b"".join(pieces)

    def _headers(self, envelope: Envelope) -> bytes:
        to = mailbox_header("To", envelope.name, wire_address(envelope.address))
        subject = self._subject or text_header("Subject", fill(self._letter.rendered.subject, envelope.values))
        message_id = identifier_header("Message-ID", self._message_id % envelope.n)
        leave = b""
        if self._letter.list_id:
            leave = identifiers_header("List-Unsubscribe", ways_to_leave(envelope))
        return b"".join((self._from, to, subject, message_id, leave, self._shared))


def _message_id(letter: Letter, fingerprint: str) -> str:
    """A pattern with room for the delivery's number: unique per delivery, the same for the same delivery."""
    mailing = re.sub(r"[^A-Za-z0-9-]+", "-", letter.mailing) or "mailing"
    what = f"{fingerprint}\n{letter.mailing}\n{letter.date.isoformat()}\n{letter.domain}"
    return f"<{mailing}.%d.{hashlib.sha256(what.encode()).hexdigest()[:16]}@{wire_domain(letter.domain)}>"


def _shared_headers(letter: Letter) -> bytes:
    lines = [b"Date: " + format_datetime(letter.date.astimezone(UTC)).encode() + b"\r\n"]
    if letter.rendered.reply_to:
        lines.append(identifier_header("Reply-To", wire_address(letter.rendered.reply_to)))
    if letter.list_id:
        lines.append(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")  # RFC 8058
        lines.append(identifier_header("List-Id", f"<{letter.list_id}>"))  # RFC 2919
    if letter.asked_for:
        lines.append(b"Auto-Submitted: auto-generated\r\n")  # RFC 3834
    lines.append(b"MIME-Version: 1.0\r\n")
    return b"".join(lines)


def _body(letter: Letter, fingerprint: str) -> Iterator[bytes | Slot]:
    yield b""  # room for the headers
    html, pictures = embedded(letter)
    boundary = _boundary(fingerprint)
    # the line break before a boundary belongs to the boundary, so each part keeps its own end
    yield f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
    yield from _text_part("plain", letter.rendered.text)
    yield f"\r\n--{boundary}\r\n".encode()
    if pictures:
        yield from _related(
            html, [image_part(picture, letter) for picture in pictures], _boundary(f"{fingerprint} images")
        )
    else:
        yield from _text_part("html", html)
    yield f"\r\n--{boundary}--\r\n".encode()


def _boundary(seed: str) -> str:
    """Neither quoted-printable nor base64 ever has `=_`, so this cannot stand inside a part."""
    return "=_" + hashlib.sha256(seed.encode()).hexdigest()[:24]


def _text_part(subtype: str, parts: Parts) -> Iterator[bytes | Slot]:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    yield head.encode()
    yield from _encoded(parts)


def _related(html: Parts, images: Sequence[bytes], boundary: str) -> Iterator[bytes | Slot]:
    """The HTML first: it is the root (RFC 2387 section 3.2)."""
    yield f'Content-Type: multipart/related; type="text/html";\r\n boundary="{boundary}"\r\n\r\n--{boundary}\r\n'.encode()
    yield from _text_part("html", html)
    for image in images:
        yield f"\r\n--{boundary}\r\n".encode() + image
    yield f"\r\n--{boundary}--\r\n".encode()


def _encoded(parts: Parts) -> Iterator[bytes | Slot]:
    """The static pieces encoded, a soft break between a slot and its neighbour unless a line ends there anyway."""
    before: str | Slot = "\n"
    for part in parts:
        if not _line_ends_between(before, part):
            yield SOFT_BREAK
        yield part if isinstance(part, Slot) else encode(part)
        before = part


def _line_ends_between(before: str | Slot, after: str | Slot) -> bool:
    ends = isinstance(before, str) and before.endswith("\n")
    return ends or (isinstance(after, str) and after.startswith(("\n", "\r\n")))
