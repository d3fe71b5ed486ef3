"""A command at work, whose parent is the warm process: signals, output and exit code, as subprocess.Popen has them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


class Running:
    """`pid` stays the command's until its exit code is fetched, which is what `collect` does."""

    #: where it was started with pipes
    stdout: TextIO
    stderr: TextIO

    def __init__(self, pid: int, collect: Callable[[], int]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._collect = collect
        self._streams: tuple[TextIO, ...] = ()

    def hear(self, out: int, err: int) -> None:
        """The ends of its pipes."""
        self._streams = tuple(open(handle, encoding="utf-8") for handle in (out, err))  # noqa: PTH123, SIM115
        self.stdout, self.stderr = self._streams

    def poll(self) -> int | None:
        """The exit code, or None while it runs."""
        if self.returncode is None and self._ends_within(0):
            self.returncode = self._collect()
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        if self.returncode is None and not self._ends_within(timeout):
            self.kill()
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`, and nothing of it is left."""
        if self.returncode is None:
            self.send_signal(signal.SIGKILL)
            self.returncode = self._collect()
        for stream in self._streams:
            stream.close()

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        """What else it says until its end."""
        late = Timer(timeout, self.send_signal, (signal.SIGKILL,))
        late.start()
        try:
            with self.stdout, self.stderr, ThreadPoolExecutor(2) as pool:
                said, warned = pool.map(lambda stream: stream.read(), self._streams)
            self.wait(timeout)
        finally:
            late.cancel()
        return said, warned

    def _ends_within(self, seconds: float) -> bool:
        """The kernel tells the end of any process, not only of our children, through such a handle."""
        handle = os.pidfd_open(self.pid)
        try:
            return bool(select.select([handle], [], [], seconds)[0])
        finally:
            os.close(handle)
