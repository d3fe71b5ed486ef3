"""A references file beside the issue -> its text; everything that can be wrong with a file is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem

#: BibTeX is read slowly, about 500 KB a second
_LARGEST = {".json": 5_000_000, ".bib": 2_000_000}
MOST_ENTRIES = 10_000
_READABLE = (".json", ".bib")
_NOT_YET = (".ris", ".nbib")


def read_text(folder: Path, name: str, written_at: Place) -> tuple[str | None, Problem | None]:
    """The text of a file with plain line feeds, or why there is none."""
    path = folder / name
    if problem := _suffix_problem(path, name, written_at) or _place_problem(folder, path, name, written_at):
        return None, problem
    try:
        raw = path.read_bytes()
    except OSError as why:
        fix = "Make the file readable."
        return None, error("reference-file-unreadable", written_at, f"`{name}` cannot be read: {why.strerror}", fix)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1
        place = Place(file=str(path), line=line, column=1)
        return None, error(
            "reference-file-encoding", place, f"`{name}` is not UTF-8 text", "Save or export it as UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _suffix_problem(path: Path, name: str, written_at: Place) -> Problem | None:
    suffix = path.suffix.lower()
    if suffix in _READABLE:
        return None
    message = (
        f"`{name}`: {suffix} files are not in this version yet"
        if suffix in _NOT_YET
        else f"`{name}` is no references file"
    )
    return error(
        "reference-file-type", written_at, message, "Export the references as .json (CSL-JSON) or .bib (BibTeX)."
    )


def _place_problem(folder: Path, path: Path, name: str, written_at: Place) -> Problem | None:
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        missing = not path.is_file()
        size = 0 if missing else path.stat().st_size
    except (OSError, ValueError, RuntimeError):
        # too long, a NUL in it, a loop of links
        inside, missing, size = True, True, 0
    if not inside:
        fix = "Put the file into the folder of the issue and write its name only."
        return error("reference-file-outside", written_at, f"`{name}` lies outside the issue's folder", fix)
    if missing:
        return error(
            "reference-file-missing", written_at, f"there is no file `{name}` beside the issue", _hint(folder, name)
        )
    largest = _LARGEST[path.suffix.lower()]
    if size > largest:
        return too_large(f"`{name}` is larger than {largest // 1_000_000} MB", written_at)
    return None


def too_many_entries(name: str, count: int, written_at: Place) -> Problem | None:
    """What to tell of a file with so many entries, if that is too many."""
    if count <= MOST_ENTRIES:
        return None
    return too_large(f"`{name}` has {count:,} entries; {MOST_ENTRIES:,} are allowed", written_at)


def too_large(what: str, written_at: Place) -> Problem:
    """A file that would take too long to read."""
    fix = "Export only the references that the issue cites."
    return error("reference-file-too-large", written_at, what, fix)


def _hint(folder: Path, name: str) -> str:
    from newsletter.validate import nearest

    here = (
        sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() in _READABLE) if folder.is_dir() else []
    )
    if guess := nearest(name, here):
        return f"Did you mean `{guess}`?"
    listed = ", ".join(f"`{entry}`" for entry in here[:5])
    return f"There is {listed}." if listed else "Put the file beside the issue, or correct its name."
