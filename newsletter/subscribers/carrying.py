"""Runs -> the store, batch by batch. This is what happens beside the reading of a file, in two threads of their own.

One makes the next batch ready, one waits for the database, which does not hold Python's lock.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from newsletter.model.importing import Counts
from newsletter.subscribers.public_ids import PublicIds
from newsletter.subscribers.rejects import repeats

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from types import TracebackType

    from newsletter.model.importing import Row
    from newsletter.subscribers.planning import Planner, PublicIdsOf
    from newsletter.subscribers.ports import ImportSession
    from newsletter.subscribers.rejects import Rejects
    from newsletter.subscribers.runs import Run
    from newsletter.subscribers.seen import Seen

_HASH_AND_LINE = itemgetter(0, 1)


class Carrying:
    """Of one table. What it has come to so far can be looked at from elsewhere."""

    def __init__(self, session: ImportSession, planner: Planner, rejects: Rejects, seen: Seen) -> None:
        self._session = session
        self._planner = planner
        self._rejects = rejects
        self._seen = seen
        self._ids = PublicIds()
        self._runs, self._batches = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        #: whether there were earlier runs, whose people `seen` knows
        self._goes_on = False
        self._stopped = False
        self._before: Future[None] | None = None
        self._carried = 0
        self.counts = Counts()
        #: rows that are a second one of their person
        self.repeated = 0

    @property
    def rows(self) -> int:
        """That are through: carried out or rejected."""
        return self._carried + self._rejects.count

    def __enter__(self) -> Carrying:
        return self

    def __exit__(self, kind: type[BaseException] | None, why: BaseException | None, at: TracebackType | None) -> None:
        """After what is being carried out just now; when something went wrong, nothing else is begun."""
        self._stopped = kind is not None
        self._runs.shutdown(cancel_futures=self._stopped)
        self._batches.shutdown(cancel_futures=self._stopped)

    def begin(self, run: Run, *, is_last: bool) -> Future[None]:
        """Carry a run out, after those that were begun before; through when its last batch is being carried out."""
        return self._runs.submit(self._carry_out, run, is_last=is_last)

    def finish(self) -> Future[None]:
        """Through when all runs are."""
        return self._runs.submit(self._wait)

    def _carry_out(self, run: Run, *, is_last: bool) -> None:
        try:
            for rows, public_ids in self._prepared(run, is_last=is_last):
                self._wait()
                if self._stopped:
                    return
                self._before = self._batches.submit(self._carry_out_batch, rows, public_ids)
        finally:
            run.close()
        self._goes_on = True

    def _wait(self) -> None:
        """Until the batch before is carried out; what stopped it is raised."""
        before, self._before = self._before, None
        if before:
            before.result()

    def _prepared(self, run: Run, *, is_last: bool) -> Iterator[tuple[list[Row], PublicIdsOf]]:
        for batch in run.batches():
            rows = self._once(batch.rows)
            if not is_last:
                self._seen.note(rows)
            yield rows, partial(self._ids.ascending, first=batch.first, last=batch.last)

    def _carry_out_batch(self, rows: list[Row], public_ids: PublicIdsOf) -> None:
        plan = self._session.carry_out(rows, lambda looked: self._planner.plan(rows, looked, public_ids))
        self.counts.add(plan.counts)
        self._carried += len(rows)

    def _once(self, rows: list[Row]) -> list[Row]:
        """Each person's first row; the others are rejected. Only a row with its cells may be another than the first."""
        doubtful = [row for row in rows if row.cells]
        if not doubtful:
            return rows
        first = dict(map(_HASH_AND_LINE, reversed(rows)))
        repeated = set()
        if self._goes_on:
            first |= self._seen.lines_of([row.identity_hash for row in doubtful])
        for row in doubtful:
            earlier = first[row.identity_hash]
            if earlier != row.line:
                repeated.add(row.line)
                self._rejects.add(row.line, row.cells, repeats(earlier))
        self.repeated += len(repeated)
        return [row for row in rows if row.line not in repeated] if repeated else rows
