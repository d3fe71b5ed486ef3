"""A real PostgreSQL of our own, in a temporary folder, reached through a Unix socket; nothing is listened to outside.

PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SUPERUSER = "newsletter"
#: a crash of the machine may lose what the tests stored
_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class Server:
    """A running server. `url(name)` is for newsletter.toml's database.url; `command` runs SQL outside transactions."""

    def __init__(self, socket_folder: Path) -> None:
        self._folder = socket_folder

    def url(self, database: str) -> str:
        return f"postgresql://{_SUPERUSER}@/{database}?host={self._folder}"

    def command(self, sql: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(sql.encode())

    def clear(self, database: str, tables: Iterable[str]) -> None:
        """Take all rows out, and end whatever an earlier test left open. TRUNCATE would make all files anew."""
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        steps = [
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}",
            "SET session_replication_role = replica",  # in any order, whatever refers to whatever
            *(f"DELETE FROM {table}" for table in tables),
            "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
        ]
        self.command("; ".join(steps), database)


@contextmanager
def running_server() -> Iterator[Server]:
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: install the Debian package postgresql")
    folder = Path(tempfile.mkdtemp(prefix="newsletter-pg-"))
    data = folder / "data"
    user = _unprivileged()
    if user:
        os.chown(folder, user["user"], user["group"])
    try:
        _run(
            programs / "initdb", "-D", data, "-U", _SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N", **user
        )
        options = f"-c listen_addresses='' -k {folder} {_FAST}"
        _run(programs / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start", **user)
        try:
            yield Server(folder)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", **user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    return versions[-1].parent if versions else None


def _unprivileged() -> dict[str, Any]:
    """Whom to run the server as; empty unless we are root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    pytest.skip("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def _run(*command: str | Path, **user: Any) -> None:
    # the server keeps the standard streams of pg_ctl: a pipe would never end
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", **user
        )
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed:\n{output.read().decode(errors='replace')}")
