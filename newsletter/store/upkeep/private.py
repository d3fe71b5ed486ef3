"""Files with readers' data: made for their owner alone from the first moment, and put in place whole."""

from __future__ import annotations

import errno
import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: what SQLite may leave beside a database
COMPANIONS = ("-journal", "-wal", "-shm")
#: the rights of a file and of a folder
FILE_MODE, FOLDER_MODE = 0o600, 0o700


def make(path: Path) -> None:
    """An empty file that only we can read.

    Raises:
        FileExistsError: there is something already.
    """
    os.close(_created(path, path.parent))


def make_folder(path: Path) -> None:
    """A folder that only we can look into; one that is there stays what it is."""
    if not path.is_dir():
        path.mkdir(mode=FOLDER_MODE)
        hand_over(path, path.parent)


def hand_over(path: Path | int, like: Path) -> None:
    """What root makes belongs to whoever has `like`: else the service, which is not root, could not open it."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        known = like.stat()
        os.chown(path, known.st_uid, known.st_gid)


def _created(path: Path, like: Path) -> int:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    try:
        hand_over(handle, like)
    except OSError:
        os.close(handle)
        path.unlink(missing_ok=True)
        raise
    return handle


def replace_text(path: Path, text: str, like: Path) -> None:
    """Put a small file in place at once, and on the disk when this returns. Root gives it to whoever has `like`."""
    unfinished = _unfinished(path)
    try:
        with os.fdopen(_created(unfinished, like), "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    flush_folder(path.parent)


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """The path to write to; the file appears under its own name when the block ends well, and not at all otherwise.

    Raises:
        FileUnreadable: there is something of that name, or nothing can be written there.
    """
    unfinished = _unfinished(path)
    _refuse_known(path)
    try:
        make(unfinished)
        yield unfinished
        flush_file(unfinished)
        _name(unfinished, path)
        flush_folder(path.parent)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    finally:
        remove(unfinished)


def _name(unfinished: Path, path: Path) -> None:
    """Give it its name, without ever replacing what somebody else made meanwhile."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        _refuse_known(path)
    except OSError as why:
        if why.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise
        _refuse_known(path)  # a file system without hard links, such as that of a USB stick
        unfinished.replace(path)


def _refuse_known(path: Path) -> None:
    if path.exists():
        raise FileUnreadable(path, "it is there already; give the new one another name")


def remove(database: Path) -> None:
    """Remove a database that nobody has open, with what SQLite may have left beside it."""
    for name in ("", *COMPANIONS):
        with suppress(FileNotFoundError):
            database.with_name(database.name + name).unlink()


def flush_file(path: Path) -> None:
    """Not for a database that this process has open: closing the handle would give up SQLite's locks on it."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """So that the names in it survive a power cut."""
    flush_file(folder)


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
