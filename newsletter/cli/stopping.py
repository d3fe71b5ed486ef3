"""Ctrl-C and SIGTERM: what is in flight is finished, and nothing new is begun."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

#: a progress bar hides it
_SHOW_CURSOR = "\x1b[?25h"


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C or SIGTERM sets; a second Ctrl-C waits for nothing."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        if stop.is_set() and number == signal.SIGINT:
            _say_at_once(f"{_SHOW_CURSOR}\nStopped at once. To go on, run the same command again.\n")
            os._exit(3)  # the threads that wait for the provider would keep us; the ledger knows what was under way
        stop.set()
        _say_at_once("\nStopping: waiting for what is under way (Ctrl-C again: do not wait) ...\n")

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say_at_once(text: str) -> None:
    """Past Python's buffers: a signal may come in the middle of their own writing, which raises."""
    shown = text if sys.stderr.isatty() else text.replace(_SHOW_CURSOR, "")
    with suppress(OSError):
        os.write(2, shown.encode())
