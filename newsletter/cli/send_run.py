"""Running the engine from a terminal: a progress bar, and Ctrl-C that finishes what is in flight."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
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
    """An event that the first Ctrl-C or SIGTERM sets; a second one stops hard."""
    stop = threading.Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        del frame
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()
        click.echo("\nStopping: waiting for what is under way ...", err=True)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


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
