"""A report, whatever it is shown as: sections of words, tables and charts. Terminal, page, CSV and JSON tell the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter.report.figures import Share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.report.charts import Chart

Cell = str | int | Share | datetime | None


@dataclass(frozen=True)
class Column:
    """`key` is what programs call it."""

    key: str
    words: str

    def __post_init__(self) -> None:
        if not self.key.replace("_", "").isalnum():
            raise ValueError(self.key)


@dataclass(frozen=True)
class Table:
    """The first cell of a row says what it is about. None: not known."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """`says` come before the table, one sentence or two each."""

    key: str
    heading: str
    says: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """`about` is what it reports of: a kind and its number or name. `unknown` are sentences."""

    about: tuple[str, str | int]
    title: str
    newsletter: str
    made: datetime
    facts: tuple[tuple[str, Cell], ...]
    #: what must be read first
    warnings: tuple[str, ...] = ()
    sections: tuple[Section, ...]
    unknown: tuple[str, ...]
    #: the most important numbers under the names that the ledger has for them, for programs
    numbers: Mapping[str, int | bool | Mapping[str, int]]


def table(*columns: tuple[str, str], rows: list[tuple[Cell, ...]]) -> Table:
    return Table(tuple(Column(*one) for one in columns), tuple(rows))
