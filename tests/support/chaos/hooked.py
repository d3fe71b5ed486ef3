"""`newsletter serve` beside a trial, so that the provider's signed reports come in by the real hook."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.support.chaos.trial import require

if TYPE_CHECKING:
    from tests.support.chaos.servers import SendGridServer
    from tests.support.chaos.trial import Trial
    from tests.support.running import Running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def hook_at(port: int) -> str:
    return f"http://127.0.0.1:{port}/hooks/sendgrid"


class Pages:
    """The process, which can be killed and started again: the provider comes again with what was not taken."""

    def __init__(self, trial: Trial, port: int) -> None:
        self._trial, self._port = trial, port
        self._process: Running | None = None

    def start(self) -> None:
        self._process = self._trial.workspace.start("serve", "--port", str(self._port))
        while self._process.poll() is None:
            with suppress(ConnectionRefusedError):
                return socket.create_connection(("127.0.0.1", self._port)).close()
            time.sleep(0.01)
        raise AssertionError(self._process.stderr.read())

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None

    def __enter__(self) -> Pages:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def told_everything(trial: Trial, provider: SendGridServer) -> None:
    """Every report has come in, and has been worked off."""
    provider.stop()
    posted = json.loads((provider.folder / "posted").read_text(encoding="utf-8"))
    require(not posted["lost"], f"reports were given up: {posted}")
    trial.workspace.run("events", "handle")
