"""Names of journals -> journals: from the table that we ship, and from the one that a workspace imported.

A table is a text of lines with tabs: title, abbreviation, ISSNs, other names, abbreviations of former titles (the last three
may be left out). Nothing is read before somebody asks for a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from newsletter.model.journal import Journal, folded, journal_key, lean_key
from newsletter.references.journals.slips import Slips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

FILE_NAME = "journals.tsv"
HEAD = "title\tabbreviation\tissns\talso\tformerly"
#: all that PubMed knows takes four; more is no table of journals
_LARGEST = 20_000_000
#: names whose first part alone may be meant: "Arthroscopy : the journal of ...", "Lancet (London, England)"
_PARTED = (":", " (", "=")


class Journals:
    """All journals that a workspace knows. Ours come first: their names are those that people write."""

    def __init__(self, folder: Path | None = None) -> None:
        self._own = folder / FILE_NAME if folder else None

    def named(self, name: str) -> Journal | None:
        """The journal of this title or abbreviation, whatever its case, points and leading article."""
        key = journal_key(name)
        if not key:
            return None
        tables = self._tables
        exactly = next((table.journal(table.exact[key]) for table in tables if key in table.exact), None)
        return exactly or next((table.journal(table.loose[key]) for table in tables if key in table.loose), None)

    def nearly(self, name: str) -> Journal | None:
        """The journal whose name is meant where one word has a slip; None where the name is right, or too far from any."""
        key = journal_key(name)
        if any(key in table.exact or key in table.loose for table in self._tables):
            return None
        found = next((table for table in self._tables if table.slips.meant(key)), None)
        return found.journal(found.exact[found.slips.meant(key)]) if found else None

    def with_issn(self, issn: str) -> Journal | None:
        """The journal of this number, of the print or of the electronic edition."""
        wanted = issn.strip().upper()
        for table in self._tables:
            for number, row in enumerate(table.rows):
                if len(row) > 2 and wanted in row[2].upper().split():
                    return table.journal(number)
        return None

    def with_words(self, name: str, most: int) -> list[Journal]:
        """Journals in whose title or abbreviation all of these words stand; short titles first, as the likeliest."""
        words = journal_key(name).split()
        if not words:
            return []
        found: dict[str, Journal] = {}
        for table in self._tables:
            keys = zip(_keys(row[0] for row in table.rows), _keys(row[1] for row in table.rows), strict=True)
            for number, (title, abbreviation) in enumerate(keys):
                if any(_has_all(words, text) for text in (title, abbreviation)):
                    found.setdefault(abbreviation, table.journal(number))
        return sorted(found.values(), key=lambda one: (len(one.title), one.title))[:most]

    def __len__(self) -> int:
        return sum(len(table.rows) for table in self._tables)

    @property
    def _tables(self) -> tuple[Table, ...]:
        return (shipped(), *self._imported)

    @cached_property
    def _imported(self) -> tuple[Table, ...]:
        try:
            # a pipe would be waited for, and /dev/zero has no end
            stamp = self._own.stat() if self._own and self._own.is_file() else None
        except OSError:
            return ()
        if not self._own or not stamp or stamp.st_size > _LARGEST:
            return ()
        return _read(self._own, stamp.st_mtime_ns, stamp.st_size)


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Rows, and at which of them a name stands: `exact` ones, and `loose` ones that are the first part of a longer name."""

    rows: Sequence[Sequence[str]]
    exact: Mapping[str, int]
    loose: Mapping[str, int]

    def journal(self, row: int) -> Journal:
        title, abbreviation, issns, _, formerly = [*self.rows[row], "", "", ""][:5]
        return Journal(
            title=title, abbreviation=abbreviation, issns=tuple(issns.split()), formerly=tuple(_names(formerly))
        )

    @cached_property
    def slips(self) -> Slips:
        return Slips(self.exact)


@lru_cache(maxsize=1)
def shipped() -> Table:
    """The table that came with this version; newsletter/references/data/README.md says from where."""
    return table(files("newsletter.references").joinpath("data", FILE_NAME).read_text("utf-8"))


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, _size: int) -> tuple[Table, ...]:
    try:
        return (table(path.read_text("utf-8-sig", errors="replace")),)
    except OSError:
        return ()


def table(text: str) -> Table:
    """The journals of a table; lines that are none are left out."""
    rows = [row for line in text.split("\n")[1:] if len(row := line.split("\t")) > 1 and row[0] and row[1]]
    exact: dict[str, int] = {}
    # a title is never overruled by another journal's abbreviation
    for column in (0, 1):
        for number, key in enumerate(_keys(row[column] for row in rows)):
            exact.setdefault(key, number)
    for number, row in enumerate(rows):
        if len(row) > 3:
            for name in _names(row[3]):
                exact.setdefault(journal_key(name), number)
    return Table(rows=rows, exact=exact, loose=_loose(rows, exact))


def _has_all(words: Sequence[str], text: str) -> bool:
    """Whether each of them begins a word of the text."""
    text = f" {text}"
    return all(f" {word}" in text for word in words)


def _keys(names: Iterable[str]) -> Iterator[str]:
    """The keys of many names in little time: all are folded as one text, but for those with accents, which take long."""
    names = list(names)
    if not names:
        return
    plain = folded("\t".join(name if name.isascii() else "" for name in names)).split("\t")
    for name, key in zip(names, plain, strict=True):
        yield lean_key(key) if name.isascii() else journal_key(name)


def _loose(rows: Sequence[Sequence[str]], exact: Mapping[str, int]) -> dict[str, int]:
    """First parts of names; one that several journals share means none of them."""
    numbers: list[int] = []
    parts: list[str] = []
    for number, row in enumerate(rows):
        for name in row[:2]:
            for part in _parts(name):
                numbers.append(number)
                parts.append(part)
    loose: dict[str, int] = {}
    shared: set[str] = set()
    for number, key in zip(numbers, _keys(parts), strict=True):
        if key and key not in exact and loose.setdefault(key, number) != number:
            shared.add(key)
    return {key: number for key, number in loose.items() if key not in shared}


def _parts(name: str) -> Iterator[str]:
    for sign in _PARTED:
        if (at := name.find(sign)) > 0:
            yield name[:at]
            if sign == ":" and (second := name.find(sign, at + 1)) > 0:
                yield name[:second]


def _names(cell: str) -> list[str]:
    return [name for name in cell.split("; ") if name]
