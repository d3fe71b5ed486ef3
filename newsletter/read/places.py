"""Positions -> Places. Markdown's inline tokens know no column, so a position inside one is found again in its source line."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from newsletter.model.problem import Place

#: what Markdown strips at the ends of a line
_BLANK = " \t\n\r\f\v"


@dataclass(frozen=True)
class Lines:
    """The text of a file, or of its part that starts at line `first` (counted from 1)."""

    file: str
    text: str
    first: int = 1

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(line) + 1 for line in self.lines), initial=0))

    def at(self, offset: int) -> Place:
        """The place of an offset into the text."""
        index = min(bisect_right(self._starts, offset), len(self.lines)) - 1
        return self.place(index, offset - self._starts[index])

    def place(self, index: int, column: int) -> Place:
        """The place of a column of a line, both counted from 0."""
        return Place(file=self.file, line=index + self.first, column=column + 1)

    def line_start(self, index: int) -> Place:
        """The first character of a line that is not blank."""
        line = self.line(index)
        return self.place(index, len(line) - len(line.lstrip(_BLANK)))

    def line(self, index: int) -> str:
        return self.lines[index] if index < len(self.lines) else ""


class InlinePlaces:
    """Places within the content of one inline token that starts at line `index` of `lines`."""

    def __init__(self, lines: Lines, content: str, index: int, cell_from: int | None = None) -> None:
        """`cell_from`: the content is a cell of a table, to be looked for from this column on."""
        self._lines = lines
        self._index = index
        self._content = content.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._content), initial=0))
        self._cell_from = cell_from
        self._shifts: dict[int, int] = {}

    def at(self, position: int) -> Place:
        row = max(0, min(bisect_right(self._starts, position), len(self._content)) - 1)
        line = self._lines.line(self._index + row)
        column = self._column(row, line, position - self._starts[row])
        return self._lines.place(self._index + row, max(0, min(column, len(line))))

    @property
    def end_of_cell(self) -> int:
        """The column behind a cell: where the next one is to be looked for."""
        start, piece = self._found(self._lines.line(self._index), self._content[0])
        return start + len(piece)

    def _column(self, row: int, line: str, column: int) -> int:
        content = self._content[row]
        if self._cell_from is not None:
            start, piece = self._found(line, content)
            return start + column + (content.count("|", 0, column) if piece != content else 0)
        if row not in self._shifts:
            self._shifts[row] = _shift(line, content)
        return self._shifts[row] + column

    def _found(self, line: str, content: str) -> tuple[int, str]:
        """Where the cell stands and how it is spelled there: a pipe inside a cell is escaped."""
        for piece in (content, content.replace("|", "\\|")):
            start = line.find(piece, self._cell_from or 0)
            if start >= 0:
                return start, piece
        return self._cell_from or 0, content


def _shift(line: str, content: str) -> int:
    """What is between a column of the content and that of its source line."""
    kept, whole = content.rstrip(_BLANK), line.rstrip(_BLANK)
    # measured from the end, so that quote marks, list marks and expanded tabs in front do not matter
    return len(whole) - len(kept) if whole.endswith(kept.lstrip(_BLANK)) else max(line.find(kept), 0)


class FixedPlace:
    """For text that is not a stretch of the source, such as the title of an image: everything stands at one place."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def at(self, position: int) -> Place:  # noqa: ARG002 - the same shape as InlinePlaces
        return self._place
