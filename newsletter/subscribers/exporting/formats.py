"""Rows into a stream as CSV, JSON or a sheet of a spreadsheet. Memory does not grow with the rows."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from newsletter.subscribers.exporting import as_json, plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newsletter.model.exporting import Exported
    from newsletter.subscribers.exporting import Layout

#: rows of a sheet, its heading aside
SHEET_ROWS = 1_048_575


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


def format_of(name: str) -> ExportFormat:
    """What the end of a file's name asks for."""
    ending = name.rpartition(".")[2].lower()
    return ExportFormat(ending) if ending in {*ExportFormat} else ExportFormat.CSV


def write_csv(stream: BinaryIO, layout: Layout, people: Iterable[Exported]) -> None:
    """UTF-8, a header, commas, CRLF (RFC 4180)."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
    try:
        writer = csv.writer(text)
        writer.writerow(layout.headings)
        writer.writerows([plain(cell) for cell in layout.cells(one)] for one in people)
        text.flush()
    finally:
        text.detach()  # the stream is the caller's


def write_json(stream: BinaryIO, people: Iterable[Exported]) -> None:
    """One object, one person a line."""
    import orjson

    stream.write(b'{"subscribers": [')
    for index, one in enumerate(people):
        stream.write(b",\n" if index else b"\n")
        stream.write(orjson.dumps(as_json(one)))
    stream.write(b"\n]}\n")


def write_sheet(stream: BinaryIO, layout: Layout, people: Iterable[Exported], folder: Path) -> None:
    """Texts stay texts: no formula, no link, no number or date made of them. `folder` is where it may work."""
    from xlsxwriter import Workbook

    with TemporaryDirectory(dir=folder, prefix=".export-") as workshop:
        options = {
            "constant_memory": True,
            "tmpdir": workshop,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = Workbook(stream, options)
        sheet = book.add_worksheet("subscribers")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, layout.headings, book.add_format({"bold": True}))
        for row, one in enumerate(people, start=1):
            for column, cell in enumerate(layout.cells(one)):
                if isinstance(cell, str):
                    if cell:
                        sheet.write_string(row, column, cell)
                else:
                    sheet.write_number(row, column, cell)
        book.close()
