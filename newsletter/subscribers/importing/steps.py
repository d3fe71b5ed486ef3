"""Reading a file, sorting what is good in it and finding repeated people: everything before the database is asked.

Steps are made of what JSON can say, so that they can also be made by another process (steps_beside.py).
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.subscribers.importing.reading import Refused
from newsletter.subscribers.importing.rejects import repeats
from newsletter.subscribers.importing.runs import Run
from newsletter.subscribers.importing.seen import nobody_seen
from newsletter.subscribers.importing.standing_rows import StandingRows

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from newsletter.subscribers.importing.reading import Read
    from newsletter.subscribers.importing.runs import Sorted
    from newsletter.subscribers.importing.seen import Seen

#: rows of a transaction
BATCH = 15_000
#: rows of a run. One run for nearly every file: what is read meanwhile could be stored meanwhile, but rows that go to
#: the end of an index cost the database a third of what rows everywhere cost
RUN = 1_000_000
_HASH_AND_LINE = itemgetter(0, 1)


class Step(NamedTuple):
    """Some more of a file was read, or some of it is ready; what is empty says nothing."""

    #: each person once, by `Reader.layout`, with hashes whose first byte is from `first` to `last`
    rows: Sequence[Sequence[Any]] = ()
    first: int = 0
    last: int = 255
    refused: Sequence[Refused] = ()
    #: of `refused`: second rows of a person
    repeated: int = 0
    #: of rows that were read, and about how many characters they are
    rows_read: int = 0
    characters: int = 0
    #: domain that looks like a typing mistake -> rows that have it
    slips: Mapping[str, int] = {}


def steps_of(reads: Iterable[Read], layout: Sequence[str]) -> Generator[Step, None, None]:
    """`layout` are the names of a row's fields in their order."""
    standing = StandingRows(layout)
    with nobody_seen() as seen:
        run, goes_on = Run(BATCH), False
        try:
            for read in reads:
                if len(run) >= RUN or run.is_large:
                    yield from _batches(run, seen, standing, goes_on=goes_on, is_last=False)
                    run.close()
                    run, goes_on = Run(BATCH), True
                run.add(read.rows)
                yield Step(refused=read.refused, rows_read=read.rows_read, characters=read.characters, slips=read.slips)
            yield from _batches(run, seen, standing, goes_on=goes_on, is_last=True)
        finally:
            run.close()


def _batches(run: Run, seen: Seen, standing: StandingRows, *, goes_on: bool, is_last: bool) -> Iterator[Step]:
    """`goes_on`: there were runs before, whose people were noted as seen."""
    for batch in run.batches():
        step = _once(batch, seen if goes_on else None, standing)
        if not is_last:
            seen.note([_HASH_AND_LINE(row) for row in step.rows])
        yield step


def _once(batch: Sorted, seen: Seen | None, standing: StandingRows) -> Step:
    """Each person's first row; the others are refused, but what they say of the person's standing counts.

    Only a row that has its cells may be another than the first.
    """
    doubtful = [row for row in batch.rows if row[-1]]
    if not doubtful:
        return Step(batch.rows, batch.first, batch.last)
    lines: dict[str, int] = dict(map(_HASH_AND_LINE, reversed(batch.rows)))
    earlier = seen.lines_of([row[0] for row in doubtful]) if seen else {}
    lines |= earlier
    repeated = {row[1]: row for row in doubtful if lines[row[0]] != row[1]}
    rows, decided = standing.settled(batch.rows, repeated, earlier)
    refused = [
        Refused(line, row[-1], repeats(lines[row[0]], decides=line in decided))
        for line, row in repeated.items()
        if line not in decided or row[0] not in earlier
    ]
    gone = {one.line for one in refused}
    return Step([row for row in rows if row[1] not in gone], batch.first, batch.last, refused, len(refused))
