"""Many rows of a table -> Rows, a column at a time: a few operations for a thousand cells instead of some for each.

A row in which anything is unusual is read by rows.py instead, which also finds the words for what is wrong. So both give
the same, and this file need not be right about everything: only sure of what it lets through.
"""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from newsletter.model.importing import UNSAID
from newsletter.subscribers.columns import Kind
from newsletter.subscribers.columns.cells import BAD, Cells, squared
from newsletter.subscribers.importing.rows import RowRefused, attributes_text, past_text, read_row
from newsletter.subscribers.typos import meant_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from newsletter.model.importing import Mark
    from newsletter.subscribers.columns import Column, Columns
    from newsletter.subscribers.importing.repeats import Repeats
    from newsletter.subscribers.tables import Batch

    Refuse = Callable[[int, Sequence[str], str], None]

_NAMES = (Kind.FIRST_NAME, Kind.LAST_NAME)
_TEXTS = frozenset({*_NAMES, Kind.LANGUAGE, Kind.TIMEZONE, Kind.IP})
_MOMENTS = frozenset({Kind.JOINED_AT, Kind.LEFT_AT})


class QuickRows:
    """Reads the batches of one table. `slips` counts domains of good rows that look like a typing mistake."""

    def __init__(
        self,
        columns: Columns,
        identity_hashes: Callable[[Iterable[str]], list[str]],
        repeats: Repeats,
        now: datetime,
    ) -> None:
        self._columns = columns
        self._of = {column.kind: column for column in columns.known if column.kind is not Kind.ATTRIBUTE}
        self._attributes = [column for column in columns.known if column.kind is Kind.ATTRIBUTE]
        self._hashes = identity_hashes
        self._repeats = repeats
        self._now = now
        #: what the rows of this table say: fields of Row
        self.layout = ("identity_hash", "line", "address", *self._present(), "cells")
        self.slips: Counter[str] = Counter()

    def _present(self) -> Iterator[str]:
        of = self._of
        yield from (kind.value for kind in _NAMES if kind in of or Kind.FULL_NAME in of)
        yield from (kind.value for kind in (Kind.LANGUAGE, Kind.TIMEZONE) if kind in of)
        if self._attributes or Kind.ATTRIBUTES in of:
            yield "attributes"
        yield from (kind.value for kind in (Kind.TAGS,) if kind in of)
        if self._columns.mark:
            yield "mark"
        yield from (kind.value for kind in (Kind.JOINED_AT, Kind.LEFT_AT, Kind.IP) if kind in of)

    def read(self, batch: Batch, refuse: Refuse) -> list[tuple[Any, ...]]:
        """Good rows, each laid out as `layout` says; the others are told to `refuse` (line, cells, why) in their order."""
        rows = squared(batch.rows, self._columns.width)
        cells = Cells(rows, self._columns.width)
        identities = cells.identities(self._of[Kind.ADDRESS])
        fields = self._fields(cells)
        for place in cells.odd:
            identities[place] = ""
        self._count_slips(identities)
        hashes = self._hashes(identities)
        laid_out = zip(hashes, batch.lines, *fields, self._repeats.cells_of(hashes, rows), strict=True)
        read = [row for place, row in enumerate(laid_out) if place not in cells.odd] if cells.odd else [*laid_out]
        for place in sorted(cells.odd):
            try:
                read.append(self._slowly(batch.lines[place], batch.rows[place]))
            except RowRefused as why:
                refuse(batch.lines[place], batch.rows[place], str(why))
        return read

    def _slowly(self, line: int, cells: list[str]) -> tuple[Any, ...]:
        found: list[str] = []

        def noted(identity: str) -> str:
            found.append(identity)
            return self._hashes([identity])[0]

        row = read_row(line, cells, self._columns, noted, self._now)
        self._count_slips(found)
        self._repeats.cells_of([row.identity_hash], [cells])
        return tuple(getattr(row, name) for name in self.layout)

    def _count_slips(self, identities: list[str]) -> None:
        domains = [identity[identity.find("@") + 1 :] for identity in identities]
        slips = {*filter(meant_domain, {*domains})}
        if slips:
            self.slips.update(domain for domain in domains if domain in slips)

    def _fields(self, cells: Cells) -> list[Sequence[Any]]:
        """The fields of all rows from the address on, in the order of `layout`."""
        of = self._of
        known: dict[str, Sequence[Any]] = {"address": cells.texts(of[Kind.ADDRESS])}
        if whole := of.get(Kind.FULL_NAME):
            names = [name or ("", "") for name in cells.each(whole, whole.read)]
            known |= {kind: [name[at] for name in names] for at, kind in enumerate(_NAMES)}
        for kind, column in of.items():
            if kind in _TEXTS:
                known[kind] = cells.texts(column)
            elif kind in _MOMENTS:
                known[kind] = [text or "" for text in cells.each(column, partial(self._past, column))]
        if Kind.TAGS in of:
            known["tags"] = [tags or () for tags in cells.each(of[Kind.TAGS], of[Kind.TAGS].read)]
        if "attributes" in self.layout:
            known["attributes"] = self._attribute_texts(cells)
        if self._columns.mark:
            known["mark"] = self._marks(cells, self._columns.mark)
        return [known[name] for name in self.layout[2:-1]]

    def _past(self, column: Column, cell: str) -> str:
        return past_text(column.read(cell), self._now)

    def _attribute_texts(self, cells: Cells) -> Sequence[str]:
        """The attributes of each row as JSON. Rows whose cells are alike have the same."""
        maps = self._of.get(Kind.ATTRIBUTES)
        stripped = [cells.stripped(column) for column in (*self._attributes, *([maps] if maps else []))]
        read = [(column.field, cells.known(column, column.read)) for column in self._attributes]
        of_map = cells.known(maps, maps.read) if maps else {}
        alike = stripped[0] if len(stripped) == 1 else [*zip(*stripped, strict=True)]
        known: dict[str | tuple[str, ...], str] = {}
        for row in {*alike}:
            of_row = (row,) if isinstance(row, str) else row
            values = {name: values[cell] for (name, values), cell in zip(read, of_row, strict=False) if cell}
            if maps and (more := of_map[of_row[-1]]) and more is not BAD:
                values = {**more, **values}
            known[row] = attributes_text(values) if BAD not in values.values() else ""
        return [known[row] for row in alike]

    def _marks(self, cells: Cells, mark: Callable[[Sequence[str]], Mark]) -> Sequence[str]:
        marks = []
        for place, row in enumerate(cells.rows):
            try:
                marks.append(mark(row).word)
            except ValueError:
                cells.odd.add(place)
                marks.append(UNSAID)
        return marks
