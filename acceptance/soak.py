"""A long trial of the promise of sending, by hand: nobody twice, nobody forgotten, no more doubt than there has to be.

    python acceptance/soak.py --minutes 10 --sender smtp --database postgresql --seed 7

Round after round a mailing to thousands of readers is sent by the real command to a real server, while one thing after
another goes wrong: `kill -9`, lost answers, a provider or a database that goes away, a process that sleeps past its lease,
two commands at once, people who leave. After each round the ledger is compared with what the server has, reader by reader.
One line per round; at the first broken promise it stops, and says which seed to give to see it again. Needs nothing but
what the tests need; takes a few hundred MB of a temporary folder.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.chaos import rounds
from tests.support.chaos.trial import BrokenPromise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.chaos.database import Restarting


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--rounds", type=int, default=0, help="stop after so many; 0: only when the time is over")
    options.add_argument("--sender", choices=(*rounds.SENDERS, "all"), default="all")
    options.add_argument("--database", choices=("sqlite", "postgresql", "all"), default="all")
    options.add_argument("--seed", type=int, default=None, help="of the first round; the next rounds count on")
    options.add_argument("--keep", type=Path, help="an empty folder, where all files of a broken round are left")
    given = options.parse_args()
    seed = given.seed if given.seed is not None else random.randrange(10**6)
    until, done, deliveries = time.monotonic() + given.minutes * 60, 0, 0
    with server_for(given.database) as server:
        while time.monotonic() < until and (not given.rounds or done < given.rounds):
            sender = pick(seed, given.sender, rounds.SENDERS)
            database = pick(seed // len(rounds.SENDERS), given.database, ("sqlite", "postgresql"))
            again = f"python acceptance/soak.py --rounds 1 --sender {sender} --database {database} --seed {seed}"
            with folder_for(given.keep) as folder:
                try:
                    told = rounds.play(folder, sender, server if database == "postgresql" else None, seed)
                except Exception as broken:  # noqa: BLE001 - a fault of the trial is worth a look, too
                    words = str(broken) if isinstance(broken, BrokenPromise) else traceback.format_exc()
                    say(f"seed {seed} {sender} {database}: NOT OK\n{words}\nto see it again: {again}")
                    return 1
            say(f"seed {seed} {sender:8} {database:10} {told.words}")
            seed, done, deliveries = seed + 1, done + 1, deliveries + told.readers
    say(f"OK: {done} rounds, {deliveries:,} deliveries")
    return 0


def pick(seed: int, wanted: str, choices: tuple[str, ...]) -> str:
    return choices[seed % len(choices)] if wanted == "all" else wanted


@contextmanager
def server_for(database: str) -> Iterator[Restarting | None]:
    with ExitStack() as stack:
        if database == "sqlite":
            yield None
            return
        from tests.support.chaos.database import restarting_server

        server, _ = stack.enter_context(restarting_server("soak"))
        yield server


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    if kept:
        folder = kept / f"{time.time():.0f}"
        folder.mkdir(parents=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="newsletter-soak-") as made:
        yield Path(made)


def say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
