"""A PostgreSQL that can be started again at any moment, as a crash or an update does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support import postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator


class Restarting(postgresql.Server):
    """What was committed is there again; whoever was connected is not."""

    def restart(self) -> None:
        """No goodbye to anybody, and recovery from the log."""
        self._control("-m", "immediate", "restart")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("start")

    def _control(self, *words: str) -> None:
        programs, user = postgresql._programs(), postgresql._unprivileged()
        assert programs
        # started again it would not know what it was first started with
        options = f"-c listen_addresses='' -k {self._folder} {postgresql._FAST}"
        folder, log = self._folder / "data", self._folder / "log"
        postgresql._run(programs / "pg_ctl", "-D", folder, "-o", options, "-l", log, "-w", *words, **user)


@contextmanager
def restarting_server(name: str) -> Iterator[tuple[Restarting, str]]:
    """The server, and the URL of an empty database of this name."""
    with postgresql.running_server() as server:
        server.command(f"CREATE DATABASE {name}")
        ours = Restarting(server._folder)
        yield ours, ours.url(name)
