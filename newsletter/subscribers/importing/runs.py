"""Good rows of a part of a file, put into the order of their hashes: a run, as in sorting by merging.

Both unique indexes of `subscribers` are then filled from left to right, a few pages at a time, instead of everywhere at
once; that keeps an import fast however many readers there are. What does not fit into memory goes into a private
temporary file without a name, which is gone when the process ends, however that ends.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from functools import partial
from itertools import chain, repeat
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from newsletter.model.importing import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: rows that stay in memory
_SPILL = 30_000
#: rows are sorted into piles by the first two hex digits of their hash
_PILES = 256
#: a run ends at so many bytes, however few rows they are
_MOST_BYTES = 1 << 27

_row: Any = partial(tuple.__new__, Row)


class Sorted(NamedTuple):
    """Rows in the order of their hashes, those of the same person in the order of the file; laid out as they came.

    All hashes that begin with two digits from `first` to `last`, and no others.
    """

    rows: Sequence[Sequence[Any]]
    first: int = 0
    last: int = _PILES - 1


def rows_of(laid_out: Sequence[Sequence[Any]], layout: Sequence[str]) -> list[Row]:
    """With what the layout does not have left as it is by default."""
    if not laid_out:
        return []
    known = dict(zip(layout, zip(*laid_out, strict=True), strict=True))
    fields: list[Iterable[Any]] = [
        known[name] if name in known else repeat(Row._field_defaults[name]) for name in Row._fields
    ]
    return [*map(_row, zip(*fields, strict=False))]


class Run:
    """Rows begin with the hash and the line; `batch` is about how many are handed out at once."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._memory: list[tuple[Any, ...]] = []
        self._spilled = 0
        self._file: IO[bytes] | None = None
        #: for each pile where its parts are in the file, and how long
        self._parts = [array("q") for _ in range(_PILES)]

    def __len__(self) -> int:
        return self._spilled + len(self._memory)

    @property
    def is_large(self) -> bool:
        return self._file is not None and self._file.tell() >= _MOST_BYTES

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._memory += rows
        if len(self._memory) > _SPILL:
            self._spill()

    def batches(self) -> Iterator[Sorted]:
        """Everything that was added. What fits into one batch keeps the order of the file."""
        if len(self) <= self._batch and not self._spilled:
            yield Sorted(sorted(self._memory, key=itemgetter(1)))
            return
        if self._spilled:
            self._spill()
        first = 0
        rows: list[Any] = []
        for number, pile in enumerate(self._piles()):
            rows += pile
            if len(rows) >= self._batch or (rows and number == _PILES - 1):
                rows.sort()  # by hash and line
                yield Sorted(rows, first, number)
                first, rows = number + 1, []

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _piles(self) -> Iterator[Iterable[Sequence[Any]]]:
        return map(self._pile, range(_PILES)) if self._spilled else iter(_in_piles(self._memory))

    def _spill(self) -> None:
        import orjson

        file = self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        at = file.seek(0, os.SEEK_END)
        for pile, parts in zip(_in_piles(self._memory), self._parts, strict=True):
            if pile:
                data = orjson.dumps(pile)
                file.write(data)
                parts.extend((at, len(data)))
                at += len(data)
        file.flush()
        self._spilled += len(self._memory)
        self._memory = []

    def _pile(self, number: int) -> Iterable[Sequence[Any]]:
        import orjson

        parts, handle = self._parts[number], self._file.fileno() if self._file else -1
        return chain.from_iterable(
            orjson.loads(os.pread(handle, length, at)) for at, length in zip(parts[::2], parts[1::2], strict=True)
        )


def _in_piles(rows: Iterable[tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
    piles: dict[str, list[tuple[Any, ...]]] = {f"{number:02x}": [] for number in range(_PILES)}
    for row in rows:
        piles[row[0][:2]].append(row)
    return [*piles.values()]
