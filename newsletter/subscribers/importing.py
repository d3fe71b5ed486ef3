"""A CSV file of readers -> the store: bad rows are told with their line, good ones go in, batch by batch.

Each batch is one transaction, and a row that was carried out before changes nothing: an import that was killed is
simply run again. Memory does not grow with the file, except for what is rejected.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable
from newsletter.model.importing import Counts, ImportReport, Rejection
from newsletter.subscribers.columns import columns_of
from newsletter.subscribers.deciding import UNKNOWN, decide
from newsletter.subscribers.records import records, separator_of
from newsletter.subscribers.rows import read_row
from newsletter.subscribers.seen import nobody_seen
from newsletter.subscribers.text_file import utf8_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import TextIO

    from newsletter.model.importing import Decision, Known, Person
    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Attribute
    from newsletter.subscribers.columns import Columns
    from newsletter.subscribers.ports import SubscriberStore
    from newsletter.subscribers.records import Record

BATCH = 5_000


def import_file(
    path: Path,
    *,
    list_: MailingList,
    consent: str | None,
    attributes: Mapping[str, Attribute],
    store: SubscriberStore,
    identity_hash: Callable[[str], str],
    new_public_id: Callable[[], str],
    now: datetime,
    progress: Callable[[int], None] = lambda _rows: None,
) -> ImportReport:
    """Import the readers of a file into a list.

    `consent` says how and when they agreed; without it they are `pending` and never mailed. `progress` is told the
    number of rows dealt with so far.

    Raises:
        FileUnreadable: the file as a whole cannot be used; nothing was imported.
    """
    wording = consent if consent and consent.strip() else None
    progressing = _Progress()
    with utf8_lines(path) as text:
        columns, body = _table(text, path, attributes)
        results = (read_row(record, columns, identity_hash) for record in body)
        good = _good(results, progressing)
        while batch := list(islice(good, BATCH)):
            hashes = [person.identity_hash for person in batch]
            deciding = _deciding(batch, new_public_id, consented=wording is not None)
            for decision in store.import_batch(list_, hashes, deciding, consent=wording, now=now):
                progressing.counts.count(decision)
            progress(progressing.rows)
    if not progressing.rows:
        raise FileUnreadable(path, "it has a header and no readers below it")
    return progressing.report(columns.ignored)


@dataclass(kw_only=True)
class _Progress:
    rows: int = 0
    duplicates: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)

    def report(self, ignored: tuple[str, ...]) -> ImportReport:
        return ImportReport(
            rows=self.rows,
            duplicates=self.duplicates,
            rejected=tuple(self.rejected),
            ignored=ignored,
            **vars(self.counts),
        )


def _table(text: TextIO, path: Path, attributes: Mapping[str, Attribute]) -> tuple[Columns, Iterator[Record]]:
    """What the columns are for, and the records below the header, blank ones left out."""
    head = []
    for line in text:
        head.append(line)
        if line.strip():
            break
    else:
        raise FileUnreadable(path, "it is empty")
    filled = (r for r in records(chain(head, text), separator_of(head[-1])) if not r.is_blank)
    header = next(filled, None)
    if header is None:
        raise FileUnreadable(path, "it has no header, only separators")
    if header.fault:
        raise FileUnreadable(path, f"its header cannot be read: {header.fault}")
    try:
        return columns_of(header.cells, attributes), filled
    except ValueError as why:
        raise FileUnreadable(path, str(why)) from None


def _good(results: Iterable[Person | Rejection], progressing: _Progress) -> Iterator[Person]:
    """The good rows, each person once; the others are noted."""
    with nobody_seen() as seen:
        for result in results:
            progressing.rows += 1
            if isinstance(result, Rejection):
                progressing.rejected.append(result)
            elif earlier := seen.first_line(result.identity_hash, result.line):
                progressing.duplicates += 1
                progressing.rejected.append(Rejection(line=result.line, reason=f"same address as line {earlier}"))
            else:
                yield result


def _deciding(
    batch: list[Person], new_public_id: Callable[[], str], *, consented: bool
) -> Callable[[Mapping[str, Known]], list[Decision]]:
    def decide_all(known: Mapping[str, Known]) -> list[Decision]:
        return [
            decide(person, known.get(person.identity_hash, UNKNOWN), consented=consented, new_public_id=new_public_id)
            for person in batch
        ]

    return decide_all
