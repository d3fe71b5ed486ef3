"""Lines of delimited text (RFC 4180) -> batches of rows, close to the speed of the csv module.

A quote that is never closed costs its own line, not the rows behind it: the csv module is strict here, and where it gives
up, or has swallowed what are rows, reading starts again on the next line. What is read again is bounded, so that no file
costs more than linear time and a flat amount of memory.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from newsletter.subscribers.tables.table import Batch, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: what one row may have
_MOST_LINES, _MOST_CHARACTERS = 1_000, 1 << 22
#: lines read again for nothing, besides one for each line of the file, before reading looks ahead less far
_PATIENCE, _NARROW = 200_000, 20
#: the csv module's words for a quote that is open at the end
_OPEN = "unexpected end of data"


def delimited(more: Callable[[], list[str]], separator: str, line: int = 1) -> Iterator[Batch]:
    """Every row of the lines that `more` hands out until there are none; the first of them is line `line`."""
    reading = _Reading(separator, line)
    lines = more()
    while lines:
        following = more()
        batch, used = reading.batch(lines, last=not following)
        if batch.rows or batch.faults:
            yield batch
        lines = lines[used:] + following


class _Reading:
    def __init__(self, separator: str, line: int) -> None:
        self._separator = separator
        self._line = line
        self._patience = _PATIENCE
        #: cells of the first row that has any
        self._width = 0

    def batch(self, lines: list[str], *, last: bool) -> tuple[Batch, int]:
        """The rows of these lines, and how many of the lines they are; a row that is still open at the end is left out."""
        batch = Batch()
        at = 0
        while at < len(lines):
            start = at
            at, why, seen = self._read(lines, start, batch)
            if not why or (why == _OPEN and start < at and seen < len(lines)):
                continue
            if why == _OPEN and seen == len(lines) and not last and not _is_too_long(lines[at:]):
                break
            batch.faults.append(Fault(self._line + at, _in_words(why)))
            self._patience -= seen - at - 1
            at += 1
        self._line += at
        self._patience += at
        return batch, at

    def _read(self, lines: list[str], start: int, batch: Batch) -> tuple[int, str, int]:
        """Rows as far as the csv module gets. Where the next row begins, why it was not read, and how far was looked."""
        at, line = start, self._line
        reader = csv.reader(self._window(lines, start), delimiter=self._separator, strict=True)
        add_line, add_row = batch.lines.append, batch.rows.append
        try:
            for cells in reader:
                after = start + reader.line_num
                if after - at > 2 and self._has_swallowed(lines[at:after]):
                    return at, _OPEN, after
                if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
                    add_line(line + at)
                    add_row(cells)
                    self._width = self._width or len(cells)
                at = after
        except csv.Error as why:
            return at, str(why), start + reader.line_num
        return at, "", at

    def _window(self, lines: list[str], start: int) -> Iterable[str]:
        """The lines from `start` on, not copied: behind many faults that would take quadratic time."""
        if not start and self._patience >= 0:
            return lines
        end = len(lines) if self._patience >= 0 else min(len(lines), start + _NARROW)
        return map(lines.__getitem__, range(start, end))

    def _has_swallowed(self, row: list[str]) -> bool:
        """Whether these lines, that quotes hold together, are rows by the look of them: as wide as the header, with an @."""
        if _is_too_long(row):
            return True
        rows = sum(line.count(self._separator) == self._width - 1 and "@" in line for line in row[1:])
        return rows >= 2 and 2 * rows >= len(row) - 1


def _is_too_long(row: list[str]) -> bool:
    return len(row) > _MOST_LINES or sum(map(len, row)) > _MOST_CHARACTERS


def _in_words(why: str) -> str:
    if "field limit" in why:
        return f"a text is longer than {csv.field_size_limit()} characters; is a closing quote missing?"
    return "the quotes do not match; close every quoted text, and write a quote inside it twice"
