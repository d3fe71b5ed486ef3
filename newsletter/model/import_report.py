"""How an import went: over all, and for each table of the file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from newsletter.model.importing import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.importing import Rejection


@dataclass(frozen=True, kw_only=True, slots=True)
class Typo:
    """A domain in the file that looks like a slip, and how many good rows have it."""

    domain: str
    meant: str
    count: int

    def as_json(self) -> dict[str, str | int]:
        return {"domain": self.domain, "meant": self.meant, "count": self.count}


@dataclass(frozen=True, kw_only=True, slots=True)
class MappedColumn:
    """What a column was taken for. `how`: given, by the format, by its heading, by its cells."""

    heading: str
    field: str
    how: str

    def as_json(self) -> dict[str, str]:
        return {"heading": self.heading, "field": self.field, "how": self.how}


@dataclass(kw_only=True)
class TableReport(Counts):
    """What was found out about one table, and how its import went. Of several, `name` is that of the file in the zip."""

    name: str
    rows: int = 0
    #: how many of the rejected are a second row of the same person
    duplicates: int = 0
    rejected_count: int = 0
    #: the first of them, by their lines
    rejected: tuple[Rejection, ...] = ()
    #: where all of them are, if it could be written
    rejected_file: str | None = None
    columns: tuple[MappedColumn, ...] = ()
    #: headings of columns that belong to no field
    ignored: tuple[str, ...] = ()
    #: the system whose export it is, or empty
    format: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    #: sentences for whoever imports: what was recognised, and what to look at
    remarks: tuple[str, ...] = ()
    typos: tuple[Typo, ...] = ()

    def as_json(self) -> dict[str, object]:
        entries = {
            name: [entry.as_json() for entry in getattr(self, name)] for name in ("rejected", "columns", "typos")
        }
        return {**vars(self), **entries, "ignored": list(self.ignored), "remarks": list(self.remarks)}


@dataclass(kw_only=True)
class ImportReport(Counts):
    """How an import went, over all tables. rows = added + updated + unchanged + suppressed + rejected_count."""

    tables: tuple[TableReport, ...]
    #: nothing was changed: this is what would happen
    dry_run: bool = False
    rows: int = 0
    duplicates: int = 0
    rejected_count: int = 0

    @classmethod
    def of(cls, tables: Sequence[TableReport], *, dry_run: bool) -> ImportReport:
        names = [one.name for one in fields(Counts)] + ["rows", "duplicates", "rejected_count"]
        sums = {name: sum(getattr(table, name) for table in tables) for name in names}
        return cls(tables=tuple(tables), dry_run=dry_run, **sums)

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        return tuple(entry for table in self.tables for entry in table.rejected)

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(heading for table in self.tables for heading in table.ignored))

    @property
    def rejected_file(self) -> str | None:
        return next((table.rejected_file for table in self.tables if table.rejected_file), None)

    def as_json(self) -> dict[str, object]:
        """The shape that `subscribers import --json` prints: sums, and what is known of each table."""
        return {
            **vars(self),
            "rejected": [rejection.as_json() for rejection in self.rejected],
            "rejected_file": self.rejected_file,
            "ignored": list(self.ignored),
            "tables": [table.as_json() for table in self.tables],
        }
