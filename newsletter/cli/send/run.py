"""Running the engine from a terminal: a progress bar, and Ctrl-C that finishes what is in flight."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import now, open_keys
from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

#: a progress bar hides it
_SHOW_CURSOR = "\x1b[?25h"


def run(place: Workspace, store: Store, mailing: Mailing, *, quiet: bool) -> None:
    """Hand over what is left, with a progress bar on a terminal; Ctrl-C finishes what is in flight."""
    import random
    import time
    import uuid

    from newsletter import pipeline, wiring
    from newsletter.deliver.engine import Engine
    from newsletter.store.ledger import StoredLedger

    keys = open_keys(place, store)
    sender = wiring.open_sender(place)
    pipeline.refuse_unless_reachable(place, keys, sender)
    with _stopping() as stop, _progress(store, mailing, quiet=quiet) as advance:
        engine = Engine(
            ledger=StoredLedger(store, wiring.may_be_alive),
            sender=sender,
            clock=now,
            sleep=time.sleep,
            chance=random.Random(),
            new_id=lambda: uuid.uuid4().hex,
            stop=stop,
            progress=advance,
        )
        pipeline.send(engine, store, place, keys, mailing, wiring.owner())
    sender.close()


@contextmanager
def _stopping() -> Iterator[threading.Event]:
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


@contextmanager
def _progress(store: Store, mailing: Mailing, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    from newsletter.store import mailings

    with store.read() as connection:
        tally = mailings.tally(connection, mailing.number)
    left = tally[Outcome.PLANNED] + tally[Outcome.IN_FLIGHT]
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None
        return
    with click.progressbar(length=left, label="Sending", file=sys.stderr, show_pos=True) as bar:
        yield bar.update
