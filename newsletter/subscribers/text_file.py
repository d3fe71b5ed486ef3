"""A file of UTF-8 text, proven to be one before its first line is used: nothing is imported from half of a file."""

from __future__ import annotations

import codecs
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO, TextIO

_BLOCK = 1 << 20
#: no table of readers has longer lines; a file without any line break must not fill the memory
_LONGEST_LINE = 8 * _BLOCK
_AS_UTF8 = (
    'save it as UTF-8: in Excel "CSV UTF-8 (comma delimited)", in LibreOffice the character set "Unicode (UTF-8)"'
)
_FOREIGN = {
    codecs.BOM_UTF16_LE: f"it is UTF-16 text; {_AS_UTF8}",
    codecs.BOM_UTF16_BE: f"it is UTF-16 text; {_AS_UTF8}",
    b"PK\x03\x04": f"it is a spreadsheet or an archive, not a CSV file; open it and {_AS_UTF8}",
    b"\xd0\xcf\x11\xe0": f"it is an old Excel workbook, not a CSV file; open it and {_AS_UTF8}",
}


@contextmanager
def utf8_lines(path: Path) -> Iterator[TextIO]:
    """The open file, line ends untouched.

    Raises:
        FileUnreadable: it cannot be opened, or is not UTF-8 text from beginning to end.
    """
    try:
        if not path.is_file():
            raise FileUnreadable(path, _no_file(path))
        with path.open("rb") as raw:
            _prove(raw, path)
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield text
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    except UnicodeDecodeError:
        raise FileUnreadable(path, "it changed while it was read; start again") from None


def _no_file(path: Path) -> str:
    if path.is_dir():
        return "it is a folder, not a file"
    # a pipe cannot be read a second time
    return "it is not a file on a disk; save it to one first" if path.exists() else "there is no such file"


def _prove(raw: BinaryIO, path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    start, lines, length = True, 0, 0
    while block := raw.read(_BLOCK):
        if start:
            _refuse_foreign(block, path)
        start = False
        _decode(decoder, block, path, lines)
        lines += block.count(b"\n")
        length = length + len(block) if b"\n" not in block else 0
        if length > _LONGEST_LINE:
            raise FileUnreadable(path, f"line {lines + 1} is longer than any reader's can be; is this a CSV file?")
    _decode(decoder, b"", path, lines, final=True)


def _refuse_foreign(block: bytes, path: Path) -> None:
    for mark, why in _FOREIGN.items():
        if block.startswith(mark):
            raise FileUnreadable(path, why)
    if b"\0" in block.partition(b"\n")[0]:
        raise FileUnreadable(path, f"it is not a text file, or it is UTF-16; {_AS_UTF8}")


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, path: Path, lines: int, *, final: bool = False) -> None:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as why:
        line = lines + why.object[: why.start].count(b"\n") + 1
        raise FileUnreadable(path, f"line {line} is not UTF-8 text; {_AS_UTF8}") from None
