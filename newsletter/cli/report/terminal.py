"""A report on a terminal of 80 columns: tables, and lines of small columns whose words stand beneath."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.cli.show import clean, display_width, moment
from newsletter.report.charts import Bars, Columns, Limits
from newsletter.report.spark import bar, spark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from newsletter.report.charts import Chart
    from newsletter.report.document import Cell, Document, Section, Table

_WIDE = 80
#: what a first column may take, and what bars are as long as
_LABEL, _BAR = 44, 24
#: rows of a table on a terminal; the others are in the page, the CSV and the JSON
_ROWS = 24
_NOT_KNOWN = "not known"


def lines(document: Document, zone: ZoneInfo) -> Iterator[str]:
    yield from _folded(document.title)
    yield from _folded(f"{document.newsletter}; made {moment(document.made, zone)}")
    for label, cell in document.facts:
        yield from _folded(f"  {label}: {_shown(cell, zone)}", "    ")
    for warning in document.warnings:
        yield from _folded(f"! {warning}", "  ")
    for section in document.sections:
        yield ""
        yield from _section(section, zone)
    if document.unknown:
        yield ""
        yield "What is not known"
        for sentence in document.unknown:
            yield from _folded(f"  - {sentence}", "    ")


def _section(section: Section, zone: ZoneInfo) -> Iterator[str]:
    yield clean(section.heading)
    for said in section.says:
        yield from _folded(f"  {said}", "  ")
    if section.chart and not isinstance(section.chart, Bars):
        yield from _chart(section.chart, section.says)
    if section.table:
        bars = section.chart if isinstance(section.chart, Bars) else None
        yield from _table(section.table, bars, zone)


def _chart(chart: Chart, said: Sequence[str]) -> Iterator[str]:
    if isinstance(chart, Columns):
        for panel in chart.panels:
            for name, values in ((panel.name, panel.values), (panel.below_name, panel.below)):
                if values:
                    yield f"  |{spark(values, panel.largest)}| {clean(name.partition(',')[0])}"
        if chart.says not in said:
            yield from _folded(f"  {chart.says}", "  ")
    elif isinstance(chart, Limits):
        yield from _limits(chart)


def _limits(chart: Limits) -> Iterator[str]:
    rate = chart.share.rate or 0.0
    length = round(_BAR * 2 * chart.percent(rate) / 100) if rate else 0
    drawn = ["█"] * max(length, 1 if rate else 0)
    drawn += [" "] * (_BAR * 2 - len(drawn))
    for at, _ in chart.lines:
        drawn[min(round(_BAR * 2 * chart.percent(at) / 100), _BAR * 2 - 1)] = "|"
    yield f"  {''.join(drawn)}  {chart.share.percent}; the lines: 0.1, 0.3 %"


def _table(table: Table, bars: Bars | None, zone: ZoneInfo) -> Iterator[str]:
    shown = [[_shown(cell, zone) for cell in row] for row in table.rows[:_ROWS]]
    heads = [column.words for column in table.columns]
    if len(heads) > 2 or any(len(row[0]) > _LABEL and len(row) > 2 for row in shown):
        if _fits(heads, shown):
            yield from _grid(heads, shown)
        elif all(isinstance(cell, int) for row in table.rows for cell in row[1:]):
            yield from _in_lines(heads, shown)
        else:
            yield from _records(heads, shown)
    else:
        yield from _pairs(shown, table, bars)
    if len(table.rows) > _ROWS:
        yield f"  ... and {len(table.rows) - _ROWS:,} more: --html, --csv or --json"


def _pairs(rows: list[list[str]], table: Table, bars: Bars | None) -> Iterator[str]:
    """A label and a number, and the bar of it where there is one."""
    drawn = {one.label: bar(one.size, bars.largest, _BAR) for one in bars.bars} if bars else {}
    wide = min(max((display_width(row[0]) for row in rows), default=0), _LABEL)
    right = max((len(row[1]) for row in rows if row[1][:1].isdigit() and " " not in row[1]), default=0)
    for label, value in rows:
        first, *more = textwrap.wrap(label, wide) or [""]
        number = value.rjust(right) if " " not in value else value
        line = f"  {first}{' ' * (wide - display_width(first))}  {number}"
        stripe = drawn.get(label, "")
        yield line + (f"  {stripe[: _WIDE - len(line) - 2]}" if stripe and len(line) + 4 < _WIDE else "")
        yield from (f"  {part}" for part in more)
    del table


def _widths(heads: list[str], rows: list[list[str]]) -> list[int]:
    words = [[*head.split()] for head in heads]
    cells = [max((display_width(row[n]) for row in rows), default=0) for n in range(len(heads))]
    return [max(size, *(len(word) for word in words[n])) for n, size in enumerate(cells)]


def _fits(heads: list[str], rows: list[list[str]]) -> bool:
    return sum(_widths(heads, rows)) + 2 * len(heads) <= _WIDE  # two spaces before each


def _grid(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """The heads are broken into lines over their columns."""
    widths = _widths(heads, rows)
    broken = [textwrap.wrap(head, width) for head, width in zip(heads, widths, strict=True)]
    for n in range(max(map(len, broken))):
        yield _aligned([part[n] if n < len(part) else "" for part in broken], widths)
    for row in rows:
        yield _aligned(row, widths)


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (" " * (width - display_width(cell)) for cell, width in zip(cells, widths, strict=True))
    line = f"  {cells[0]}{first}"
    return (line + "".join(f"  {space}{cell}" for space, cell in zip(others, cells[1:], strict=True))).rstrip()


def _records(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """One row under the other, where a table would be too wide."""
    for row in rows:
        yield from _folded(f"  {row[0]}", "    ")
        for head, cell in zip(heads[1:], row[1:], strict=True):
            if cell:
                yield from _folded(f"    {head}: {cell}", "      ")


def _in_lines(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    """Numbers one behind the other; those that are 0 are left out."""
    for row in rows:
        told = [f"{head} {cell}" for head, cell in zip(heads[1:], row[1:], strict=True) if cell != "0"]
        yield from _folded(f"  {row[0]}: {', '.join(told) or 'nothing'}", "    ")


def _shown(cell: Cell, zone: ZoneInfo) -> str:
    if cell is None:
        return _NOT_KNOWN
    if isinstance(cell, datetime):
        return moment(cell, zone)
    return f"{cell:,}" if isinstance(cell, int) else clean(str(cell))


def _folded(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        clean(text),
        _WIDE,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
