"""A report for programs: as JSON can say it, and as rows of one CSV table."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.report.figures import Share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.report.document import Cell, Document, Section

CSV_HEAD = ("section", "row", "column", "value", "of")
#: a spreadsheet takes a cell that begins so for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(document: Document) -> dict[str, Any]:
    kind, which = document.about
    return {
        kind: which,
        "made_at": document.made.isoformat(),
        "facts": {label: _plain(cell) for label, cell in document.facts},
        "warnings": [*document.warnings],
        "numbers": dict(document.numbers),
        "sections": {section.key: _section(section) for section in document.sections},
        "not_known": [*document.unknown],
    }


def _section(section: Section) -> dict[str, Any]:
    made: dict[str, Any] = {"heading": section.heading, "says": [*section.says]}
    if section.table:
        keys = [column.key for column in section.table.columns]
        made["rows"] = [dict(zip(keys, map(_plain, row), strict=True)) for row in section.table.rows]
    return made


def _plain(cell: Cell) -> object:
    if isinstance(cell, Share):
        return {"part": cell.part, "whole": cell.whole, "rate": cell.rate}
    return cell.isoformat() if isinstance(cell, datetime) else cell


def csv_rows(document: Document) -> Iterator[tuple[str, ...]]:
    """One row for each cell: a rate is its two numbers, `value` and `of`. What is not known has no row."""
    yield CSV_HEAD
    for section in document.sections:
        if section.table is None:
            continue
        columns = section.table.columns[1:]
        for name, *cells in section.table.rows:
            for column, cell in zip(columns, cells, strict=True):
                if cell is not None:
                    yield (section.key, _text(name), column.key, *_pair(cell))


def _pair(cell: Cell) -> tuple[str, str]:
    if isinstance(cell, Share):
        return str(cell.part), str(cell.whole)
    return (str(cell) if isinstance(cell, int) else _text(cell)), ""


def _text(cell: Cell) -> str:
    said = cell.isoformat() if isinstance(cell, datetime) else str(cell)
    return f"'{said}" if said.startswith(_FORMULA) else said
