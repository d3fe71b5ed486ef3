"""How fast mail is handed to an SMTP server, against a new EmailMessage per reader and smtplib. Prints ratios; goal 8.

    python benchmarks/bench_smtp.py [--rounds 5] [--messages 2000]

The server is Postfix's smtp-sink, which throws everything away; the letter has 72 KB (bench_message.py). The journal of
each attempt is written as in a real sending, the ledger is not there. Naive is one connection, as most programs do it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench_message import issue, naive, readers

from newsletter.esp.smtp.sender import SmtpSender
from newsletter.model.letter import Verdict
from newsletter.settings.schema import SmtpSection

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL = 8
SINK = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
#: readers of a chunk, and messages of the slow way
CHUNK, FEW = 100, 60


@contextmanager
def sink() -> Iterator[int]:
    """Its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "root"] if os.geteuid() == 0 else []
    with subprocess.Popen([str(SINK), *user, f"127.0.0.1:{port}", "64"]) as process:
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                time.sleep(0.01)
        yield port
        process.terminate()


def naive_rate(port: int) -> float:
    letter, few = issue(), readers(FEW)
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for envelope in few:
            server.sendmail("letters@example.org", envelope.address, naive(letter, envelope))
    return FEW / (time.perf_counter() - start)


def our_rate(port: int, folder: Path, connections: int, messages: int, *, pipelining: bool) -> float:
    settings = SmtpSection(
        port=port, connections=connections, messages_per_connection=1000, pipelining=pipelining, rehearsal=True
    )
    sender = SmtpSender(settings, journal=folder / ".newsletter" / "journal", sender="letters@example.org")
    letter, envelopes = issue(), readers(messages)
    chunks = [envelopes[at : at + CHUNK] for at in range(0, messages, CHUNK)]

    def submit(at: int) -> Verdict:
        return sender.submit(letter, f"{time.time_ns()}-{at}", chunks[at]).verdict

    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        verdicts = set(pool.map(submit, range(len(chunks))))
    seconds = time.perf_counter() - start
    sender.close()
    if verdicts != {Verdict.ACCEPTED}:
        sys.exit(f"something was not accepted: {verdicts}")
    return messages / seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--messages", type=int, default=2000)
    given = options.parse_args()
    if not SINK:
        print("SMTP: smtp-sink is not installed (apt-get install postfix); nothing was measured")
        return
    ways = {
        "1 connection": (1, True),
        "4 connections": (4, True),
        "4 connections, step by step": (4, False),
        "10 connections": (10, True),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    with sink() as port, TemporaryDirectory() as folder:
        for _ in range(given.rounds):
            slow = naive_rate(port)
            for name, (connections, pipelining) in ways.items():
                rate = our_rate(port, Path(folder), connections, given.messages, pipelining=pipelining)
                found[name].append((rate, rate / slow))
            slow_after = naive_rate(port)
            for name in ways:
                rate, _ratio = found[name][-1]
                found[name][-1] = (rate, rate / statistics.mean([slow, slow_after]))
    print(f"SMTP: {given.messages} messages of 72 KB to smtp-sink, {given.rounds} paired rounds, medians")
    for name, pairs in found.items():
        rate, ratio = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{name}: {rate:,.0f} messages/s, {ratio:.1f} x smtplib and EmailMessage (goal {GOAL} x at 10)")


if __name__ == "__main__":
    main()
