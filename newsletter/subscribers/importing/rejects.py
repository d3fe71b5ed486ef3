"""Rows that were not imported: all of them in a file of their own as they come, the first also in memory for the report.

The file is a table like the one it comes from, with the reason and the line in two more columns. Whoever corrects it can
import it again; those two columns are then passed over.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

from newsletter.files import private_file, reserved
from newsletter.model.importing import Rejection
from newsletter.subscribers.exporting.guarding import guarded, unguarded
from newsletter.subscribers.tables import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

#: headings of the columns that are added at the end
ADDED = ("reason", "line")
_REPEATS = "same address as line"
_END = ".rejected.csv"
_OF_REJECTS = re.compile(r"(?<=.)\.rejected(?:-\d+)?$")
#: that the report names
MOST_NAMED = 1_000


def are_rejects(headings: Sequence[str]) -> bool:
    """Whether a table is such a file."""
    return tuple(headings[-len(ADDED) :]) == ADDED


def repeats(line: int, *, decides: bool = False) -> str:
    """The reason for which the second row of a person is rejected; `decides`: but not what it says of the standing."""
    return f"{_REPEATS} {line}" + (", which now stands as this row says" if decides else "")


def as_they_were(batch: Batch, add: Callable[[int, Sequence[str], str], None]) -> Batch:
    """Rejected rows as they stood in the file that they come from.

    A second row of somebody is rejected again: the first one went in, and counts. Whoever means it empties its reason.
    """
    kept = Batch(faults=batch.faults)
    for line, cells in zip(batch.lines, batch.rows, strict=True):
        *row, reason, _ = (unguarded(cell) for cell in cells) if len(cells) >= len(ADDED) else (*cells, "", "")
        if reason.startswith(_REPEATS):
            add(line, row, reason)
        else:
            kept.lines.append(line)
            kept.rows.append(row)
    return kept


def rejects_beside(path: Path) -> Path:
    """Where the rejected rows of a file go. Those of rejected rows are called after the file that was the first."""
    return path.with_name(f"{_OF_REJECTS.sub('', path.stem)}{_END}")


def file_of_member(path: Path | None, member: str) -> Path | None:
    """The file for one table of a zip: tables of different people may have different columns."""
    if path is None or not member:
        return path
    stem = member.rpartition("/")[2].rpartition(".")[0]
    return path.with_name(f"{path.name.removesuffix(_END)}.{stem[:100]}{_END}")


class Rejects:
    """Of one table; `path` is None where no file is wanted.

    The file is whole when the block ends well, and is there only if there is something in it. One that was there before
    stays, since somebody may have mended rows in it: then the new one gets a number.
    """

    def __init__(self, path: Path | None, headings: Sequence[str]) -> None:
        self._path = path
        self._headings = headings
        self._opened = ExitStack()
        self._text: io.TextIOWrapper | None = None
        self._named: list[Rejection] = []
        self.count = 0

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        if self._text:
            self._text.detach().flush()  # the file itself is closed by whoever opened it
        self._opened.__exit__(kind, why, at)

    def add(self, line: int, cells: Sequence[str], reason: str) -> None:
        self.count += 1
        if len(self._named) < MOST_NAMED:
            self._named.append(Rejection(line=line, reason=reason))
        if self._path:
            self._write(self._path, [*_as_wide(cells, len(self._headings)), reason, str(line)])

    @property
    def named(self) -> tuple[Rejection, ...]:
        """The first that came, by their lines."""
        return tuple(sorted(self._named, key=lambda rejection: rejection.line))

    @property
    def file(self) -> str | None:
        return str(self._path) if self._text else None

    def _write(self, path: Path, row: Sequence[str]) -> None:
        if self._text is None:
            self._path = path = self._opened.enter_context(reserved(path))
            raw = self._opened.enter_context(private_file(path))
            self._text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
            self._writer = csv.writer(self._text)
            self._writer.writerow([*map(guarded, self._headings), *ADDED])
        self._writer.writerow(map(guarded, row))


def _as_wide(cells: Sequence[str], width: int) -> Sequence[str]:
    """Like the header, unless the row is wider, which then is what is wrong with it."""
    return [*cells, *[""] * (width - len(cells))]
