"""A references file beside the issue -> its text; everything that can be wrong with a file is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error
from newsletter.references.formats.choice import HOW_TO_EXPORT, KINDS, SUFFIXES, sniff
from newsletter.references.formats.limits import MOST_ENTRIES, too_large, too_many_entries

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem

#: BibTeX files are held to less, when it is clear that they are BibTeX
_LARGEST = max(kind.largest for kind in KINDS.values())
_HEAD = 20_000
#: how a file of UTF-16 begins; EndNote writes some, while JSON is always UTF-8 (RFC 8259)
_UTF_16 = frozenset({b"\xff\xfe", b"\xfe\xff"})

__all__ = ["MOST_ENTRIES", "read_text", "too_large", "too_many_entries"]


def read_text(
    folder: Path, name: str, written_at: Place, *, any_suffix: bool = False
) -> tuple[str | None, Problem | None]:
    """The text of a file with plain line feeds, or why there is none.

    An issue names its files by what they are; an import (`any_suffix`) finds out what they are.
    """
    path = folder / name
    if problem := _place_problem(folder, path, name, written_at, any_suffix=any_suffix):
        return None, problem
    try:
        raw = path.read_bytes()
    except OSError as why:
        fix = "Make the file readable."
        return None, error("reference-file-unreadable", written_at, f"`{name}` cannot be read: {why.strerror}", fix)
    try:
        text = raw.decode("utf-16" if raw[:2] in _UTF_16 and path.suffix.lower() != ".json" else "utf-8-sig")
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1
        place = Place(file=str(path), line=line, column=1)
        return None, error(
            "reference-file-encoding", place, f"`{name}` is not UTF-8 text", "Save or export it as UTF-8."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _suffix_problem(path: Path, name: str, written_at: Place) -> Problem:
    """What is told of a file whose name ends in no known format; its text may show one."""
    try:
        shown = None
        if path.suffix and path.is_file():  # a pipe would be waited for
            with path.open(encoding="utf-8-sig", errors="replace") as file:
                shown = sniff(file.read(_HEAD))
    except (OSError, ValueError):
        shown = None
    if shown is None:
        return error("reference-file-type", written_at, f"`{name}` is no references file", HOW_TO_EXPORT)
    message = f"`{name}` holds {KINDS[shown].name}, but its name does not say so"
    fix = f"Rename it to `{path.with_suffix(KINDS[shown].suffix).name}`."
    return error("reference-file-type", written_at, message, fix)


def _place_problem(folder: Path, path: Path, name: str, written_at: Place, *, any_suffix: bool) -> Problem | None:
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
    known = path.suffix.lower() in SUFFIXES
    if not known and not any_suffix:
        return _suffix_problem(path, name, written_at)
    if missing:
        return error(
            "reference-file-missing", written_at, f"there is no file `{name}` beside the issue", _hint(folder, name)
        )
    largest = KINDS[SUFFIXES[path.suffix.lower()]].largest if known else _LARGEST
    if size > largest:
        return too_large(f"`{name}` is larger than {largest // 1_000_000} MB", written_at)
    return None


def _hint(folder: Path, name: str) -> str:
    from newsletter.validate import nearest

    here = (
        sorted(entry.name for entry in folder.iterdir() if entry.suffix.lower() in SUFFIXES) if folder.is_dir() else []
    )
    if guess := nearest(name, here):
        return f"Did you mean `{guess}`?"
    listed = ", ".join(f"`{entry}`" for entry in here[:5])
    return f"There is {listed}." if listed else "Put the file beside the issue, or correct its name."
