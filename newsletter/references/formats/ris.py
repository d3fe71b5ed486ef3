"""RIS text -> records with their lines. Our own reader: one broken entry never costs the others, and each has its line.

The format: https://en.wikipedia.org/wiki/RIS_(file_format). An entry goes from `TY  - ` to `ER  - `; a line without a tag
goes on with the value before it. Exports differ in blanks, forget `ER`, and put lines of their own before the first entry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error, warning
from newsletter.references.formats.ris_fields import csl_of, places_of
from newsletter.references.formats.source_types import RIS_TYPES
from newsletter.references.formats.tagged import TaggedEntry
from newsletter.references.library.keys import with_keys
from newsletter.references.record import Record

if TYPE_CHECKING:
    from newsletter.model.problem import Problem

_EXACT = re.compile(r"\s*([A-Za-z][A-Za-z0-9])  -\s?(.*)")
#: one blank, or a tab: for files that never write it right
_LOOSE = re.compile(r"\s*([A-Z][A-Z0-9])\s{0,3}-(?:\s(.*)|$)")
_START = re.compile(r"^[ \t]*TY  -", re.MULTILINE | re.IGNORECASE)
_LOOSE_START = re.compile(r"^[ \t]*TY[ \t]{0,3}-(?:\s|$)", re.MULTILINE)
#: tags of other dialects that frame a file
_FRAME = frozenset({"EF", "FN", "VR"})


def count_entries(text: str) -> int:
    """How many beginnings of entries there are."""
    return sum(1 for _ in (_START if _START.search(text) else _LOOSE_START).finditer(text))


def read_ris(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The entries, and a problem for each that is not whole."""
    reader = _Reader(file)
    tag_line = _EXACT if _START.search(text) else _LOOSE
    for number, line in enumerate(text.split("\n"), 1):
        match = tag_line.match(line)
        reader.read(number, match[1].upper() if match else "", (match[2] or "") if match else line)
    reader.end()
    if not reader.entries and not reader.problems:
        fix = "Export the references as RIS: each begins with a line such as `TY  - JOUR`."
        return [], [error("reference-ris", Place(file=file, line=1, column=1), "the file has no entries", fix)]
    records = [record for entry in reader.entries if (record := _record(entry, file, reader.problems))]
    return with_keys(records), sorted(reader.problems, key=lambda problem: problem.place.line)


class _Reader:
    """Line by line: the entry that is open, those that are done, and what is wrong."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._open: TaggedEntry | None = None
        self._outside = False
        self.entries: list[TaggedEntry] = []
        self.problems: list[Problem] = []

    def read(self, number: int, tag: str, text: str) -> None:
        if tag == "TY":
            self._close(number)
            self._open, self._outside = TaggedEntry(number), False
            self._open.add(tag, text, number)
        elif tag == "ER":
            self._finish()
        elif self._open and tag:
            self._open.add(tag, text, number)
        elif self._open:
            self._open.go_on(text)
        elif tag and tag not in _FRAME:
            self._tell_outside(number, tag)

    def end(self) -> None:
        self._close(0)

    def _finish(self) -> None:
        if self._open:
            self.entries.append(self._open)
        self._open, self._outside = None, False

    def _close(self, next_line: int) -> None:
        """An entry that another one, or the end of the file, cuts short."""
        if self._open:
            where = f"the next one begins in line {next_line}" if next_line else "the file ends"
            place = Place(file=self._file, line=self._open.line, column=1)
            fix = "Check that all of it is there, and write `ER  - ` behind its last line."
            self.problems.append(warning("reference-ris", place, f"this entry has no `ER  -` before {where}", fix))
        self._finish()

    def _tell_outside(self, number: int, tag: str) -> None:
        """Once for all lines up to the next entry."""
        if self._outside:
            return
        self._outside = True
        place = Place(file=self._file, line=number, column=1)
        message = f"`{tag}` and what follows belong to no entry: there is no `TY  -` before them"
        fix = "Write `TY  - JOUR` (or another type) before the first line of this entry."
        self.problems.append(error("reference-ris", place, message, fix))


def _record(entry: TaggedEntry, file: str, problems: list[Problem]) -> Record | None:
    at = Place(file=file, line=entry.line, column=1)
    kind = entry.first("TY").upper()
    csl = csl_of(entry, RIS_TYPES.get(kind, kind or None))
    if not csl.get("title") and not csl.get("author"):
        fix = "Export it again, or add `TI  - ` and `AU  - `."
        problems.append(error("reference-ris", at, "this entry has neither title nor authors and is left out", fix))
        return None
    return Record(csl=csl, at=at, places=places_of(entry, csl, file))
