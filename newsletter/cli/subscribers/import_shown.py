"""What an import came to, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.cli import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.import_report import ImportReport, MappedColumn, TableReport
    from newsletter.model.importing import Counts

#: rejected rows that a terminal is shown; --json has more, the file all
_MOST_SHOWN = 20
_MOST_TYPOS = 10
_MOST_UNUSED = 20
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_HOW = {"given": "as you said", "format": "known of this system", "cells": "by its cells"}


def report_lines(report: ImportReport, name: str, *, consented: bool) -> Iterator[str]:
    hinted = False
    for table in report.tables:
        yield from _read_lines(table, hint=not hinted)
        hinted = hinted or bool(table.ignored)
    if report.dry_run:
        yield "This is what an import would do (--dry-run):"
    yield _sum_line(report, report.rows, report.rejected_count)
    if len(report.tables) > 1:
        for table in report.tables:
            yield f"  {show.clean(table.name)}: {_sum_line(table, table.rows, table.rejected_count)}"
    yield from _detail_lines(report, name)
    for table in report.tables:
        yield from _typo_lines(table)
        yield from _rejected_lines(table, named=len(report.tables) > 1)
    if not consented and report.pending:
        yield 'To subscribe them, import again with --consent "how and when they agreed".'
    if report.dry_run:
        yield "Nothing was changed."


def _read_lines(table: TableReport, *, hint: bool) -> Iterator[str]:
    """What the file was taken for, so that a wrong guess is seen."""
    found = [
        table.encoding,
        f"{_SEPARATORS.get(table.separator, table.separator)} between columns" if table.separator else "",
    ]
    found.append(f"sheet {show.clean(table.sheet)}" if table.sheet else "")
    yield f"{show.clean(table.name)}: {', '.join(one for one in found if one)}"
    yield f"  columns: {', '.join(map(_column, table.columns))}"
    if table.ignored:
        named = ", ".join(show.clean(heading) for heading in table.ignored[:_MOST_UNUSED])
        more = len(table.ignored) - _MOST_UNUSED
        yield f"  not used: {named}{f' and {show.number(more)} more' if more > 0 else ''}"
        if hint:
            yield "    To keep one, add it to [attributes] in newsletter.toml."
    yield from (f"  {show.clean(remark)}" for remark in table.remarks)


def _column(column: MappedColumn) -> str:
    how = f" ({_HOW[column.how]})" if column.how in _HOW else ""
    heading = show.clean(column.heading)
    return f"{heading}{how}" if heading == column.field else f"{heading} = {column.field}{how}"


def _sum_line(counts: Counts, rows: int, rejected: int) -> str:
    sums = (
        (counts.added, "new"),
        (counts.updated, "updated"),
        (counts.unchanged, "unchanged"),
        (counts.suppressed, "suppressed"),
        (rejected, "rejected"),
    )
    said = ", ".join(f"{show.number(count)} {word}" for count, word in sums if count) or "nobody"
    return f"{show.number(rows)} {show.plural(rows, 'row')} read: {said}."


def _detail_lines(report: ImportReport, name: str) -> Iterator[str]:
    before = report.suppressed - report.newly_suppressed
    details = (
        (report.subscribed, f"joined {name} with this import", ""),
        (
            report.pending,
            f"are pending on {name}: they have not agreed and are never mailed",
            f"is pending on {name}: they have not agreed and are never mailed",
        ),
        (report.left_earlier, f"left {name} earlier and stay out", f"left {name} earlier and stays out"),
        (report.unsubscribed, f"left {name}, as the file says: they are not mailed", ""),
        (before, "were suppressed before: they are never mailed", "was suppressed before and is never mailed"),
        (
            report.newly_suppressed,
            "are suppressed from now on, as the file says: they are never mailed",
            "is suppressed from now on, as the file says, and is never mailed",
        ),
        (
            report.duplicates,
            "of the rejected are second rows of the same person",
            "of the rejected is a second row of the same person",
        ),
    )
    for count, words, of_one in details:
        if count:
            yield f"  {show.number(count):>9} {(of_one or words) if count == 1 else words}"


def _typo_lines(table: TableReport) -> Iterator[str]:
    for typo in table.typos[:_MOST_TYPOS]:
        rows = f"{show.number(typo.count)} {show.plural(typo.count, 'row')}"
        yield f"  {show.clean(typo.domain)} in {rows}: did you mean {typo.meant}? They were taken as they are."
    if len(table.typos) > _MOST_TYPOS:
        yield f"  ... and {show.number(len(table.typos) - _MOST_TYPOS)} more such domains; --json shows them"


def _rejected_lines(table: TableReport, *, named: bool) -> Iterator[str]:
    if not table.rejected_count:
        return
    if named:
        yield f"{show.clean(table.name)}, rejected:"
    yield from (f"  line {entry.line}: {show.clean(entry.reason)}" for entry in table.rejected[:_MOST_SHOWN])
    if table.rejected_count > _MOST_SHOWN:
        yield f"  ... and {show.number(table.rejected_count - _MOST_SHOWN)} more"
    if table.rejected_file:
        yield f"All of them are in {show.clean(table.rejected_file)}, with the reasons."
        yield "Correct them there and import that file; those that are in stay as they are."
    else:
        yield "Correct these rows and import the file again; those that are in stay as they are."
        yield "To have them in a file of their own, say where: --rejected FILE"
