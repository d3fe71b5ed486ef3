"""The files of the outbox that were written to one person, or long ago, found and deleted.

In the folder of a mailing of this database the file's name is the number of the delivery. Everywhere else (mails of an
earlier database, notices) the To line says whose a file is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.files import flush_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

#: a header is at the beginning
_HEAD = 16_384


def delete_copies(
    outbox: Path,
    deliveries: Collection[tuple[int, int]],
    dates: Mapping[int, datetime],
    is_theirs: Callable[[str], bool],
) -> int:
    """Delete one person's files, unfinished ones too; returns how many there were.

    `deliveries` are their (mailing, n), `dates` those that mark the folders of this database's mailings.

    Raises:
        OSError: a file cannot be read or deleted; others may be gone already.
    """
    gone = 0
    for file in _copies(outbox, deliveries, dates, is_theirs):
        try:
            file.unlink()
        except FileNotFoundError:  # an unfinished file that was finished in between is looked for by its own name
            continue
        gone += 1
        flush_folder(file.parent)
    return gone


def older_copies(outbox: Path, before: datetime) -> Iterator[Path]:
    """All mails of the outbox that were written before this moment, of whomever."""
    for folder in sorted(outbox.iterdir()) if outbox.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink():
            yield from (file for file in folder.iterdir() if _is_mail(file) and _written(file) < before.timestamp())


def _written(file: Path) -> float:
    return file.lstat().st_mtime


def _copies(
    outbox: Path,
    deliveries: Collection[tuple[int, int]],
    dates: Mapping[int, datetime],
    is_theirs: Callable[[str], bool],
) -> Iterator[Path]:
    ours = {str(mailing): outbox / str(mailing) for mailing in dates if _is_marked(outbox, mailing, dates[mailing])}
    for mailing, n in deliveries:
        if folder := ours.get(str(mailing)):
            # the unfinished file first: the sender may be about to give it its name
            yield from (file for suffix in (".part", ".eml") if (file := folder / f"{n:06}{suffix}").exists())
    for folder in sorted(outbox.iterdir()) if outbox.is_dir() else ():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in ours:
            yield from (file for file in sorted(folder.iterdir()) if _is_mail(file) and _goes_to(file, is_theirs))


def _is_marked(outbox: Path, mailing: int, date: datetime) -> bool:
    """Whether the folder holds mails of this very mailing; esp/outbox.py leaves the mark."""
    try:
        return (outbox / f".{mailing}.mailing").read_text(encoding="ascii") == f"{date.isoformat()}\n"
    except FileNotFoundError:
        return False


def _is_mail(file: Path) -> bool:
    return file.suffix in {".eml", ".part"}


def _goes_to(file: Path, is_theirs: Callable[[str], bool]) -> bool:
    from email.parser import BytesHeaderParser
    from email.utils import getaddresses

    try:
        with file.open("rb") as content:
            headers = BytesHeaderParser().parsebytes(content.read(_HEAD))
    except FileNotFoundError:
        return False
    return any(is_theirs(address) for _, address in getaddresses([str(headers.get("To", ""))]))
