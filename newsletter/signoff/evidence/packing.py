"""The zip around the files: looked at byte by byte before anything in it is believed, since anybody may have made it."""

from __future__ import annotations

import hashlib
import io
import struct
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.signoff.evidence.layout import AT_ONCE, COMMENT, COMMENT_LENGTH

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from typing import BinaryIO

#: files that one zip may hold, and the bytes of their list
MOST_FILES, LARGEST_LIST = 20_000, 4_000_000
#: APPNOTE 4.3.7 (what stands before each file), with the lengths of its name and of what is beside that
_LOCAL = struct.Struct("<4s22xHH")
#: 4.3.9: sizes that are told behind a file, where its flags say so
_BEHIND, _LONGEST_BEHIND = 8, 24
#: 4.6.9: another name for the file, which only some programs take
_OTHER_NAME = 0x7075
#: PKWARE's APPNOTE 4.3.16 (end of central directory), 4.3.15 and 4.3.14 (those for large files)
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_LARGE_END = struct.Struct("<4sQ2H2L4Q")


class Packing(StrEnum):
    """How the zip itself stands."""

    AS_MADE = "as made"
    #: somebody unpacked it and packed it again, which may leave every file inside as it was
    AGAIN = "packed again"
    CHANGED = "changed"
    #: it is no zip, or one that must not be opened
    UNREADABLE = "unreadable"


def packing_of(stream: BinaryIO) -> Packing:
    """Read the whole file once, in pieces, and its end."""
    size = stream.seek(0, io.SEEK_END)
    for length, good in ((COMMENT_LENGTH, Packing.AS_MADE), (0, Packing.AGAIN)):
        end = _end(stream, size - _END.size - length, length)
        if end is None:
            continue
        count, listed = end
        if count > MOST_FILES or listed > LARGEST_LIST:
            return Packing.UNREADABLE
        return good if not length or _is_signed(stream, size - length) else Packing.CHANGED
    return Packing.UNREADABLE


def holds_more(opened: zipfile.ZipFile, stream: BinaryIO) -> bool:
    """Whether bytes stand in it that its list does not tell, or names that only some programs take.

    Whoever reads it without the list, or takes these names, would see other files than we.

    Raises:
        struct.error: it ends too early.
    """
    place = slack = 0
    for info in sorted(opened.infolist(), key=lambda one: one.header_offset):
        if not place <= info.header_offset <= place + slack:
            return True
        stream.seek(info.header_offset)
        _, name, more = _LOCAL.unpack(stream.read(_LOCAL.size))
        stream.seek(name, io.SEEK_CUR)
        if _OTHER_NAME in {*_kinds(info.extra), *_kinds(stream.read(more))}:
            return True
        place = stream.tell() + info.compress_size
        slack = _LONGEST_BEHIND if info.flag_bits & _BEHIND else 0
    return not place <= opened.start_dir <= place + slack


def _kinds(extra: bytes) -> Iterator[int]:
    """4.5.1: kind and length of each thing beside a name."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        yield kind
        extra = extra[4 + length :]


def _end(stream: BinaryIO, at: int, comment: int) -> tuple[int, int] | None:
    """(files, bytes of their list), where the record of the end stands at this place with a comment of this length."""
    if at < 0:
        return None
    stream.seek(at)
    mark, _, _, _, count, listed, _, length = _END.unpack(stream.read(_END.size))
    if mark != b"PK\5\6" or length != comment:
        return None
    large = _large_end(stream, at)
    return (max(count, large[0]), max(listed, large[1])) if large else (count, listed)


def _large_end(stream: BinaryIO, at: int) -> tuple[int, int] | None:
    """What a zip of more than 2 GB says in its own record, which stands before the usual one."""
    place = at - _LOCATOR.size - _LARGE_END.size
    if place < 0:
        return None
    stream.seek(place)
    mark, *_, count, listed, _ = _LARGE_END.unpack(stream.read(_LARGE_END.size))
    return (count, listed) if mark == b"PK\6\6" else None


def _is_signed(stream: BinaryIO, length: int) -> bool:
    """Whether the comment tells the hash of all that stands before it."""
    stream.seek(0)
    whole, left = hashlib.sha256(), length
    while left > 0:
        piece = stream.read(min(AT_ONCE, left))
        if not piece:
            return False
        whole.update(piece)
        left -= len(piece)
    told = COMMENT.fullmatch(stream.read())
    return bool(told) and told[1].decode() == whole.hexdigest()  # type: ignore[index] # it is one
