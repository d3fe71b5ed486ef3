"""Thousands of mails to Postfix's own test server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from newsletter.model.letter import Verdict
from tests.compose.letters import envelope, letter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.esp.smtp_bench import Smtp

SINK = shutil.which("smtp-sink", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = pytest.mark.skipif(not SINK, reason="smtp-sink is not installed: apt-get install postfix")


@contextmanager
def sink(*options: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "root"] if os.geteuid() == 0 else []  # it asks root to say so
    command = [str(SINK), *user, *options, f"127.0.0.1:{port}", "64"]
    with subprocess.Popen(command) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.01)
    pytest.fail("smtp-sink ended at once")


@pytest.mark.parametrize("options", [[], ["-p"]], ids=["pipelined", "step by step"])
def test_each_of_thousands_of_readers_gets_one_mail(smtp: Smtp, tmp_path: Path, options: list[str]) -> None:
    dump, given = tmp_path / "dump", letter()
    with sink(*options, "-D", str(dump)) as port:
        sender = smtp(port, connections=4, messages_per_connection=250)

        def submit(chunk: int) -> Verdict:
            readers = [envelope(chunk * 100 + at) for at in range(100)]
            return sender.submit(given, f"attempt-{chunk}", readers).verdict

        with ThreadPoolExecutor(sender.in_flight) as pool:
            assert set(pool.map(submit, range(20))) == {Verdict.ACCEPTED}
        sender.close()
    lines = dump.read_text(encoding="ascii").splitlines()
    got = Counter(line for line in lines if line.startswith("X-Rcpt-Args: <reader"))
    assert got == Counter({f"X-Rcpt-Args: <reader{n}@example.net>": 1 for n in range(2000)})


@pytest.mark.parametrize(
    ("option", "command", "verdict", "doubts"),
    [
        ("-f", "RCPT", Verdict.NOT_AUTHORISED, 0),  # 500 5.3.0
        ("-r", "RCPT", Verdict.TRY_LATER, 0),  # 450 4.3.0
        ("-r", ".", Verdict.TRY_LATER, 0),
        ("-q", "DATA", Verdict.TRY_LATER, 0),  # hangs up
        ("-q", ".", Verdict.NOT_AUTHORISED, 2),
    ],
)
def test_a_server_that_says_no_to_everybody_is_left_alone(
    smtp: Smtp, option: str, command: str, verdict: Verdict, doubts: int
) -> None:
    with sink(option, command) as port:
        answer = smtp(port).submit(letter(), "a", [envelope(n) for n in range(50)])
    assert (answer.verdict, len(answer.doubtful)) == (verdict, doubts)
    assert not answer.taken
