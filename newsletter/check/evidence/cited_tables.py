"""Cells of a table that say something about the source that another cell of their row cites: its year, its journal, its authors."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model.document import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.model.document import Table


class Column(StrEnum):
    """What a column is about, as its heading says."""

    YEAR = "year"
    JOURNAL = "journal"
    AUTHOR = "author"


_HEADINGS = {
    Column.YEAR: "year;published;year published;publication year;year of publication;date of publication",
    Column.JOURNAL: "journal;published in;appeared in;journal name",
    Column.AUTHOR: "author;authors;first author;lead author;author(s)",
}
_COLUMNS = {heading: column for column, headings in _HEADINGS.items() for heading in headings.split(";")}
#: one column has to be about studies: a year beside "Clinic" is no year of publication
_STUDIES = frozenset(
    "study studies paper papers trial trials review article publication reference source title".split()
)


def cells_about_sources(table: Table, cells: Sequence[Passage]) -> Iterator[tuple[Passage, Column, tuple[Mark, ...]]]:
    """Cells without citations in rows that have some. `cells` are the passages of the table, empty cells left out."""
    headings = [plain_text(cell).strip().casefold() for cell in table.header]
    columns = [_COLUMNS.get(heading) for heading in headings]
    if not any(columns) or not any(_STUDIES & set(heading.split()) or heading in _COLUMNS for heading in headings[:1]):
        return
    remaining = iter(cells)
    rows = [[next(remaining, None) if cell else None for cell in row] for row in (table.header, *table.rows)]
    for row in rows[1:]:
        marks = tuple(mark for cell in row if cell for mark in cell.marks)
        for column, cell in zip(columns, row, strict=False):
            if marks and column and cell and not cell.marks:
                yield cell, column, marks
