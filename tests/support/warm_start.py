"""Runs commands in processes of their own that need not import everything anew: one warm process forks for each.

A command takes a second to start, most of it imports, and the acceptance tests run hundreds. Cold starts are tested by
tests/test_packaging.py and wherever a test starts `Workspace.command` itself.

Two requests are understood: {"start": ...} with three files for the streams, answered with the number of the process,
and {"wait": number}, answered with its exit code.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tests.support.running import Running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 1 << 16
#: what commands import when they need it
_WARM = """
    newsletter.pipeline newsletter.read newsletter.check newsletter.render newsletter.references newsletter.policy
    newsletter.wiring newsletter.settings newsletter.subscribers.importing newsletter.address.chunks
    newsletter.store.mailings newsletter.store.ledger newsletter.store.notices newsletter.store.importing
    newsletter.store.delivered newsletter.store.audiences.segments newsletter.store.upgrade newsletter.store.waivers
    newsletter.esp.outbox newsletter.deliver.engine newsletter.cli.words newsletter.cli.send newsletter.cli.proof
    newsletter.cli.due.running newsletter.pipeline.running.beginning newsletter.pipeline.running.recurring
    newsletter.cli.issues newsletter.cli.check newsletter.cli.mailings newsletter.cli.lists newsletter.cli.subscribers
    premailer cssutils citeproc PIL.Image alembic.command alembic.config babel.dates sqlalchemy.dialects.sqlite psycopg
    playwright.sync_api
""".split()
_ROOT = Path(__file__).parents[2]


class WarmStart:
    """The warm process and the way to it; started with the first command."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ours: socket.socket | None = None

    def run(
        self, words: Sequence[str], env: Mapping[str, str], stdin: str, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """As subprocess.run does with captured text. `words` are those behind `python -m newsletter.cli`."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            code = self._started(words, env, (given.fileno(), out.fileno(), err.fileno())).wait(timeout)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode().replace("\r\n", "\n"))
        return subprocess.CompletedProcess(list(words), code, *texts)

    def start(self, words: Sequence[str], env: Mapping[str, str]) -> Running:
        """As subprocess.Popen does with pipes: for what is killed, stopped or met by another command."""
        (out, their_out), (err, their_err) = os.pipe(), os.pipe()
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - as a stream
            process = self._started(words, env, (nothing.fileno(), their_out, their_err))
        os.close(their_out)
        os.close(their_err)
        process.hear(out, err)
        return process

    def _started(self, words: Sequence[str], env: Mapping[str, str], streams: tuple[int, int, int]) -> Running:
        number = self._ask({"start": list(words), "env": dict(env), "folder": os.getcwd()}, streams)  # noqa: PTH109
        return Running(number, lambda: self._ask({"wait": number}))

    def _ask(self, request: Mapping[str, Any], streams: Sequence[int] = ()) -> int:
        with self._lock:
            ours = self._connected()
            socket.send_fds(ours, [json.dumps(request).encode()], streams)
            return int(ours.recv(_MOST))

    def _connected(self) -> socket.socket:
        if self._ours is None:
            self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            number = theirs.fileno()
            command = [sys.executable, "-m", "tests.support.warm_start", str(number)]
            clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
            clean["NEWSLETTER_CHECKS_SPAM_FILTER"] = "false"
            warm = subprocess.Popen(command, cwd=_ROOT, pass_fds=[number], stdin=subprocess.DEVNULL, env=clean)
            theirs.close()
            atexit.register(_end, self._ours, warm)
        return self._ours


def _end(ours: socket.socket, warm: subprocess.Popen[bytes]) -> None:
    ours.close()
    warm.wait(timeout=10)


def _serve(requests: socket.socket) -> None:
    import importlib

    for name in _WARM:
        with suppress(ImportError):  # an extra that is not installed
            importlib.import_module(name)
    _prepare_an_issue()
    gc.collect()
    gc.freeze()  # what is here now is never looked through again, so that a child shares its memory with us
    gc.set_threshold(50_000)
    while True:
        message, handles, _, _ = socket.recv_fds(requests, _MOST, 3)
        if not message:
            return  # the tests are over
        request = json.loads(message)
        if "wait" in request:
            _, status = os.waitpid(request["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                requests.close()
                _become(request, handles)
        for handle in handles:
            os.close(handle)
        requests.send(str(answer).encode())


def _prepare_an_issue() -> None:
    """So that our templates and styles, which are compiled once in a process, are. What fails here, tests tell better."""
    from newsletter.cli.main import cli
    from tests.support.workspace import make

    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()), suppress(Exception):
        make(Path(folder))
        for command in (["check"], ["render", "--out", folder]):
            cli.main(["-C", folder, *command, "walking"], prog_name="newsletter", standalone_mode=False)


def _become(request: dict[str, Any], handles: list[int]) -> None:
    """The command itself, with its own streams, environment and arguments; it ends as any process ends."""
    for stream, handle in enumerate(handles):
        os.dup2(handle, stream)
        os.close(handle)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["folder"])
    time.tzset()
    # tests that run in the background of a shell have Ctrl-C ignored, and so would have the command
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["newsletter", *request["start"]]
    _leave(_exit_code())


def _leave(code: int) -> NoReturn:
    """End as any process does, but for taking the interpreter apart, which takes longer than most commands."""
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    gc.collect()  # closes the database, as the end of the interpreter would
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _exit_code() -> int:
    from newsletter.cli.main import main

    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - the test looks for a traceback
        import traceback

        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
