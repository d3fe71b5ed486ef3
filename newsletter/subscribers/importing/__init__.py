"""A file of readers -> the store: bad rows are told with their line, good ones go in, batch by batch.

Each batch is one transaction, and a row that was carried out before changes nothing: an import that was killed is
simply run again. Memory does not grow with the file.

    the file -> reading (quick_rows) -> runs, in the order of hashes -> steps -> here: planning -> the store
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from newsletter.errors import FileUnreadable
from newsletter.model.import_report import ImportReport, MappedColumn, TableReport, Typo
from newsletter.model.importing import Counts
from newsletter.subscribers.importing.mapped_tables import Reading, mapped_tables
from newsletter.subscribers.importing.planning import Planner
from newsletter.subscribers.importing.public_ids import PublicIds
from newsletter.subscribers.importing.reading import Reader
from newsletter.subscribers.importing.rejects import Rejects, file_of_member
from newsletter.subscribers.importing.runs import rows_of
from newsletter.subscribers.importing.steps import steps_of
from newsletter.subscribers.importing.steps_beside import is_worthwhile, made_beside
from newsletter.subscribers.typos import meant_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from newsletter.model.importing import Orders
    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.importing.mapped_tables import MappedTable
    from newsletter.subscribers.importing.ports import ImportSession, SubscriberStore
    from newsletter.subscribers.importing.steps import Step
    from newsletter.subscribers.tables import Table

#: different domains with a typing mistake that are counted
_MOST_SLIPS = 1_000


class Progress(NamedTuple):
    """Rows that are through, and which share of the file they are; None where that cannot be told."""

    rows: int
    share: float | None = None


def import_file(
    path: Path,
    *,
    orders: Orders,
    attributes: Mapping[str, Attribute],
    store: SubscriberStore,
    identity_hashes: Callable[[Iterable[str]], list[str]],
    reading: Reading | None = None,
    rejected: Path | None = None,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> ImportReport:
    """Import the readers of a file into a list.

    `rejected` is where rows go that cannot be imported, None for nowhere; `dry_run` tells everything and changes nothing.

    Raises:
        FileUnreadable: the file as a whole cannot be used; nothing was imported.
        ConsentRefused: the list takes nobody in.
    """
    reports = []
    with (
        _no_search_for_cycles(),
        mapped_tables(path, reading or Reading(), attributes) as tables,
        store.importing(orders, dry_run=dry_run) as session,
    ):
        for mapped in tables:
            one = _TableImport(mapped, path, orders, session, identity_hashes, progress)
            reports.append(one.run(file_of_member(rejected, mapped.table.described.member)))
        if not any(report.rows for report in reports):
            raise FileUnreadable(path, "it has a header and no readers below it")
    return ImportReport.of(reports, dry_run=dry_run)


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Many rows are many lists, none of them in a cycle: looking through them again and again takes a third of the time."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _size(path: Path, table: Table) -> int | None:
    """How many characters the table has, more or less; None where that is not known beforehand."""
    is_text = table.described.encoding and not table.described.member
    return path.stat().st_size if is_text else None


class _TableImport:
    def __init__(
        self,
        mapped: MappedTable,
        path: Path,
        orders: Orders,
        session: ImportSession,
        identity_hashes: Callable[[Iterable[str]], list[str]],
        progress: Callable[[Progress], None],
    ) -> None:
        self._mapped = mapped
        self._path = path
        self._planner = Planner(orders, f"import of {mapped.columns.format or 'a file'}")
        self._session = session
        self._reader = Reader(mapped, identity_hashes, orders.now)
        self._ids = PublicIds()
        self._progress = progress
        self._size = _size(path, mapped.table)
        #: rows that were read, about how many characters they were, and how many good ones were carried out
        self._read = self._characters = self._carried = 0
        self._repeated = 0
        self._counts = Counts()
        self._slips: Counter[str] = Counter()

    def run(self, rejected: Path | None) -> TableReport:
        with Rejects(rejected, self._mapped.columns.headings) as rejects, self._steps() as steps:
            for step in steps:
                self._note(step, rejects)
                if step.rows:
                    self._carry_out(step)
                self._tell(rejects)
        return self._report(rejects)

    def _steps(self) -> AbstractContextManager[Iterator[Step]]:
        steps = steps_of(self._reader.read(), self._reader.layout)
        return made_beside(steps, self._path) if is_worthwhile(self._size) else closing(steps)

    def _note(self, step: Step, rejects: Rejects) -> None:
        for line, cells, reason in step.refused:
            rejects.add(line, cells, reason)
        self._repeated += step.repeated
        self._read += step.rows_read
        self._characters += step.characters
        for domain, rows in step.slips.items():
            if domain in self._slips or len(self._slips) < _MOST_SLIPS:
                self._slips[domain] += rows

    def _carry_out(self, step: Step) -> None:
        rows = rows_of(step.rows, self._reader.layout)
        public_ids = partial(self._ids.ascending, first=step.first, last=step.last)
        plan = self._session.carry_out(rows, lambda looked: self._planner.plan(rows, looked, public_ids))
        self._counts.add(plan.counts)
        self._carried += len(rows)

    def _tell(self, rejects: Rejects) -> None:
        through = self._carried + rejects.count
        share = None
        if self._size:
            share = min(1.0, self._characters / self._size) * through / max(1, self._read)
        self._progress(Progress(through, share))

    def _report(self, rejects: Rejects) -> TableReport:
        described, columns = self._mapped.table.described, self._mapped.columns
        return TableReport(
            name=self._mapped.table.name,
            rows=self._read,
            duplicates=self._repeated,
            rejected_count=rejects.count,
            rejected=rejects.named,
            rejected_file=rejects.file,
            columns=tuple(
                MappedColumn(heading=column.heading, field=column.field, how=column.how) for column in columns.known
            ),
            ignored=columns.ignored,
            format=columns.format,
            encoding=described.encoding,
            separator=described.separator,
            sheet=described.sheet,
            remarks=self._mapped.remarks,
            typos=tuple(_typos(self._slips)),
            **vars(self._counts),
        )


def _typos(slips: Counter[str]) -> Iterator[Typo]:
    """The most frequent first."""
    for domain, count in slips.most_common():
        if meant := meant_domain(domain):
            yield Typo(domain=domain, meant=meant, count=count)
