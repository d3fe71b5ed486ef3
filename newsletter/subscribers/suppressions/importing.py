"""A file of people who must not be mailed -> the store, batch by batch; the same file again changes nothing.

Each batch is one transaction. Memory does not grow with the file: which people it has named already is kept on disk.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from newsletter.errors import FileUnreadable
from newsletter.model.importing import Rejection
from newsletter.model.suppressing import Suppressed, SuppressionReport
from newsletter.subscribers.columns.headings import FIELD_OF, word_of
from newsletter.subscribers.importing.seen import nobody_seen
from newsletter.subscribers.suppressions.deciding import PassedOver, Reading
from newsletter.subscribers.suppressions.kinds import ReasonNeeded, kind_of
from newsletter.subscribers.tables import open_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.subscriber import SuppressionReason
    from newsletter.model.suppressing import Suppressing
    from newsletter.subscribers.importing.seen import Seen
    from newsletter.subscribers.tables import Table

BATCH = 5_000
#: rejected rows that are named; beyond them they are counted
MOST_NAMED = 10_000


class SuppressionStore(Protocol):
    """What such an import needs of a store. Both tell what becomes of each entry, and how many subscriptions end."""

    def add(self, entries: Sequence[Suppressing], now: datetime) -> tuple[list[Suppressed], int]:
        """One transaction. Who left everything leaves their lists."""

    def foresee(self, entries: Sequence[Suppressing], now: datetime) -> tuple[list[Suppressed], int]:
        """The same without any change."""


def import_suppressions(
    path: Path,
    *,
    reason: SuppressionReason | None,
    store: SuppressionStore,
    identity_hash: Callable[[str], str],
    key: str,
    now: datetime,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> tuple[SuppressionReport, ...]:
    """Suppress whom a file names; one report for each table in it.

    `reason` is for all rows; without it the file has to say. `key` tells hashes of ours. `progress` is told the number of
    rows dealt with so far.

    Raises:
        ReasonNeeded: without `reason` nobody can tell why these people should be suppressed.
        FileUnreadable: the file as a whole cannot be used; nothing of it was imported. A table of several in a zip, which
            may have others beside those that are meant, is left out instead.
    """
    reports: list[SuppressionReport] = []
    carry_out = store.foresee if dry_run else store.add
    with nobody_seen() as seen, open_tables(path) as tables:
        for table in tables:
            report = SuppressionReport(file=table.name)
            reports.append(report)
            try:
                reading, headless = _reading(table, reason, identity_hash, key, now)
            except ValueError as why:
                if table.described.member:
                    report.left_out = why.why if isinstance(why, ReasonNeeded) else str(why)
                    continue
                if isinstance(why, ReasonNeeded):
                    raise
                raise FileUnreadable(path, str(why)) from None
            report.kind, report.remark = reading.kind.name, reading.kind.remark
            entries = _entries(table, reading, report, first_line_too=headless)
            while batch := list(islice(entries, BATCH)):
                outcomes, left = carry_out([entry for entry, _ in batch], now)
                _count(report, batch, outcomes, seen)
                report.left += left
                progress(sum(one.rows for one in reports))
    if not any(report.rows for report in reports):
        raise FileUnreadable(path, next((report.left_out for report in reports if report.left_out), "it names nobody"))
    return tuple(reports)


def _reading(
    table: Table,
    reason: SuppressionReason | None,
    identity_hash: Callable[[str], str],
    key: str,
    now: datetime,
) -> tuple[Reading, bool]:
    """How this table is read, and whether its first line is a row already."""
    address, headless = address_column(table.headings, table.sample)
    headings = () if headless else table.headings
    kind = kind_of(table.name, headings, reason)
    reading = Reading.of(headings, address, kind=kind, given=reason, identity_hash=identity_hash, key=key, now=now)
    return reading, headless


def address_column(headings: Sequence[str], sample: Sequence[Sequence[str]]) -> tuple[int, bool]:
    """The place of the column with the addresses, and whether the headings are a row already.

    Raises:
        ValueError: there is none, or nobody can tell which.
    """
    named = next((place for place, heading in enumerate(headings) if FIELD_OF.get(word_of(heading)) == "email"), None)
    if named is not None:
        return named, False
    place = next((place for place, heading in enumerate(headings) if "@" in heading), None)
    if place is not None:
        return place, True
    looking = [place for place in range(len(headings)) if _look_like_addresses(sample, place)]
    if len(looking) == 1:
        return looking[0], False
    raise ValueError("no column holds the addresses; call it `email`")


def _look_like_addresses(sample: Sequence[Sequence[str]], place: int) -> bool:
    cells = [row[place] for row in sample if len(row) > place and row[place].strip()]
    return bool(cells) and sum(cell.count("@") == 1 for cell in cells) > len(cells) * 0.8


def _entries(
    table: Table, reading: Reading, report: SuppressionReport, *, first_line_too: bool
) -> Iterator[tuple[Suppressing, int]]:
    """The rows that suppress somebody, with their lines; the others are counted."""
    for batch in table.batches(first_line_too=first_line_too):
        for fault in batch.faults:
            _reject(report, fault.line, fault.why)
        for line, cells in zip(batch.lines, batch.rows, strict=True):
            try:
                said = reading.read(cells)
            except ValueError as why:
                _reject(report, line, str(why))
                continue
            report.rows += 1
            if isinstance(said, PassedOver):
                report.passed_over[said.why] = report.passed_over.get(said.why, 0) + 1
            else:
                yield said, line


def _reject(report: SuppressionReport, line: int, why: str) -> None:
    report.rows += 1
    report.rejected_rows += 1
    if len(report.rejected) < MOST_NAMED:
        report.rejected.append(Rejection(line=line, reason=why))


def _count(
    report: SuppressionReport, batch: Sequence[tuple[Suppressing, int]], outcomes: Sequence[Suppressed], seen: Seen
) -> None:
    """People are counted, by their first row."""
    for (entry, line), outcome in zip(batch, outcomes, strict=True):
        if seen.first_line(entry.identity_hash, line):
            report.repeated += 1
        elif outcome is Suppressed.LIFTED_SINCE:
            report.lifted_since += 1
        else:
            report.new += outcome is Suppressed.NEW
            report.already += outcome is not Suppressed.NEW
            report.graver += outcome is Suppressed.GRAVER
            report.reasons[entry.reason] = report.reasons.get(entry.reason, 0) + 1
