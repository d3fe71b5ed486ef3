"""pg_dump, pg_restore and psql: found, run with the database's address, their complaints in words.

A password goes through the environment, never through the arguments, which everybody on the machine can read.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING

from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import IO

    from sqlalchemy.engine import URL

_PIECE = 1 << 20
_OURS = {"PGAPPNAME": "newsletter", "LC_ALL": "C", "PGCLIENTENCODING": "UTF8"}


def program(name: str) -> str:
    """Raises ServiceMissing: it is not installed."""
    found = shutil.which(name)
    if found is None:
        why = (
            "it is not installed; install PostgreSQL's client programs (Debian, Ubuntu: apt install postgresql-client)"
        )
        raise ServiceMissing(name, why)
    return found


def address(url: URL) -> tuple[str, str]:
    """The arguments that say where the database is: all but the password, which is never asked for either."""
    from psycopg.conninfo import make_conninfo

    given = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **dict(url.query)}
    known = {name: str(value) for name, value in given.items() if value and name not in {"password", "sslpassword"}}
    return f"--dbname={make_conninfo('', **known)}", "--no-password"


def environment(url: URL) -> Mapping[str, str]:
    password = url.password or url.query.get("password")
    secret = {"PGPASSWORD": password} if isinstance(password, str) else {}
    return {**os.environ, **_OURS, **secret}


def run(name: str, *arguments: str, env: Mapping[str, str] | None = None) -> bytes:
    """What it prints.

    Raises:
        ServiceMissing: it is not installed, or does not do what it should.
    """
    command = [program(name), *arguments]
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - no shell, no words of a person
    if done.returncode:
        raise ServiceMissing(name, in_words(name, done.stderr))
    return done.stdout


def pour(source: Sequence[str], sink: Sequence[str], env: Mapping[str, str], *, before: bytes, after: bytes) -> None:
    """What one program prints is what another reads. `after` is added only if the first has read all it should.

    Raises:
        ServiceMissing: one of them is not installed, or did not do what it should.
    """
    with ExitStack() as until_then:
        said = [until_then.enter_context(tempfile.TemporaryFile()) for _ in range(2)]
        from_ = until_then.enter_context(_running(source, env, stdin=DEVNULL, stdout=PIPE, stderr=said[0]))
        to = until_then.enter_context(_running(sink, env, stdin=PIPE, stdout=DEVNULL, stderr=said[1]))
        with suppress(BrokenPipeError):  # the second has stopped, and says why
            _pump(from_, to, before, after)
        ends = ((to, said[1], sink), (from_, said[0], source))
        # what breaks off in the first is a mystery to the second; it is still running where the second stopped by itself
        for process, words, (name, *_) in reversed(ends) if from_.poll() else ends:
            if process.wait():
                words.seek(0)
                raise ServiceMissing(name, in_words(name, words.read()))


def _pump(from_: Popen[bytes], to: Popen[bytes], before: bytes, after: bytes) -> None:
    if from_.stdout is None or to.stdin is None:
        return
    with to.stdin as sink:
        sink.write(before)
        while piece := from_.stdout.read(_PIECE):
            sink.write(piece)
        if from_.wait() == 0:
            sink.write(after)


@contextmanager
def _running(command: Sequence[str], env: Mapping[str, str], **streams: int | IO[bytes]) -> Iterator[Popen[bytes]]:
    """A program at work, that is not left behind whatever happens."""
    name, *arguments = command
    process = Popen([program(name), *arguments], env=env, **streams)  # type: ignore[call-overload]  # noqa: S603 - no shell
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def in_words(name: str, said: bytes) -> str:
    """Its first complaint; an old program with a new server is the one that needs advice."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    if any("server version mismatch" in line for line in lines):
        versions = next(
            (f" ({line.partition('detail:')[2].strip()})" for line in lines if "server version:" in line), ""
        )
        return f"it is older than the server{versions}; install the client programs of the server's version"
    if any("unsupported version" in line for line in lines):
        return "it is older than the program that wrote the file; install newer client programs"
    line = next((line for line in lines if "error:" in line.lower()), lines[0] if lines else "it failed without a word")
    return line.removeprefix(f"{name}: ").removeprefix("error: ")
