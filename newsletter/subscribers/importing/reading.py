"""A table -> its good rows, and what is wrong with the others, some thousand at a time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.subscribers.importing.quick_rows import QuickRows
from newsletter.subscribers.importing.rejects import as_they_were
from newsletter.subscribers.importing.repeats import Repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.subscribers.importing.mapped_tables import MappedTable
    from newsletter.subscribers.tables import Batch


class Refused(NamedTuple):
    line: int
    cells: Sequence[str]
    reason: str


class Read(NamedTuple):
    """Some rows of a table."""

    #: good ones, laid out as Reader.layout says
    rows: list[tuple[Any, ...]]
    refused: list[Refused]
    #: of rows in the file, blank ones aside
    rows_read: int
    #: about as many as these rows have in the file
    characters: int
    #: domain that looks like a typing mistake -> good rows that have it
    slips: Mapping[str, int]


class Reader:
    def __init__(
        self, mapped: MappedTable, identity_hashes: Callable[[Iterable[str]], list[str]], now: datetime
    ) -> None:
        self._mapped = mapped
        self._rows = QuickRows(mapped.columns, identity_hashes, Repeats(), now)

    @property
    def layout(self) -> tuple[str, ...]:
        return self._rows.layout

    def read(self) -> Iterator[Read]:
        """All rows, in the order of the file. It can be done once."""
        return map(self._read, self._mapped.batches)

    def _read(self, batch: Batch) -> Read:
        refused = [Refused(fault.line, (), fault.why) for fault in batch.faults]

        def refuse(line: int, cells: Sequence[str], reason: str) -> None:
            refused.append(Refused(line, cells, reason))

        count, characters = len(batch.rows) + len(batch.faults), _characters(batch)
        if self._mapped.rejects:
            batch = as_they_were(batch, refuse)
        rows = self._rows.read(batch, refuse)
        slips, self._rows.slips = self._rows.slips, Counter()
        return Read(rows, refused, count, characters, slips)


def _characters(batch: Batch) -> int:
    """By a few of its rows."""
    some = batch.rows[::50]
    return len(batch.rows) * sum(sum(map(len, row)) + len(row) for row in some) // max(1, len(some))
