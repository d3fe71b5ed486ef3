"""What remembering costs: our ledger, chunk by chunk, against a row of state per reader, one executemany for each step.

    python benchmarks/bench_state.py [--readers 200000] [--rounds 3] [--database sqlite|postgresql]

Both read who is next, 1,000 readers at a time, with all that a letter needs, and look who has left, was suppressed or erased;
then they store that these are being handed over, and after it that they were taken. Nobody is sent anything. The rows are
changed in one transaction for each step, which is the quickest that a state per row can be; our ledger holds its lease
beside. Reading is measured alone too, since both pay for it: the goal is for what remembering costs on top of it.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench_send import database
from sending.workspace import add_readers, make_workspace, plan
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert, select, update

from newsletter.cli.context import now
from newsletter.deliver.moves import settlement
from newsletter.model.letter import Answer, Verdict
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.ledger import StoredLedger
from newsletter.store.ledger.claiming import sendable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import BindParameter

    from newsletter.model.sending import Lease

GOAL = 4.0
SIZE = 1_000
ACCEPTED = Answer(verdict=Verdict.ACCEPTED)

_ROWS = Table(
    "bench_rows",
    MetaData(),
    Column("mailing", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("subscriber", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempt", String(32), nullable=False),
    sqlite_with_rowid=False,
)


def by_chunk(ledger: StoredLedger, lease: Lease, chunks: int) -> float:
    """Readers a second."""
    chance, readers = random.Random(1), 0
    begin = time.perf_counter()
    for _ in range(chunks):
        claim = ledger.claim(lease, f"{random.getrandbits(120):030x}", "sendgrid", now(), SIZE)
        assert claim
        numbers = [n for n, _ in claim.readers]
        moves = settlement(ACCEPTED, claim.chunk, numbers, chance)
        ledger.settle(lease, claim, ACCEPTED, moves, now())
        readers += len(numbers)
    return readers / (time.perf_counter() - begin)


def by_row(store: Store, mailing: int, ranges: Sequence[tuple[int, int]], *, remember: bool = True) -> float:
    """Readers a second."""
    own, readers = _ROWS.c, 0
    step = (
        update(_ROWS)
        .where(own.mailing == mailing, own.n == bindparam("number"))
        .values(state=bindparam("new"), attempt=bindparam("of"))
    )
    begin = time.perf_counter()
    for first, last in ranges:
        attempt = f"{random.getrandbits(120):030x}"
        with store.write() as connection:
            people = sendable(connection, mailing, first, last, now())
            if remember:
                connection.execute(step, [{"number": n, "new": "submitting", "of": attempt} for n, _ in people])
        if remember:
            with store.write() as connection:
                connection.execute(step, [{"number": n, "new": "accepted", "of": attempt} for n, _ in people])
        readers += len(people)
    return readers / (time.perf_counter() - begin)


def measure(name: str, asked: argparse.Namespace) -> None:
    with TemporaryDirectory() as folder, database(name, Path(folder)) as url:
        place = make_workspace(Path(folder), "http://127.0.0.1:1", url, in_flight=16)
        store = Store(url)
        add_readers(store, asked.readers)
        mailing = plan(store, place)
        _copy_rows(store, mailing)
        ledger = StoredLedger(store, lambda _owner: True)
        lease = ledger.take(mailing, "bench", now())
        chunks = asked.readers // SIZE // asked.rounds
        rates = []
        for turn in range(asked.rounds):
            ranges = [
                (first, first + SIZE - 1) for first in range(1 + turn * chunks * SIZE, (turn + 1) * chunks * SIZE, SIZE)
            ]
            reading = by_row(store, mailing, ranges, remember=False)
            rates.append((reading, by_row(store, mailing, ranges), by_chunk(ledger, lease, chunks)))
        store.close()
    tell(name, rates)


def tell(name: str, rates: Sequence[tuple[float, float, float]]) -> None:
    reading, rows, chunked = (statistics.median(column) for column in zip(*rates, strict=True))
    in_all = statistics.median(chunk / row for _, row, chunk in rates)
    alone = statistics.median((1 / row - 1 / read) / (1 / chunk - 1 / read) for read, row, chunk in rates)
    met = "met" if alone >= GOAL else "missed"
    print(
        f"{name:10} reading alone {reading:,.0f} readers/s; by row {rows:,.0f}, by chunk {chunked:,.0f}: {in_all:.1f} x"
    )
    print(f"{'':10} remembering alone: {alone:.1f} x (goal {GOAL:.0f}: {met})")


def _copy_rows(store: Store, mailing: int) -> None:
    with store.write() as connection:
        _ROWS.create(connection)
        planned = select(
            t.deliveries.c.mailing, t.deliveries.c.n, t.deliveries.c.subscriber, _word("planned"), _word("")
        ).where(t.deliveries.c.mailing == mailing)
        connection.execute(insert(_ROWS).from_select(["mailing", "n", "subscriber", "state", "attempt"], planned))


def _word(text: str) -> BindParameter[str]:
    return bindparam(None, text, String(20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="Only this one.")
    asked = parser.parse_args()
    print(f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name in ("sqlite", "postgresql"):
        if asked.database in {None, name}:
            measure(name, asked)


if __name__ == "__main__":
    main()
