"""A file of readers -> the store: bad rows are told with their line, good ones go in, batch by batch.

Each batch is one transaction, and a row that was carried out before changes nothing: an import that was killed is
simply run again. Memory does not grow with the file.

    rows of the file -> quick_rows -> a run (in the order of hashes, on disk) -> carrying: batches -> planning -> the store

While one run is carried out in a thread, the next is read: the database's statements do not hold Python's lock.
"""

from __future__ import annotations

import gc
import sys
from concurrent.futures import wait
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from newsletter.errors import FileUnreadable
from newsletter.model.import_report import ImportReport, MappedColumn, TableReport, Typo
from newsletter.subscribers.carrying import Carrying
from newsletter.subscribers.mapped_tables import Reading, mapped_tables
from newsletter.subscribers.planning import Planner
from newsletter.subscribers.quick_rows import QuickRows, slips_of
from newsletter.subscribers.rejects import Rejects, as_they_were, file_of_member
from newsletter.subscribers.repeats import Repeats
from newsletter.subscribers.runs import Run
from newsletter.subscribers.seen import nobody_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from newsletter.model.importing import Orders
    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.mapped_tables import MappedTable
    from newsletter.subscribers.ports import ImportSession, SubscriberStore
    from newsletter.subscribers.tables import Batch, Table

#: rows of a transaction
BATCH = 20_000
#: rows of a run, while there are few; later ones are longer, since they are sorted into more
RUN = 40_000
#: seconds between two looks at how far the other thread is
_LOOK = 0.1
#: seconds after which a thread lets another one on
_SWITCHING = 0.0005


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
        _at_full_speed(),
        mapped_tables(path, reading or Reading(), attributes) as tables,
        store.importing(orders, dry_run=dry_run) as session,
    ):
        for mapped in tables:
            one = _TableImport(mapped, orders, session, identity_hashes, progress, _size(path, mapped.table))
            file = file_of_member(rejected, mapped.table.described.member)
            reports.append(one.run(file))
        if not any(report.rows for report in reports):
            raise FileUnreadable(path, "it has a header and no readers below it")
    return ImportReport.of(reports, dry_run=dry_run)


@contextmanager
def _at_full_speed() -> Iterator[None]:
    """Many rows are many lists, none of them in a cycle: looking through them again and again takes a third of the time.

    And a thread that comes back from the database should not wait long for Python's lock.
    """
    cycles, switching = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(200_000, 50, 1_000)
    sys.setswitchinterval(_SWITCHING)
    try:
        yield
    finally:
        sys.setswitchinterval(switching)
        gc.set_threshold(*cycles)


def _size(path: Path, table: Table) -> int | None:
    """How many characters the table has, more or less; None where that is not known beforehand."""
    is_text = table.described.encoding and not table.described.member
    return path.stat().st_size if is_text else None


class _TableImport:
    def __init__(
        self,
        mapped: MappedTable,
        orders: Orders,
        session: ImportSession,
        identity_hashes: Callable[[Iterable[str]], list[str]],
        progress: Callable[[Progress], None],
        size: int | None,
    ) -> None:
        self._mapped = mapped
        self._planner = Planner(orders, f"import of {mapped.columns.format or 'a file'}")
        self._session = session
        self._reader = QuickRows(mapped.columns, identity_hashes, Repeats(), orders.now)
        self._progress = progress
        self._size = size
        self._read = 0
        self._characters = 0

    def run(self, rejected: Path | None) -> TableReport:
        headings = self._mapped.columns.headings
        with Rejects(rejected, headings) as rejects, nobody_seen() as seen:
            with (
                Carrying(self._session, self._planner, rejects, seen) as carrying,
                closing(self._runs(carrying, rejects)) as runs,
            ):
                self._carry_all(runs, carrying)
            return self._report(carrying, rejects)

    def _carry_all(self, runs: Iterator[tuple[Run, bool]], carrying: Carrying) -> None:
        """One run is read while another is carried out; not more, since they take room."""
        before: Future[None] | None = None
        for run, is_last in runs:
            self._wait(before, carrying)
            before = carrying.begin(run, is_last=is_last)
        self._wait(before, carrying)
        self._wait(carrying.finish(), carrying)

    def _runs(self, carrying: Carrying, rejects: Rejects) -> Generator[tuple[Run, bool], None, None]:
        """Every run, and whether it is the last. Whoever takes it closes it."""
        run = Run(self._reader.layout, BATCH)
        try:
            for batch in self._mapped.batches:
                if len(run) >= max(RUN, self._read // 6) or run.is_large:
                    yield run, False
                    run = Run(self._reader.layout, BATCH)
                self._read_batch(batch, run, rejects)
                self._tell(carrying)
        except BaseException:
            run.close()
            raise
        yield run, True

    def _read_batch(self, batch: Batch, run: Run, rejects: Rejects) -> None:
        for fault in batch.faults:
            rejects.add(fault.line, (), fault.why)
        self._read += len(batch.rows) + len(batch.faults)
        self._characters += _characters(batch)
        if self._mapped.rejects:
            batch = as_they_were(batch, rejects.add)
        run.add(self._reader.read(batch, rejects.add))

    def _wait(self, pending: Future[None] | None, carrying: Carrying) -> None:
        """Until it is through; what stopped it is raised."""
        if pending:
            while wait([pending], timeout=_LOOK).not_done:
                self._tell(carrying)
            pending.result()
            self._tell(carrying)

    def _tell(self, carrying: Carrying) -> None:
        through = carrying.rows
        share = None
        if self._size:
            read = min(1.0, self._characters / self._size)
            share = read * through / max(1, self._read)
        self._progress(Progress(through, share))

    def _report(self, carrying: Carrying, rejects: Rejects) -> TableReport:
        described, columns = self._mapped.table.described, self._mapped.columns
        return TableReport(
            name=self._mapped.table.name,
            rows=self._read,
            duplicates=carrying.repeated,
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
            typos=tuple(Typo(domain=d, meant=m, count=c) for d, m, c in slips_of(self._reader.slips)),
            **vars(carrying.counts),
        )


def _characters(batch: Batch) -> int:
    """About how many characters its rows have in the file, by a few of them."""
    some = batch.rows[::50]
    return len(batch.rows) * sum(sum(map(len, row)) + len(row) for row in some) // max(1, len(some))
