"""The references of a workspace's library by key. Each entry is looked at only when somebody asks for it: a library may
have ten thousand, and an issue cites ten. What was read stays in memory for as long as the files stay the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from newsletter.model.problem import Level, Place, error
from newsletter.references.entry import checked
from newsletter.references.formats.csl_json import read_csl_json
from newsletter.references.library.duplicates import duplicate_key
from newsletter.references.library.files import MOST_ENTRIES, library_files
from newsletter.references.library.keys import key_of
from newsletter.references.library.spans import spans_of
from newsletter.references.record import Lines, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.library.spans import Span

#: files that stay in memory
_KEPT = 8


def open_shelf(folder: Path, workspace: Path) -> Shelf:
    """The library in this folder, which lies within this workspace."""
    files, problems = library_files(folder, workspace)
    return Shelf([_file(file.text, str(file.path)) for file in files], problems)


class Shelf(Mapping[str, "Reference"]):
    """All references of the library; the first of two with one key counts."""

    def __init__(self, files: list[ShelfFile], problems: list[Problem]) -> None:
        self._files = files
        self._unread = problems
        self._entries: dict[str, tuple[ShelfFile, int]] = {}
        self._again: dict[str, list[tuple[ShelfFile, int]]] = {}
        for file in files:
            for number, key in enumerate(file.keys):
                if key in self._entries:
                    self._again.setdefault(key, []).append((file, number))
                elif key:
                    self._entries[key] = file, number

    def __getitem__(self, key: str) -> Reference:
        file, number = self._entries[key]
        reference = file.reference(number)
        again = [duplicate_key(key, reference.at, other.place(at)) for other, at in self._again.get(key, ())]
        return replace(reference, problems=(*reference.problems, *again)) if again else reference

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def lost(self) -> list[Problem]:
        """For the check of an issue: files that give nothing, and a warning for what is broken in others."""
        broken = [
            problem if not file.keys else replace(problem, level=Level.WARNING)
            for file in self._files
            for problem in file.problems
        ]
        return [*self._unread, *broken]

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong with files and entries, each entry by itself."""
        of_files = [problem for file in self._files for problem in file.problems]
        nameless = [problem for file in self._files for problem in file.nameless()]
        return [*self._unread, *of_files, *nameless, *(problem for one in self.values() for problem in one.problems)]


class ShelfFile:
    """The entries of one file, in their order; `keys` has an empty one for an entry without."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._made: dict[int, Reference] = {}
        self._entries, self.problems = _entries(text, name)
        self.keys = [entry.key if isinstance(entry, _Piece) else key_of(entry.csl.get("id")) for entry in self._entries]

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text, self._name)

    def reference(self, number: int) -> Reference:
        """The entry with this number, which has a key."""
        if number not in self._made:
            reference, problems = checked(self._record(number))
            if reference is None:  # `checked` sees no key where we saw one
                raise KeyError(self.keys[number])
            self._made[number] = replace(reference, shared=True, problems=tuple(problems))
        return self._made[number]

    def place(self, number: int) -> Place:
        """Where an entry stands."""
        return self._record(number).at

    def nameless(self) -> Iterator[Problem]:
        """What is wrong with entries that nobody can cite."""
        for number, key in enumerate(self.keys):
            if not key:
                yield from checked(self._record(number))[1]

    def _record(self, number: int) -> Record:
        entry = self._entries[number]
        if isinstance(entry, Record):
            return entry
        (record,), _ = read_csl_json(self._text[entry.span.start : entry.span.end], self._name)
        start = self._lines.place(entry.span.start)
        places = {name: _moved(place, start) for name, place in record.places.items()}
        return Record(csl=record.csl, at=_moved(record.at, start), places=places)


@dataclass(frozen=True)
class _Piece:
    """An entry not yet looked at."""

    key: str
    span: Span


def _entries(text: str, name: str) -> tuple[list[_Piece] | list[Record], list[Problem]]:
    """Where a file is broken, it is read the slow way, which tells each mistake and goes on behind it."""
    spans = spans_of(text)
    if spans is not None and all(isinstance(span.value, dict) for span in spans):
        pieces = [_Piece(key_of(span.value.get("id")), replace(span, value=None)) for span in spans]
        return _not_too_many(pieces, name)
    records, problems = read_csl_json(text, name)
    kept, many = _not_too_many(records, name)
    return kept, [*problems, *many]


def _not_too_many(entries: list[_Piece] | list[Record], name: str) -> tuple[list[_Piece] | list[Record], list[Problem]]:
    if len(entries) <= MOST_ENTRIES:
        return entries, []
    message = f"the file has {len(entries):,} entries; {MOST_ENTRIES:,} are allowed"
    fix = "Share them out over several files of the folder, or take out those that nobody cites."
    return [], [error("reference-file-too-large", Place(file=name), message, fix)]


def _moved(place: Place, start: Place) -> Place:
    """A place within a piece of a file as a place of the file."""
    column = place.column + (start.column - 1 if place.line == 1 else 0)
    return Place(file=place.file, line=start.line + place.line - 1, column=column)


@lru_cache(maxsize=_KEPT)
def _file(text: str, name: str) -> ShelfFile:
    return ShelfFile(text, name)
