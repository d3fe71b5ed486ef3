"""The cells of many rows, a column at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.subscribers.addresses import checked_address, is_usual, quick_identity
from newsletter.subscribers.columns.values import MAX_LENGTH, PADDING, refuse_hostile, text_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.subscribers.columns import Column

#: a cell that was read and does not fit
BAD: Any = object()


class Cells:
    """The cells of a batch by column. Places of rows in which something is unusual are gathered in `odd`."""

    def __init__(self, rows: list[list[str]], width: int) -> None:
        self.rows = rows
        self.odd = {place for place, row in enumerate(rows) if len(row) != width} if _uneven(rows, width) else set()
        self._columns = [*zip(*rows, strict=False)]
        self._stripped: dict[int, list[str]] = {}

    def stripped(self, column: Column) -> list[str]:
        """The cells of a column without the space around them, and looked through for what must not be in them."""
        if column.index not in self._stripped:
            cells = [cell.strip(PADDING) for cell in self._columns[column.index]] if self.rows else []
            together = "".join(cells)
            # the first test is cheap, and right about nearly all text
            if (not together.isprintable() or "\ufffd" in together) and _is_hostile(together):
                self.odd.update(place for place, cell in enumerate(cells) if _is_hostile(cell))
            self._stripped[column.index] = cells
        return self._stripped[column.index]

    def texts(self, column: Column) -> list[str]:
        """Cells that stand for themselves, or nearly."""
        cells = self.stripped(column)
        if column.read is text_value:
            if len(max(cells, key=len, default="")) > MAX_LENGTH:
                self.odd.update(place for place, cell in enumerate(cells) if len(cell) > MAX_LENGTH)
            return cells
        if column.read is checked_address:  # `identities` looks at them
            return cells
        return [value or "" for value in self.each(column, column.read)]

    def identities(self, column: Column) -> list[str]:
        """Whose addresses these are; empty where that is not quickly told."""
        addresses = self.texts(column)
        identities = [text.lower() if is_usual(text) else quick_identity(text) or "" for text in addresses]
        if "" in identities:
            self.odd.update(place for place, one in enumerate(identities) if not one)
        return identities

    def each(self, column: Column, read: Callable[[str], Any]) -> list[Any]:
        """What `read` makes of each cell; None of an empty one."""
        known = self.known(column, read)
        return [None if (value := known[cell]) is BAD else value for cell in self.stripped(column)]

    def known(self, column: Column, read: Callable[[str], Any]) -> dict[str, Any]:
        """Cell -> value, each cell read once."""
        known: dict[str, Any] = {}
        bad = False
        for cell in set(cells := self.stripped(column)):
            try:
                known[cell] = read(cell) if cell and not _is_hostile(cell) else None
            except ValueError:
                known[cell], bad = BAD, True
        if bad:
            self.odd.update(place for place, cell in enumerate(cells) if known[cell] is BAD)
        return known


def _is_hostile(text: str) -> bool:
    try:
        refuse_hostile(text)
    except ValueError:
        return True
    return False


def _uneven(rows: list[list[str]], width: int) -> bool:
    return set(map(len, rows)) - {width} != set()


def squared(rows: list[list[str]], width: int) -> list[list[str]]:
    """Short rows get empty cells at their end."""
    if all(length >= width for length in set(map(len, rows))):
        return rows
    return [row if len(row) >= width else row + [""] * (width - len(row)) for row in rows]
