"""How fast a mailing goes out through SendGrid, ledger included, against the SDK's objects sent one after the other.

    python benchmarks/bench_send.py [--readers 20000] [--database sqlite|postgresql] [--delay 0.1] [--in-flight 16]

A workspace with the sample issue (58 KB of HTML, four personal slots) and so many readers; a server in a process of its
own that answers each request after `--delay` seconds; then `newsletter send`, which finds the mailing planned and hands
all of it over, 1,000 readers a request. The SDK's own Mail objects, serially and with nothing remembered, are measured
right before and after. The goals are meant for --readers 1000000: 45 seconds, 300 MB, 6 times the SDK's objects.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from bench_message import readers as some_envelopes
from bench_start import _NEWSLETTER
from sending import naive
from sending.workspace import ISSUE, KEY, add_readers, clean_environment, make_workspace, plan
from sqlalchemy import func, select

from newsletter.compose.slots import fill
from newsletter.model.mailing import Outcome
from newsletter.store import mailings, rendered
from newsletter.store import tables as t
from newsletter.store.database import Store

sys.path.append(str(Path(__file__).parents[1]))
from tests.support.postgresql import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL, GOAL_SECONDS, GOAL_MB = 6.0, 45, 300
MILLION = 1_000_000
SIZE = 1_000
#: readers that the SDK's objects are sent to, each time
NAIVE = 10_000


class Sent(NamedTuple):
    """`seconds` of the command from start to end, `busy` of processors."""

    seconds: float
    busy: float
    megabytes: float


@contextmanager
def server(delay: float) -> Iterator[str]:
    """Its URL."""
    command = [sys.executable, str(Path(__file__).parent / "sending" / "server.py"), str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.terminate()
        took = json.loads(process.stdout.read())
    print(f"  the server took {took['requests']:,} requests, {took['octets'] / 1e6:,.0f} MB")


@contextmanager
def database(name: str, folder: Path) -> Iterator[str]:
    """Its URL; a PostgreSQL of our own has the settings that it comes with."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'newsletter.db'}"
        return
    from tests.support import postgresql

    postgresql._FAST = ""  # noqa: SLF001 - safe against a crash of the machine, as it comes
    with running_server() as one:
        one.command("CREATE DATABASE bench")
        yield one.url("bench")


def measure(name: str, asked: argparse.Namespace) -> None:
    with TemporaryDirectory() as made, server(asked.delay) as esp, database(name, Path(made)) as url:
        folder = Path(made)
        place = make_workspace(folder, esp, url, in_flight=asked.in_flight)
        store = Store(url)
        add_readers(store, asked.readers)
        begin = time.perf_counter()
        number = plan(store, place)
        print(f"{name}, {asked.readers:,} readers: planned in {time.perf_counter() - begin:.1f} s")
        html, text = _texts(store, number)
        envelopes = some_envelopes(asked.naive)
        before = naive.readers_a_second(esp, KEY, html, text, envelopes, SIZE)
        sent = send(folder)
        after = naive.readers_a_second(esp, KEY, html, text, envelopes, SIZE)
        seconds = tell(store, number, sent, asked.readers)
        ratio = asked.readers / seconds / statistics.mean((before, after))
        print(f"  the SDK's objects, serially: {before:,.0f} and {after:,.0f} readers/s")
        print(f"  ratio {ratio:.1f}{_goal(ratio >= GOAL, f'{GOAL:.0f}')}")
        store.close()


def send(folder: Path) -> Sent:
    """`newsletter send`, to its end."""
    command = [_NEWSLETTER, "-C", str(folder), "send", ISSUE, "--yes", "--json"]
    begin = time.perf_counter()
    with Path(folder / "sent.json").open("w") as out:
        process = subprocess.Popen(command, stdout=out, env=clean_environment())
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"newsletter send ended with {process.returncode}")
    return Sent(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def tell(store: Store, number: int, sent: Sent, readers: int) -> float:
    """Seconds from the first attempt to the end, as the ledger says."""
    with store.read() as connection:
        mailing, tally = mailings.get(connection, number), mailings.tally(connection, number)
        first = connection.scalar(select(func.min(t.attempts.c.started_at)))
    assert tally.outcomes == {Outcome.ACCEPTED: readers}, tally
    assert mailing.finished_at
    assert first
    seconds = (mailing.finished_at - first).total_seconds()
    in_time = _goal(sent.seconds <= GOAL_SECONDS, f"{GOAL_SECONDS} s") if readers >= MILLION else ""
    print(
        f"  sent in {sent.seconds:.1f} s{in_time}, {seconds:.1f} s from the first attempt to the end: "
        f"{readers / seconds:,.0f} readers/s; {sent.busy:.1f} s of processors; "
        f"at most {sent.megabytes:.0f} MB{_goal(sent.megabytes <= GOAL_MB, f'{GOAL_MB} MB')}"
    )
    return seconds


def _texts(store: Store, number: int) -> tuple[str, str]:
    """The letter with the SDK's tags in place of the slots."""
    with store.read() as connection:
        letter = rendered.load(connection, mailings.get(connection, number).fingerprint)
    tags = {name: f"-{name}-" for name in ("first_name", "unsubscribe_url", "preferences_url", "view_url")}
    return fill(letter.html, tags), fill(letter.text, tags)


def _goal(met: bool, goal: str) -> str:
    return f" (goal {goal} {'met' if met else 'missed'})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=20_000)
    parser.add_argument("--naive", type=int, default=NAIVE, help="Readers for the SDK's objects, each time.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="Only this one.")
    parser.add_argument("--delay", type=float, default=0.1)
    parser.add_argument("--in-flight", type=int, default=16)
    asked = parser.parse_args()
    print(f"load of this machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name in ("sqlite", "postgresql"):
        if asked.database in {None, name}:
            measure(name, asked)


if __name__ == "__main__":
    main()
