"""The steps of a large file, made by a process of their own: one processor reads and sorts, one is for the database.

That process knows nothing but the file. It is a copy of ours at a moment when there are no threads, it never touches the
database, and it ends with the pipe between us, however we end.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
import threading
from contextlib import contextmanager, suppress
from queue import Queue
from typing import IO, TYPE_CHECKING, Any, NoReturn

from newsletter.errors import FileUnreadable
from newsletter.subscribers.importing.reading import Refused
from newsletter.subscribers.importing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: files from so many bytes on; below, there is nothing to be gained
LARGE = 1_000_000
#: steps that may wait for the database
_AHEAD = 4
#: what stands before each message: its kind and its length
_HEAD = struct.Struct("<cQ")
_STEP, _FAULT, _END, _CUT = b"S", b"F", b"E", b"C"


def is_worthwhile(size: int | None) -> bool:
    """Whether a table of this size is better read beside. A process with several threads must not be copied."""
    return size is not None and size >= LARGE and hasattr(os, "fork") and threading.active_count() == 1


@contextmanager
def made_beside(steps: Iterable[Step], path: Path) -> Iterator[Iterator[Step]]:
    """The same steps. What goes wrong there is raised here.

    Raises:
        FileUnreadable: the other process was ended by somebody.
    """
    theirs, ours = os.pipe()
    gc.freeze()  # a search for cycles would write to what both share, and so double it
    process = os.fork()
    if not process:
        os.close(theirs)
        _work(steps, ours)
    os.close(ours)
    waiting: Queue[tuple[bytes, bytes]] = Queue(_AHEAD)
    listener = threading.Thread(target=_listen, args=(theirs, waiting), daemon=True)
    listener.start()
    try:
        yield _received(waiting, path)
    finally:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        while listener.is_alive():  # it may wait for room
            with suppress(Exception):
                waiting.get(timeout=0.01)
        gc.unfreeze()


def _listen(pipe: int, waiting: Queue[tuple[bytes, bytes]]) -> None:
    """Takes messages out of the pipe, so that the other process can go on."""
    with os.fdopen(pipe, "rb", 1 << 20) as stream:
        while len(head := stream.read(_HEAD.size)) == _HEAD.size:
            kind, length = _HEAD.unpack(head)
            message = stream.read(length)
            if len(message) < length:
                break
            waiting.put((kind, message))
            if kind == _END:
                return
    waiting.put((_CUT, b""))


def _received(waiting: Queue[tuple[bytes, bytes]], path: Path) -> Iterator[Step]:
    import orjson

    while True:
        kind, message = waiting.get()
        if kind == _END:
            return
        if kind == _FAULT:
            raise pickle.loads(message)  # noqa: S301 - from our own process
        if kind == _CUT:
            raise FileUnreadable(path, "it was not read to its end; run the same command again")
        rows, first, last, refused, *numbers = orjson.loads(message)
        yield Step(rows, first, last, [Refused(*one) for one in refused], *numbers)


def _work(steps: Iterable[Step], pipe: int) -> NoReturn:
    """Nothing of ours may run behind this: no clean-up of the database's connections, no output that waits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started us
    try:
        with os.fdopen(pipe, "wb", 0) as out:
            _send(steps, out)
    except BaseException:  # noqa: BLE001 - nobody listens any more
        os._exit(1)
    os._exit(0)


def _send(steps: Iterable[Step], out: IO[bytes]) -> None:
    import orjson

    try:
        for step in steps:
            rows, first, last, refused, *numbers = step
            told = (rows, first, last, [tuple(one) for one in refused], *numbers)  # orjson knows no named tuples
            _write(out, _STEP, orjson.dumps(told))
        _write(out, _END, b"")
    except BrokenPipeError:
        raise
    except Exception as why:  # noqa: BLE001 - it is raised where somebody can see it
        _write(out, _FAULT, _pickled(why))


def _pickled(why: Exception) -> bytes:
    try:
        copy = pickle.dumps(why)
        pickle.loads(copy)  # noqa: S301
    except Exception:  # noqa: BLE001 - some exceptions cannot be copied
        return pickle.dumps(RuntimeError(f"{type(why).__name__}: {why}"))
    return copy


def _write(out: IO[bytes], kind: bytes, message: bytes) -> None:
    view: Any = memoryview(_HEAD.pack(kind, len(message)) + message)
    while view:
        view = view[out.write(view) :]
