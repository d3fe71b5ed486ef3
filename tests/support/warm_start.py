"""Runs commands in processes of their own that need not import everything anew: one warm process forks for each.

A command takes a second to start, most of it imports, and the acceptance tests run hundreds. Cold starts are tested by
tests/test_packaging.py and wherever a test starts `Workspace.command` itself.
"""

from __future__ import annotations

import atexit
import gc
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import redirect_stdout, suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 1 << 16
_WARM = (
    *("newsletter.pipeline", "newsletter.read", "newsletter.check", "newsletter.render", "newsletter.references"),
    *("newsletter.policy", "newsletter.wiring", "newsletter.store.mailings", "newsletter.store.ledger"),
    *("newsletter.store.notices", "newsletter.store.importing", "newsletter.subscribers.importing"),
    *("newsletter.esp.outbox", "newsletter.deliver.engine", "newsletter.settings", "newsletter.cli.words"),
    *(
        "newsletter.cli.send",
        "newsletter.cli.issues",
        "premailer",
        "cssutils",
        "citeproc",
        "PIL.Image",
        "alembic.command",
    ),
)


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
            request = json.dumps({"words": list(words), "env": dict(env), "folder": os.getcwd()}).encode()  # noqa: PTH109
            with self._lock:
                ours = self._connected()
                ours.settimeout(timeout)
                socket.send_fds(ours, [request], [given.fileno(), out.fileno(), err.fileno()])
                code = int(ours.recv(_MOST))
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode().replace("\r\n", "\n"))
        return subprocess.CompletedProcess(list(words), code, *texts)

    def _connected(self) -> socket.socket:
        if self._ours is None:
            self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            number = theirs.fileno()
            command = [sys.executable, __file__, str(number)]
            clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
            warm = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL, env=clean)
            theirs.close()
            atexit.register(_end, self._ours, warm)
        return self._ours


def _end(ours: socket.socket, warm: subprocess.Popen[bytes]) -> None:
    ours.close()
    warm.wait(timeout=10)


def _serve(requests: socket.socket) -> None:
    import importlib

    for name in _WARM:
        importlib.import_module(name)
    _prepare_an_issue()
    gc.collect()
    gc.freeze()  # what is here now is never looked through again, so that a child shares its memory with us
    while True:
        request, handles, _, _ = socket.recv_fds(requests, _MOST, 3)
        if not request:
            return  # the tests are over
        child = os.fork()
        if not child:
            _become(json.loads(request), handles)
        for handle in handles:
            os.close(handle)
        _, status = os.waitpid(child, 0)
        requests.send(str(os.waitstatus_to_exitcode(status)).encode())


def _prepare_an_issue() -> None:
    """So that our templates and styles, which are compiled once in a process, are. What fails here, tests tell better."""
    from newsletter.cli.main import cli

    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()), suppress(Exception):
        for words in (["init", folder], ["-C", folder, "render", "welcome", "--out", folder]):
            cli.main(words, prog_name="newsletter", standalone_mode=False)


def _become(request: dict[str, object], handles: list[int]) -> None:
    """The command itself, with its own streams, environment and arguments; it ends as any process ends."""
    for stream, handle in enumerate(handles):
        os.dup2(handle, stream)
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    os.chdir(str(request["folder"]))
    time.tzset()
    sys.argv = ["newsletter", *request["words"]]  # type: ignore[misc]
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
