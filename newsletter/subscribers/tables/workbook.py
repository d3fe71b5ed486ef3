"""A sheet of a workbook (XLSX, or the old XLS) -> a table, with the numbers of its rows as lines."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import chain, islice
from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable
from newsletter.subscribers.tables.sheet_size import refuse_huge
from newsletter.subscribers.tables.table import Batch, Described, Table
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from python_calamine import CalamineSheet, CalamineWorkbook

    from newsletter.subscribers.tables.sources import Source

_BATCH = 5_000
#: rows of a sheet that are looked at for addresses
_SAMPLE = 50


@contextmanager
def workbook_table(source: Source, wanted: str | None) -> Iterator[Table]:
    """The sheet that is named, or the first that holds addresses.

    Raises:
        FileUnreadable: it is no workbook that can be read safely.
        OptionUnusable: it has no such sheet.
    """
    refuse_huge(source)
    with _opened(source) as book:
        names = tuple(book.sheet_names)
        sheet = _sheet(source, book, names, wanted)
        batches = _batches(sheet)
        first = next(batches, None)
        if first is None:
            raise source.unreadable("it is empty")
        described = Described(sheet=sheet.name, other_sheets=tuple(name for name in names if name != sheet.name))
        line, headings = first.lines.pop(0), first.rows.pop(0)
        yield Table(source.name, line, headings, chain([first], batches), described)


@contextmanager
def _opened(source: Source) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with source.reading():
            book = CalamineWorkbook.from_path(str(source.path))
    except PasswordError:
        raise source.unreadable("it is locked with a password; save it as CSV UTF-8") from None
    except CalamineError:
        raise source.unreadable("it is a damaged workbook; open it and save it as CSV UTF-8") from None
    try:
        yield book
    finally:
        book.close()


def _sheet(source: Source, book: CalamineWorkbook, names: tuple[str, ...], wanted: str | None) -> CalamineSheet:
    if wanted is not None:
        folded = wanted.strip().casefold()
        found = next((name for name in names if name.casefold() == folded), None)
        if found is None:
            raise OptionUnusable(
                "--sheet",
                f"{source.path} has no sheet `{wanted[:40]}`; its sheets are: {', '.join(names)}",
                nearest(wanted[:100], names),
            )
        return _loaded(source, book, found)
    filled = None
    for name in names:
        sheet = _loaded(source, book, name)
        rows = list(islice(sheet.iter_rows(), _SAMPLE)) if sheet.height else []
        if any("@" in cell for row in rows for cell in row if isinstance(cell, str)):
            return sheet
        filled = filled or (name if rows else None)
    if filled is None:
        raise source.unreadable("it is empty")
    return _loaded(source, book, filled)


def _loaded(source: Source, book: CalamineWorkbook, name: str) -> CalamineSheet:
    """A sheet; the library fails in many ways on damaged ones, some of them no Exception."""
    try:
        return book.get_sheet_by_name(name)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001
        raise source.unreadable(f"its sheet {name} is damaged; open it and save it as CSV UTF-8") from None


def _batches(sheet: CalamineSheet) -> Iterator[Batch]:
    rows = enumerate(sheet.iter_rows(), 1)
    while some := list(islice(rows, _BATCH)):
        batch = Batch()
        for line, row in some:
            cells = [cell if type(cell) is str else _text(cell) for cell in row]
            if any(cell.strip() for cell in cells):
                batch.lines.append(line)
                batch.rows.append(cells)
        if batch.rows:
            yield batch


def _text(value: object) -> str:
    """A cell as a person would type it: dates as ISO, whole numbers without a point."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
    return str(value)
