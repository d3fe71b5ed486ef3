"""What can be read in a mail as it came: headers and texts without their transfer encodings."""

from __future__ import annotations

import email
from email import policy
from email.errors import MessageError
from email.header import decode_header
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message


def texts(raw: bytes) -> Iterator[bytes]:
    """In bytes, since nobody can rely on what a mail says of its letters. Never raises for what a mail holds."""
    yield raw
    try:
        for part in email.message_from_bytes(raw, policy=policy.compat32).walk():
            yield from _headers(part)
            if not part.is_multipart() and isinstance(content := part.get_payload(decode=True), bytes):
                yield content
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError, MessageError):
        return  # the standard library's parser is lenient, its accessors are not


def _headers(part: Message) -> Iterator[bytes]:
    for value in part.values():
        if "=?" in (text := str(value)):
            yield b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece, _ in decode_header(text))


def head_of(raw: bytes) -> bytes:
    """Its headers alone."""
    lines = raw.splitlines(keepends=True)
    end = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    return b"".join(lines[:end])
