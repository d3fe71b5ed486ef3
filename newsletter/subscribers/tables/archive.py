"""A zip with tables in it, as Mailchimp exports one. Members are read where they are: nothing is unpacked to the disk."""

from __future__ import annotations

import zipfile
from functools import partial
from typing import IO, TYPE_CHECKING

from newsletter.subscribers.tables.sources import Source

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = (".csv", ".tsv", ".txt", ".tab")
#: a member may not be larger than this, nor than this many times its packed size: text does not pack better
_LARGEST, _MOST_PACKED = 8 << 30, 200
_MOST_MEMBERS = 100
_LOCKED = 1


def listing(source: Source) -> list[zipfile.ZipInfo]:
    """The members.

    Raises:
        FileUnreadable: it is not a zip throughout.
    """
    try:
        with source.reading(), zipfile.ZipFile(source.path) as archive:
            return archive.infolist()
    except ValueError:
        raise source.unreadable("it is a damaged archive; download or copy it again") from None


def members(source: Source) -> list[Source]:
    """The text files of a zip, by their names.

    Raises:
        FileUnreadable: there are none, too many, or one that is packed to do harm or with a password.
    """
    infos = sorted((info for info in listing(source) if _is_table(info.filename)), key=lambda info: info.filename)
    if not infos:
        raise source.unreadable(
            "it is an archive without a CSV file in it; if it is a spreadsheet, save it as CSV UTF-8 or as XLSX"
        )
    if len(infos) > _MOST_MEMBERS:
        raise source.unreadable(f"it holds {len(infos)} tables; unpack it and name the files")
    for info in infos:
        if info.flag_bits & _LOCKED:
            raise source.unreadable("it is locked with a password; unpack it first")
        if info.file_size > min(_LARGEST, _MOST_PACKED * info.compress_size + (1 << 20)):
            raise source.unreadable(f"{info.filename} in it is absurdly large; unpack it and look at it first")
    return [Source(path=source.path, open=partial(_opened, source.path, info), member=info.filename) for info in infos]


def _is_table(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return file.casefold().endswith(_TEXT) and not file.startswith(".") and not folder.startswith("__MACOSX")


def _opened(path: Path, info: zipfile.ZipInfo) -> IO[bytes]:
    """The member; the archive closes with it."""
    with zipfile.ZipFile(path) as archive:
        return archive.open(info)
