"""`newsletter preview` in a process of its own: it says where it is, answers on loopback, and ends at once."""

from __future__ import annotations

import signal
import subprocess
import urllib.request
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ServiceMissing
from newsletter.web.preview.serving import listen_on_loopback
from tests.support.preview import a_workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_it_says_where_it_is_and_ctrl_c_ends_it_with_an_open_stream(tmp_path: Path) -> None:
    workspace = a_workspace(tmp_path)
    command = workspace.command("preview", "walking", "--port", "0")
    running = subprocess.Popen(command, env=workspace.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert running.stdout
        line = running.stdout.readline()
        assert line.startswith("Preview of Test Letters: http://127.0.0.1:")
        where = line.split()[4]
        assert where.endswith("/issues/walking/")
        with urllib.request.urlopen(f"{where}events", timeout=60) as stream:
            assert stream.readline() == b"retry: 500\n"
            with urllib.request.urlopen(where, timeout=60) as answer:
                assert "Walking after a knee operation" in answer.read().decode()
            running.send_signal(signal.SIGINT)
            output, log = running.communicate(timeout=60)
    finally:
        running.kill()
    assert (running.returncode, output, log) == (0, "", "")


def test_a_port_in_use_is_told() -> None:
    sockets = listen_on_loopback(0)
    try:
        with pytest.raises(ServiceMissing, match="perhaps another preview is running"):
            listen_on_loopback(sockets[0].getsockname()[1])
        assert {one.getsockname()[0] for one in sockets} <= {"127.0.0.1", "::1"}
        assert len({one.getsockname()[1] for one in sockets}) == 1
    finally:
        for one in sockets:
            one.close()
