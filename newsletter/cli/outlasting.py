"""Output whose reader may go (`| head`): a command that only shows something ends, without a word and with exit code 0.

One that sends goes on, and what nobody reads is dropped. (Click itself would end any command with exit code 1.)
"""

from __future__ import annotations

import io
import os
import sys


class _Pipe(io.FileIO):
    """Once nobody reads any more, everything goes nowhere."""

    #: whether the work goes on then
    outlasts = False

    def write(self, data: object) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if not self.outlasts:
                sys.exit(0)
            return super().write(data)  # type: ignore[arg-type]


def watch_for_readers() -> None:
    """Once, before anything is said. What nobody reads of standard error never stops us."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout = _watched(sys.stdout, outlasts=False)
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr = _watched(sys.stderr, outlasts=True)


def outlast_readers() -> None:
    """From now on the command goes on, whoever reads what it says."""
    buffer = getattr(sys.stdout, "buffer", None)
    pipe = getattr(buffer, "raw", buffer)
    if isinstance(pipe, _Pipe):
        pipe.outlasts = True


def _watched(stream: io.TextIOWrapper, *, outlasts: bool) -> io.TextIOWrapper:
    """The same, unless something else than the system's own stream stands there."""
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:
        return stream
    pipe = _Pipe(raw.fileno(), "wb", closefd=False)
    pipe.outlasts = outlasts
    is_buffered = raw is not stream.buffer  # else: PYTHONUNBUFFERED
    return io.TextIOWrapper(
        io.BufferedWriter(pipe) if is_buffered else pipe,
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
