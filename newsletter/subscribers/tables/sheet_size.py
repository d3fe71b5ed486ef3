"""Is a workbook small enough to be read? A sheet is held in memory as a full rectangle, however few of its cells are filled.

A file of some kilobytes can ask for hundreds of gigabytes: by what is packed in it, or by one cell in the last corner of a
sheet. The library for workbooks would end the whole process then, so both are measured first.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.subscribers.tables.sources import Source

_BLOCK = 1 << 20
#: bytes of all parts, unpacked; cells of one sheet (about 100 bytes each); bytes of an old workbook
_MOST_BYTES, _MOST_CELLS, _MOST_OLD = 400 << 20, 5_500_000, 60 << 20
#: the tags of rows and cells with their places as all usual programs write them, and as XML allows them
_PLACED = re.compile(rb'<(?:c r="([A-Z]{1,3})|row r=")([0-9]{1,7})"')
_ANY_TAG = re.compile(rb"<(?:\w+:)?(?:c|row)(?=[\s/>])([^<>]*)")
_ANY_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,8})([0-9]{1,12})["']""")
_ENDS = (b" ", b"/", b">", b"\t", b"\r", b"\n")
_TAGS = tuple(start + name + end for start in (b"<", b":") for name in (b"c", b"row") for end in _ENDS)
#: no tag that matters is longer
_LONGEST_TAG = 1 << 12
_AS_CSV = "save it as CSV UTF-8 and name that file"


def refuse_huge(source: Source) -> None:
    """Measure a workbook without opening it.

    Raises:
        FileUnreadable: it is too large to be read, and says how it can be.
    """
    if not zipfile.is_zipfile(source.path):
        if source.path.stat().st_size > _MOST_OLD:
            raise source.unreadable(f"it is too large for a workbook; {_AS_CSV}")
        return
    with source.reading(), zipfile.ZipFile(source.path) as archive:
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > _MOST_BYTES:
            raise source.unreadable(f"it is too large for a workbook; {_AS_CSV}")
        for info in infos:
            with archive.open(info) as part:
                if _cells(part) > _MOST_CELLS:
                    raise source.unreadable(f"a sheet of it reaches too far down or to the right; {_AS_CSV}")


def _cells(part: IO[bytes]) -> int:
    """At most how many cells the rectangle has that holds all cells of a sheet; 0 for parts that are no sheets."""
    height = width = unplaced = 0
    rest = b""
    while block := part.read(_BLOCK):
        text, rest = _whole_tags(rest + block)
        places = _PLACED.findall(text)
        tags = sum(text.count(tag) for tag in _TAGS)
        if tags > len(places):
            found = [_ANY_PLACE.search(tag) for tag in _ANY_TAG.findall(text)]
            places = [place.groups() for place in found if place]
            unplaced += len(found) - len(places)
        height = max(height, *map(int, {row for _, row in places}), 0)
        width = max(width, *map(_column, {letters for letters, _ in places}), 0)
    return (height + unplaced) * (width + unplaced)


def _whole_tags(text: bytes) -> tuple[bytes, bytes]:
    end = text.rfind(b"<")
    if end < len(text) - _LONGEST_TAG:
        return text, b""
    return text[:end], text[end:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number
