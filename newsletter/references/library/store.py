"""New entries into `library.json` of a workspace's library: nothing that was there is lost or changed, whoever else writes.

Entries stand by key, each as its author wrote it, so that a git diff shows what was added and nothing else. A lock on the
folder keeps two commands apart; a file that changed all the same (an editor takes no lock) is not written over.
"""

from __future__ import annotations

import json
import textwrap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from newsletter.errors import FileUnreadable, LibraryDamaged
from newsletter.files import alone_in, write_whole
from newsletter.references.formats.csl_json import read_csl_json
from newsletter.references.library.files import MOST_ENTRIES, read_file, within
from newsletter.references.library.keys import key_of
from newsletter.references.library.spans import spans_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "library.json"


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
    except OSError as why:
        raise FileUnreadable(folder, why.strerror or str(why)) from None
    with alone_in(folder):
        yield lambda entries: _add(folder / FILE, workspace, entries)


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
    write_whole(path, text)
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
