"""Header lines in ASCII, ended by CRLF and folded at 76 octets where they may: RFC 5322, RFC 2047 encoded words.

No input can start another header: control characters and line breaks become spaces before anything else happens.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from newsletter.compose.escaping import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 76
#: longest line of what cannot be cut; folding it away from its name confuses simple readers of headers
_UNCUT_WIDTH = 100
#: a display name that needs no quotes (RFC 5322 atoms), without `=` and `?`, which could look like an encoded word
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/^_`{|}~-]+)*")
#: octets of UTF-8 in one encoded word: 52 characters of base64, 64 in all, so it fits beside the header's name
_WORD_OCTETS = 39
#: longest display name that is quoted; with quotes and escapes it still fits on a line
_QUOTED = 60


def text_header(name: str, value: str) -> bytes:
    """An unstructured header such as Subject."""
    value = one_line(value)
    pieces = re.findall(" *[^ ]+", value)
    if not _may_stand(value) or any(len(piece) > _WIDTH - len(name) - 2 for piece in pieces):
        return _line(f"{name}:" + _encoded(value))
    return _line(_folded(f"{name}: ", pieces))


def mailbox_header(name: str, display: str, address: str) -> bytes:
    """From or To: `address` must be ASCII (see carrying.wire_address). Runs of spaces in the name become one."""
    phrase = _phrase(_single_spaces(one_line(display)))
    if not phrase:
        return identifier_header(name, address)
    start = f"{name}:{phrase}"
    last_line = len(start) - (start.rfind("\n") + 1)
    gap = " " if last_line + len(address) + 3 <= _WIDTH else "\r\n "
    return _line(f"{start}{gap}<{address}>")


def identifier_header(name: str, value: str) -> bytes:
    """A header whose ASCII value cannot be cut: an address, an id, a URL. Too long, it stands on a line of its own."""
    gap = " " if len(name) + len(value) + 2 <= _UNCUT_WIDTH else "\r\n "
    return _line(f"{name}:{gap}{value}")


def identifiers_header(name: str, values: Sequence[str]) -> bytes:
    """Several of them, each on a line of its own but for the first."""
    first, *others = values
    return (
        identifier_header(name, first)[:-2] + b"".join(f",\r\n {value}".encode("ascii") for value in others) + b"\r\n"
    )


def _line(text: str) -> bytes:
    return f"{text}\r\n".encode("ascii")


def _single_spaces(text: str) -> str:
    return re.sub(" +", " ", text) if "  " in text else text


def _may_stand(value: str) -> bool:
    return value.isascii() and "=?" not in value


def _phrase(display: str) -> str:
    """The display name with the space before it, in the simplest form that is safe."""
    if not display:
        return ""
    if len(display) > _QUOTED or not _may_stand(display):
        return _encoded(display)
    if _ATOMS.fullmatch(display):
        return f" {display}"
    escaped = display.replace("\\", "\\\\").replace('"', '\\"')
    return f' "{escaped}"' if len(escaped) <= _QUOTED else _encoded(display)


def _folded(start: str, pieces: list[str]) -> str:
    """Break only before spaces: unfolding (taking the line breaks out) gives the very same text."""
    lines = [start]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > _WIDTH:
            lines.append("")
        lines[-1] += piece
    return "\r\n".join(lines)


def _encoded(text: str) -> str:
    """Encoded words, one a line; the white space between two of them is no part of the text."""
    return "\r\n".join(f" =?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    """Cut after a space where there is one: the many readers that keep white space between words then do least harm."""
    rest = text.encode()
    while len(rest) > _WORD_OCTETS:
        end = rest.rfind(b" ", 0, _WORD_OCTETS) + 1 or _WORD_OCTETS
        while rest[end] & 0xC0 == 0x80:  # not within a character
            end -= 1
        yield rest[:end]
        rest = rest[end:]
    yield rest
