"""A look at all lines of a file that is not UTF-8 throughout: how many are, and a sample of those that are not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.subscribers.tables.sources import Source

_BLOCK = 1 << 20
_MOST = 1 << 16
#: control characters that no text has
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\r\f\x1a\x1b"})


@dataclass(kw_only=True, slots=True)
class Survey:
    """Only lines with letters beyond ASCII count."""

    utf8_lines: int = 0
    other_lines: int = 0
    #: some of the other lines
    sample: bytes = b""
    #: the file is UTF-8 but for its last letter, of which bytes are missing
    cut_off: bool = False

    @property
    def is_binary(self) -> bool:
        return len(self.sample.translate(None, _CONTROLS)) < 0.99 * len(self.sample)


def survey(source: Source) -> Survey:
    found = Survey()
    sample = bytearray()
    for line, is_last in _lines(source):
        try:
            line.decode()
        except UnicodeDecodeError as why:
            found.other_lines += 1
            found.cut_off = is_last and found.other_lines == 1 and why.reason == "unexpected end of data"
            if len(sample) < _MOST:
                sample += line[:_MOST] + b"\n"
        else:
            found.utf8_lines += 1
    found.sample = bytes(sample)
    return found


def _lines(source: Source) -> Iterator[tuple[bytes, bool]]:
    """Lines that have letters beyond ASCII, and whether the file ends in the line."""
    rest = b""
    with source.open() as raw:
        while block := raw.read(_BLOCK):
            *lines, rest = re.split(rb"[\r\n]", rest[:_MOST] + block)
            yield from ((line, False) for line in lines if not line.isascii())
    if not rest.isascii():
        yield rest, True
