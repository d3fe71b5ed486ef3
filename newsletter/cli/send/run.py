"""Running the engine from a terminal: a progress bar, and Ctrl-C that finishes what is in flight."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from newsletter.cli.context import now, open_keys
from newsletter.cli.send.plan import closing_all
from newsletter.cli.stopping import stopping
from newsletter.deliver.ended import Waiting
from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from newsletter.deliver.ended import Ended
    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

_SENDING = "Sending"
_LABELS = {
    Waiting.DUE: "Waiting: those who are left are tried again later",
    Waiting.PACE: "Waiting: not faster than the settings allow",
    Waiting.PROVIDER: "Waiting: the provider is away or asks to slow down",
    Waiting.WINDOW: "Waiting: mail may leave in a few minutes",
}
_WORTH_TELLING = timedelta(seconds=3)


def run(place: Workspace, store: Store, mailing: Mailing, *, resumes: bool, quiet: bool) -> Ended:
    """Hand over what is left, with a progress bar on a terminal; Ctrl-C finishes what is in flight."""
    import random
    import time
    import uuid

    from newsletter import pipeline, wiring
    from newsletter.deliver.engine import Engine
    from newsletter.store.ledger import StoredLedger

    keys = open_keys(place, store)
    with (
        closing_all(wiring.open_senders(place)) as senders,
        stopping() as stop,
        _progress(store, mailing, quiet=quiet) as (advance, waits),
    ):
        engine = Engine(
            ledger=StoredLedger(store, wiring.may_be_alive, resumes=resumes),
            senders=senders,
            clock=now,
            sleep=time.sleep,
            chance=random.Random(),
            new_id=lambda: uuid.uuid4().hex,
            stop=stop,
            progress=advance,
            terms=wiring.sending_terms(place),
            waits=waits,
            past=partial(wiring.memory_of, place),
        )
        return pipeline.send(engine, store, place, keys, mailing, wiring.owner())


@contextmanager
def _progress(
    store: Store, mailing: Mailing, *, quiet: bool
) -> Iterator[tuple[Callable[[int], None], Callable[[Waiting, datetime], None]]]:
    """What to call when some are settled, and while nothing is on its way."""
    from newsletter.store import mailings

    with store.read() as connection:
        tally = mailings.tally(connection, mailing.number)
    left = tally[Outcome.PLANNED] + tally[Outcome.IN_FLIGHT]
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None, lambda _why, _until: None
        return
    with click.progressbar(length=left, label=_SENDING, file=sys.stderr, show_pos=True) as bar:

        def advance(count: int) -> None:
            bar.label = _SENDING
            bar.update(count)

        def waits(why: Waiting, until: datetime) -> None:
            if until - now() >= _WORTH_TELLING:
                bar.label = _LABELS[why]
                bar.render_progress()

        yield advance, waits
