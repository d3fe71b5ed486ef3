"""In which encoding is a file written? Told by a byte order mark, proven (UTF-8, over the whole file), or guessed.

Nothing is imported from half of a file: every byte is looked at before the first row is used.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable
from newsletter.subscribers.tables.survey import survey

if TYPE_CHECKING:
    from newsletter.subscribers.tables.sources import Source

_BLOCK = 1 << 20
#: no table of readers has longer lines; a file without any line break must not fill the memory
_LONGEST_LINE = 8 * _BLOCK
AS_UTF8 = 'save it as UTF-8: in Excel "CSV UTF-8 (comma delimited)", in LibreOffice the character set "Unicode (UTF-8)"'
#: the longer marks first: that of UTF-32 begins with that of UTF-16
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_FOREIGN = {
    b"%PDF": "it is a PDF document",
    b"\x89PNG": "it is a picture",
    b"\xff\xd8\xff": "it is a picture",
    b"\x1f\x8b": "it is packed with gzip; unpack it first",
    b"7z\xbc\xaf": "it is packed with 7-Zip; unpack it first",
    b"Rar!": "it is packed with RAR; unpack it first",
    b"SQLite format 3\0": "it is a database",
    b"{\\rtf": "it is a text document (RTF)",
}
#: what Python calls encodings, and no file is written in
_NO_FILES = {"undefined", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7"}
_NAMES = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "mac-roman": "Mac Roman", "iso8859-1": "ISO-8859-1 (Latin-1)"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """`codec` is Python's name. `damaged` is the first line that does not fit, for codecs that are used all the same."""

    codec: str
    guessed: bool = False
    damaged: int | None = None

    @property
    def label(self) -> str:
        if self.codec.startswith("utf-16"):
            return "UTF-16"
        if self.codec.startswith("cp125"):
            return f"Windows-{self.codec[2:]}"
        name = self.codec.replace("_", "-")
        return _NAMES.get(name, name.upper().replace("ISO8859", "ISO-8859"))


def encoding_of(source: Source, given: str | None) -> Encoding:
    """The encoding, when every byte was looked at.

    Raises:
        FileUnreadable: it is no text, or its letters cannot be told.
        OptionUnusable: there is no such encoding.
    """
    with source.open() as raw:
        head = raw.read(1 << 16)
    for mark, why in _FOREIGN.items():
        if head.startswith(mark):
            raise source.unreadable(why)
    if given is not None:
        codec = _codec(given, head)
        return Encoding(codec=codec, damaged=_prove(source, codec))
    marked = next((codec for mark, codec in _MARKS.items() if head.startswith(mark)), None) or _zeros(head)
    if marked is None and b"\0" in head.partition(b"\n")[0]:
        raise source.unreadable("it is not a text file")
    damaged = _prove(source, marked or "utf-8-sig")
    if damaged is None:
        return Encoding(codec=marked or "utf-8-sig")
    if marked and marked != "utf-8-sig":
        return Encoding(codec=marked, damaged=damaged)
    return _not_utf8(source, damaged)


def _codec(given: str, head: bytes) -> str:
    """Python's name of an encoding that a person names; the variant that drops a byte order mark."""
    try:
        found = codecs.lookup("cp1252" if given.strip().casefold() == "ansi" else given.strip())
        io.TextIOWrapper(io.BytesIO(), found.name)  # refuses codecs that make no text
        name = found.name.replace("_", "-")
    except (LookupError, ValueError):
        name = ""
    if not name or name in _NO_FILES:
        raise OptionUnusable(
            "--encoding",
            f"there is no encoding `{given[:40]}`; such as utf-8, utf-16, windows-1252, iso-8859-1, mac-roman",
        )
    if found.name == "utf-16" and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _zeros(head) or "utf-16-le"
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _zeros(head: bytes) -> str | None:
    """UTF-16 without a mark, by the zeros that every second byte of western text is in it."""
    pairs = len(head) // 2
    first, second = head[: 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if pairs and 10 * second > 3 * pairs and 20 * first < second:
        return "utf-16-le"
    if pairs and 10 * first > 3 * pairs and 20 * second < first:
        return "utf-16-be"
    return None


def _prove(source: Source, codec: str) -> int | None:
    """The first line that is not text in this encoding, None when all are."""
    decoder = codecs.getincrementaldecoder(codec)()
    damaged = None
    lines, length = 0, 0
    with source.open() as raw:
        while True:
            block = raw.read(_BLOCK)
            try:
                if damaged is None:
                    decoder.decode(block, not block)
            except UnicodeDecodeError as why:
                damaged = lines + _line_ends(bytes(why.object[: why.start])) + 1
            if not block:
                return damaged
            lines += _line_ends(block)
            length = length + len(block) if not (b"\n" in block or b"\r" in block) else 0
            if length > _LONGEST_LINE:
                raise source.unreadable(f"line {lines + 1} is longer than any reader's can be; is this a CSV file?")


def _line_ends(block: bytes) -> int:
    return block.count(b"\n") or block.count(b"\r")


def _not_utf8(source: Source, damaged: int) -> Encoding:
    found = survey(source)
    if found.cut_off:
        raise source.unreadable(f"it ends in the middle of a letter, on line {damaged}; was it copied to its end?")
    if found.utf8_lines > found.other_lines:
        return Encoding(codec="utf-8-sig", damaged=damaged)
    if found.is_binary:
        raise source.unreadable("it is not a text file")
    from newsletter.subscribers.tables.guessing import guessed_codec

    codec = guessed_codec(found.sample)
    if codec is None:
        raise source.unreadable(f"line {damaged} is not UTF-8 text, and nothing else that is known; {AS_UTF8}")
    return Encoding(codec=codec, guessed=True, damaged=_prove(source, codec))
