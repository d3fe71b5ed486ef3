"""The tables of a file, each with what its columns are."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from newsletter.errors import ColumnUnclear, FileUnreadable
from newsletter.subscribers.columns import Unclear, columns_of
from newsletter.subscribers.importing.rejects import ADDED, are_rejects
from newsletter.subscribers.tables import open_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.columns import Columns
    from newsletter.subscribers.formats import Format
    from newsletter.subscribers.tables import Batch, Table


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a file is to be read. What is not given is found out; `given`: heading -> field (columns.py:columns_of)."""

    given: Mapping[str, str] | None = None
    format: Format | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    #: people are to be subscribed, so it must be clear who did not agree
    consented: bool = True


class MappedTable(NamedTuple):
    """A table, what its columns are, and whether it holds rows that an earlier import rejected."""

    table: Table
    columns: Columns
    rejects: bool

    @classmethod
    def of(cls, table: Table, path: Path, reading: Reading, attributes: Mapping[str, Attribute]) -> MappedTable:
        rejects = are_rejects(table.headings)
        headings = table.headings[: -len(ADDED)] if rejects else table.headings
        try:
            columns = columns_of(
                headings,
                attributes,
                given=reading.given,
                sample=table.sample,
                format_=reading.format,
                name=table.name,
                consented=reading.consented,
            )
        except ValueError as why:
            member = table.described.member
            stop = ColumnUnclear if isinstance(why, Unclear) else FileUnreadable
            raise stop(f"{path}: {member}" if member else path, str(why)) from None
        return cls(table, columns, rejects)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What whoever imports has to look at."""
        described, said = self.table.described, [*self.columns.described]
        if described.guessed:
            said.append(
                f"The encoding is a guess ({described.encoding}): look at names with accents, or name it: --encoding"
            )
        if described.damaged:
            said.append(
                f"Letters were lost in this file, on line {described.damaged} for the first time; such rows are rejected."
            )
        if described.other_sheets:
            said.append(f"Other sheets were not read: {', '.join(described.other_sheets)} (--sheet NAME)")
        return tuple(said)

    @property
    def batches(self) -> Iterator[Batch]:
        return self.table.batches(first_line_too=self.columns.headless)


@contextmanager
def mapped_tables(path: Path, reading: Reading, attributes: Mapping[str, Attribute]) -> Iterator[Iterator[MappedTable]]:
    """Every table of the file; of several, all are looked at before the first is used."""
    how = {"encoding": reading.encoding, "separator": reading.separator, "sheet": reading.sheet}
    with open_tables(path, **how) as tables:
        first = MappedTable.of(next(tables), path, reading, attributes)
        if not first.table.described.member:
            yield iter([first])
            return
        for table in tables:
            MappedTable.of(table, path, reading, attributes)
    with open_tables(path, **how) as tables:
        yield (MappedTable.of(table, path, reading, attributes) for table in tables)
