"""New entries into `library.json` of a workspace's library: nothing that was there is lost or changed, whoever else writes.

Entries stand by key, each as its author wrote it, so that a git diff shows what was added and nothing else. A lock on the
folder keeps two commands apart; a file that changed all the same (an editor takes no lock) is not written over.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import textwrap
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.errors import FileUnreadable, LibraryDamaged
from newsletter.references.formats.csl_json import read_csl_json
from newsletter.references.library.files import MOST_ENTRIES, read_file, within
from newsletter.references.library.keys import key_of
from newsletter.references.library.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

FILE = "library.json"
_WAIT, _STEP = 10.0, 0.05


@contextmanager
def locked(folder: Path, workspace: Path) -> Iterator[Callable[[Sequence[Mapping[str, Any]]], Path]]:
    """Only we write while this lasts; what it gives adds entries, which have keys that are new, and returns the file.

    Raises:
        FileUnreadable: the folder lies outside the workspace, or another command does not let go of it.
        OSError: the disk is full, or may not be written to; then everything is as it was.
    """
    if not within(folder, workspace):
        raise FileUnreadable(folder, "the library must lie within the workspace ([references] folder)")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as why:
        raise FileUnreadable(folder, why.strerror or str(why)) from None
    try:
        _lock(handle, folder)
        yield lambda entries: _add(folder / FILE, workspace, entries)
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    """The lock goes with the handle, also where the process is killed, and leaves no file behind."""
    end = time.monotonic() + _WAIT
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise FileUnreadable(folder, "another command is writing to the library; wait for it") from None
            time.sleep(_STEP)


def _add(path: Path, workspace: Path, entries: Sequence[Mapping[str, Any]]) -> Path:
    before = _text(path, workspace)
    there = _there(before, path)
    if len(there) + len(entries) > MOST_ENTRIES:
        raise FileUnreadable(path, f"it would have more than {MOST_ENTRIES:,} entries; begin another file beside it")
    written = [*there, *((str(entry["id"]), _written(entry)) for entry in entries)]
    written.sort(key=lambda entry: entry[0])
    text = "[\n" + ",\n".join(f" {entry}" for _, entry in written) + "\n]\n"
    if _text(path, workspace) != before:
        raise FileUnreadable(path, "it was changed by somebody else just now")
    try:
        _replace(path, text)
    except OSError as why:  # it names the temporary file, or none
        raise OSError(why.errno, why.strerror, str(path)) from None
    return path


def _text(path: Path, workspace: Path) -> str:
    if not path.exists() and not path.is_symlink():
        return "[]"
    text, problem = read_file(path, workspace)
    if text is None:
        raise LibraryDamaged(path, [problem] if problem else [])
    return text


def _there(text: str, path: Path) -> list[tuple[str, str]]:
    """Key and text of what stands in the file.

    Raises:
        LibraryDamaged: it is not whole, and writing it would lose what is broken.
    """
    spans = spans_of(text)
    if spans is None:
        raise LibraryDamaged(path, read_csl_json(text, str(path))[1])
    keys = [key_of(span.value.get("id")) if isinstance(span.value, dict) else "" for span in spans]
    return [(key, text[span.start : span.end]) for key, span in zip(keys, spans, strict=True)]


def _written(entry: Mapping[str, Any]) -> str:
    text = json.dumps(entry, ensure_ascii=False, indent=1)
    return textwrap.indent(text, " ").lstrip()


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, with the rights that the file had; a link stays a link."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{FILE}-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _umask() -> int:
    """The system tells it only to whoever sets it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
