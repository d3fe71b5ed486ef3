"""The pages in a process of their own, as `newsletter serve` runs them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from newsletter.errors import ServiceMissing
from newsletter.web.serve import listen
from tests.web.sample_mailing import copy_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PROGRAM = """
import logging, sys
from pathlib import Path
from newsletter.web.serve import listen, serve
from tests.web.sample_mailing import sample_mailing
logging.basicConfig(level=logging.INFO)
made = sample_mailing(Path(sys.argv[1]))
print(made.token(), flush=True)
serve(made.app, listen("127.0.0.1", int(sys.argv[2])))
"""


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


@pytest.fixture
def process(tmp_path: Path, port: int, finished_database: Path) -> Iterator[subprocess.Popen[str]]:
    copy_database(finished_database, tmp_path)
    command = [sys.executable, "-c", _PROGRAM, str(tmp_path), str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    yield running
    running.kill()
    running.communicate()


def _get(port: int, path: str) -> tuple[int, str]:
    for _ in range(1500):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except URLError as why:
            if not isinstance(why.reason, ConnectionRefusedError):
                raise
            time.sleep(0.02)
    raise AssertionError("nothing answers")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_stops_when_told_to_and_logs_no_token(
    process: subprocess.Popen[str], port: int, how: signal.Signals
) -> None:
    assert process.stdout
    token = process.stdout.readline().strip()
    assert _get(port, f"/u/{token}")[0] == 200
    process.send_signal(how)
    output, log = process.communicate(timeout=60)
    assert process.returncode == (0 if how == signal.SIGINT else -signal.SIGTERM)
    assert token not in output + log
    assert "Traceback" not in log


def test_a_port_in_use_is_a_service_that_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ServiceMissing, match=f"127.0.0.1:{number}"):
            listen("127.0.0.1", number)
