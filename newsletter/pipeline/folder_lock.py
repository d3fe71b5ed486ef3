"""Two commands that change files of one folder: the second waits for the first."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_WAIT, _STEP = 10.0, 0.02


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Nobody else who asks has the folder while this lasts. The lock ends with the process, however that ends.

    Raises:
        FileUnreadable: there is no such folder, or the other command does not let go of it.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as why:
        raise FileUnreadable(folder, why.strerror or str(why)) from None
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    end = time.monotonic() + _WAIT
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise FileUnreadable(folder, "another command is writing there; wait for it") from None
            time.sleep(_STEP)
