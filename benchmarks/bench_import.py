"""How fast readers are imported, against checking every row with email-validator, and how much memory that takes.

    python benchmarks/bench_import.py [--rows 1000000] [--rounds 1] [--only sqlite]

The file has names, a city, repeated people, bad rows, texts over several lines and international domains. It is imported by
the command into a new database, then again into the same one (nothing may change). email-validator is measured right
before and after each import, on some of the same addresses; the ratio's goal is 6, and the memory's 250 MB, whatever the
number of rows. PostgreSQL is measured where it is installed: a server of our own, with the settings that it comes with.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import sys
import time
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from bench_start import _NEWSLETTER, _SETTINGS
from email_validator import EmailNotValidError, validate_email

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GOAL, GOAL_MB = 6.0, 250
ROWS = 100_000
#: addresses that email-validator checks each time
CHECKED = 20_000
_ATTRIBUTES = '[attributes]\ncity = { type = "text" }\n'
_NAMES = ("Ash", "Elm", "Oak", "Yew", "Fir", "Bay", "Box", "Haw", "Zoë", "José", "Jürgen", "Aino")
_CITIES = ("Springfield", "Larkmeadow", "Köln", "São Paulo", "Old Town, North", "Kraków")


def row(number: int, chance: random.Random) -> tuple[str, str, str, str, str]:
    kind = number % 100
    person = chance.randrange(number + 1) if kind < 4 else number  # a few people twice
    domain = f"mail{person % (2_000 if person % 3 == 0 else 20)}.example.org"  # most people have one of a few
    if person % 50 == 7:
        domain = f"bücher{person % 700}.example"
    address = f"{chance.choice('ABCDEF') if kind == 11 else 'r'}{person}.{_NAMES[person % 8].lower()}@{domain}"
    if kind == 21:
        address = address.replace("@", chance.choice((" at ", "@@", "@-", "")))
    note = f"called\non day {number}" if kind == 31 else ""
    return (address, chance.choice(_NAMES), chance.choice(_NAMES), chance.choice(_CITIES), note)


def write(path: Path, rows: int) -> None:
    chance = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("E-Mail", "First name", "Last name", "City", "Notes"))
        writer.writerows(row(number, chance) for number in range(rows))


def checking(path: Path) -> float:
    """Rows a second of email-validator."""
    with path.open(encoding="utf-8", newline="") as file:
        addresses = [cells[0] for cells in islice(csv.reader(file), 1, CHECKED + 1)]
    start = time.perf_counter()
    for address in addresses:
        try:
            validate_email(address, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            continue
    return len(addresses) / (time.perf_counter() - start)


class Run(NamedTuple):
    seconds: float
    #: of processors, without a database server's
    busy: float
    megabytes: float
    report: dict[str, Any]


def run(command: Sequence[str], out: Path, **environment: str) -> Run:
    """A command in a process of its own, with the most memory that it and its helpers had."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    start = time.perf_counter()
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    pid = os.posix_spawn(
        command[0], command, clean | environment, file_actions=[(os.POSIX_SPAWN_DUP2, handle, sys.stdout.fileno())]
    )
    os.close(handle)
    most, ended = 0.0, 0
    while not ended:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        most = max(most, sum(map(_megabytes, (pid, *_children(pid)))))
        time.sleep(0.02)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in {0, 1}:  # 1: rows were rejected
        raise RuntimeError(f"{' '.join(command)} failed: {out.read_text()}")
    text = out.read_text()
    return Run(seconds, used.ru_utime + used.ru_stime, most, json.loads(text) if text.startswith("{") else {})


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(pid: int) -> float:
    """What a process has in memory just now; what it shares with others counts by its share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def databases(only: str) -> Iterator[tuple[str, str]]:
    """Name and URL of each database there is."""
    if only in {"", "sqlite"}:
        yield "SQLite", "sqlite:///newsletter.db"
    if only in {"", "postgresql"}:
        sys.path.insert(0, str(Path(__file__).parents[1]))
        from tests.support import postgresql

        if postgresql._programs() is None:  # noqa: SLF001
            print("PostgreSQL is not installed: not measured")
            return
        postgresql._FAST = ""  # noqa: SLF001 - safe against a crash of the machine, as it comes
        with postgresql.running_server() as server:
            server.command("CREATE DATABASE bench")
            yield "PostgreSQL", server.url("bench")


def _met(met: bool, goal: str) -> str:
    return f"goal {goal} {'met' if met else 'missed'}"


def measure(name: str, url: str, folder: Path, file: Path) -> float:
    """The ratio of the first import."""
    environment = {"NEWSLETTER_DATABASE_URL": url}
    out = folder / "out.json"
    command = (_NEWSLETTER, "-C", str(folder))
    run((*command, "lists", "add", "friends"), out, **environment)
    importing = (*command, "subscribers", "import", str(file), "--list", "friends", "--consent", "Signed", "--json")
    ratios = []
    for what in ("first", "again"):
        before = checking(file)
        done = run(importing, out, **environment)
        rate, alone = done.report["rows"] / done.seconds, statistics.mean((before, checking(file)))
        counts = {key: done.report[key] for key in ("added", "updated", "unchanged", "rejected_count", "duplicates")}
        ratios.append(rate / alone)
        print(
            f"{name:10} {what}: {done.seconds:.1f} s, {rate:,.0f} rows/s; email-validator {alone:,.0f}: ratio {ratios[-1]:.1f} "
            f"({_met(ratios[-1] >= GOAL, f'{GOAL:.0f}')}); {done.busy:.1f} s of processors; {done.megabytes:.0f} MB "
            f"({_met(done.megabytes <= GOAL_MB, f'{GOAL_MB}')}); {counts}"
        )
    if done.report["added"] or done.report["updated"]:
        raise RuntimeError("the second import changed something")
    return ratios[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", choices=["sqlite", "postgresql"], default="")
    asked = parser.parse_args()
    ratios: dict[str, list[float]] = {}
    for _ in range(asked.rounds):
        with ExitStack() as stack:
            for name, url in databases(asked.only):
                folder = Path(stack.enter_context(TemporaryDirectory()))
                (folder / "newsletter.toml").write_text(_SETTINGS + _ATTRIBUTES, "utf-8")
                write(folder / "readers.csv", asked.rows)
                ratios.setdefault(name, []).append(measure(name, url, folder, folder / "readers.csv"))
    if asked.rounds > 1:
        print({name: f"median ratio {statistics.median(found):.1f}" for name, found in ratios.items()})


if __name__ == "__main__":
    main()
