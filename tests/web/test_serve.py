"""The server in a process of its own: `newsletter serve`, and how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ServiceMissing
from newsletter.keys import DeliveryToken, Keys
from newsletter.web.serve import listen
from tests.web.running_server import connect, get, read_all
from tests.web.sample_mailing import LINK_NUMBER, copy_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LONG = 60
_SETTINGS = """
[newsletter]
name = "Larkmeadow Letters"
base_url = "https://news.example.org"
[sender]
name = "Larkmeadow Clinic"
address = "letters@example.org"
postal_address = "12 Example Street, Springfield, CA 90001"
"""
_COMMAND = "from newsletter.cli.main import main; main()"
#: a page that answers when a line comes in, and an end that never comes if the argument says so
_PROGRAM = """
import sys, time
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from newsletter.web.serve import listen, serve
def slow(request):
    print("asked", flush=True)
    sys.stdin.readline()
    return PlainTextResponse("finished")
def stopped():
    while sys.argv[1:]:
        time.sleep(1)
    print("stopped", flush=True)
listening = listen("127.0.0.1", 0)
print(listening.getsockname()[1], flush=True)
serve(Starlette(routes=[Route("/", slow)]), listening, stopped)
print("through", flush=True)
"""


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def begin(*words: str, **environment: str) -> subprocess.Popen[str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSLETTER_", "SENDGRID_"))}
        pipe = subprocess.PIPE
        begun.append(
            subprocess.Popen(
                [sys.executable, *words], stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=clean | environment
            )
        )
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def wait_until_nobody_listens(port: int) -> None:
    for _ in range(LONG * 100):
        try:
            connect(port).close()
        except OSError:
            return
        time.sleep(0.01)
    raise AssertionError("it still takes connections")


@pytest.mark.parametrize(("how", "style"), [(signal.SIGTERM, "json"), (signal.SIGINT, "text")])
def test_the_command_serves_logs_no_token_and_ends_well_when_told_to(
    tmp_path: Path,
    finished_database: Path,
    start: Callable[..., subprocess.Popen[str]],
    how: signal.Signals,
    style: str,
) -> None:
    copy_database(finished_database, tmp_path)
    (tmp_path / "newsletter.toml").write_text(_SETTINGS)
    secret = "a secret for tests"
    token = Keys([secret]).token(DeliveryToken(mailing=LINK_NUMBER, n=1))
    command = ("-c", _COMMAND, "-C", str(tmp_path), "serve", "--port", "0", "--log", style)
    process = start(*command, NEWSLETTER_SECRET=secret)
    assert process.stderr
    begun = process.stderr.readline()
    found = re.search(r"Larkmeadow Letters on http://127\.0\.0\.1:(\d+)", begun)
    assert found, begun + process.stderr.read()
    port = int(found[1])
    assert get(port, "/healthz").endswith(b"\r\n\r\nok")
    answer = get(port, f"/v/{token}")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"newsletter_job_last_success_seconds" in get(port, "/metrics")
    process.send_signal(how)
    output, log = process.communicate(timeout=LONG)
    assert (process.returncode, output) == (0, "")
    assert token not in log
    assert "/v/{key}" in log
    assert "Stopped." in log
    if style == "json":
        assert {json.loads(line)["level"] for line in [begun, *log.splitlines()]} == {"INFO"}


def test_requests_under_way_are_finished(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("-c", _PROGRAM)
    port = int(line_of(process))
    with connect(port) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line_of(process) == "asked"
        process.send_signal(signal.SIGTERM)
        wait_until_nobody_listens(port)
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
        assert read_all(line).endswith(b"finished")
    output, log = process.communicate(timeout=LONG)
    assert (process.returncode, log) == (0, "")
    assert output.split() == ["stopped", "through"]


def test_a_second_signal_ends_it_at_once(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("-c", _PROGRAM, "never stopped")
    port = int(line_of(process))
    process.send_signal(signal.SIGTERM)
    wait_until_nobody_listens(port)
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONG) == -signal.SIGTERM


def test_a_port_in_use_is_a_service_that_is_missing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ServiceMissing, match=f"127.0.0.1:{number}"):
            listen("127.0.0.1", number)
