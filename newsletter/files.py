"""Files of a workspace that commands change: written whole or not at all, by one command at a time."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_WAIT, _STEP = 10.0, 0.02


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else who asks has the folder while this lasts. The lock ends with the process, however that ends.

    Raises:
        FileUnreadable: there is no such folder, or the other command does not let go of it.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as why:
        raise FileUnreadable(folder, why.strerror or str(why)) from None
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    end = time.monotonic() + _WAIT
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise FileUnreadable(folder, "another command is writing there; wait for it") from None
            time.sleep(_STEP)


def write_whole(path: Path, text: str) -> None:
    """Replace a text file at once, so that a crash leaves the old one or the new one; a link stays a link, rights stay.

    Raises:
        OSError: the disk is full, or may not be written to; it names the file, and everything is as it was.
    """
    temporary = None
    try:
        target = path.resolve()
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{path.name}-")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except OSError as why:  # it names the temporary file, or none
        raise OSError(why.errno, why.strerror, str(path)) from None
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


def add_line(path: Path, line: str, heading: str) -> None:
    """At the end of a small ASCII file that only grows, on the disk when this returns; made for its owner alone.

    Hold its folder (`alone_in`). A last line that a crash tore stays a line of its own.

    Raises:
        FileUnreadable: it cannot be read or written.
    """
    before = grown_text(path)
    gap = "" if before.endswith("\n") else "\n"
    try:
        handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="ascii") as file:
            file.write(f"{gap if before else heading}{line}\n")
            file.flush()
            os.fsync(file.fileno())
        flush_folder(path.parent)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None


def grown_text(path: Path) -> str:
    """What is in such a file; nothing where there is none.

    Raises:
        FileUnreadable: it is there and cannot be read.
    """
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None


@contextmanager
def private_file(path: Path) -> Iterator[BinaryIO]:
    """A file with readers' data, for its owner alone: whole when the block ends well, else everything is as it was.

    Raises:
        FileUnreadable: something else than a file is in its place.
        OSError: the disk is full, or may not be written to; it names the file.
    """
    target, temporary = path.resolve(), None
    if target.exists() and not target.is_file():
        raise FileUnreadable(path, "it is not a file on a disk")
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{path.name}-")  # made with mode 0600
        temporary = Path(name)
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as why:  # it names the temporary file, or none
        raise OSError(why.errno, why.strerror, str(path)) from None
    finally:
        if temporary:
            temporary.unlink(missing_ok=True)


@contextmanager
def reserved(path: Path) -> Iterator[Path]:
    """An empty file of this name, or with a number in it (`-2`, `-3`) where something is: nothing is replaced or followed.

    It is gone again when the block ends badly.

    Raises:
        OSError: no file can be made there.
    """
    free = _made(path)
    try:
        yield free
    except BaseException:
        free.unlink(missing_ok=True)
        raise


def _made(path: Path) -> Path:
    numbered = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    for free in chain([path], numbered):
        with suppress(FileExistsError):
            os.close(os.open(free, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
            return free
    raise AssertionError  # numbers do not end


def flush_folder(folder: Path) -> None:
    """So that the names in it survive a power cut. Windows cannot open folders and needs no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """The system tells it only to whoever sets it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
