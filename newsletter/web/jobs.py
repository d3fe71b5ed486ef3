"""The jobs that `newsletter serve` does beside its pages."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.web.worker import Job

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.pipeline.handling import Handled, Handler, Keep
    from newsletter.pipeline.notices import Notifier
    from newsletter.store.database import Store

#: urgent jobs look by themselves now and then: what another process stored, or one that stopped left, waits no longer
LOOK_AGAIN = timedelta(seconds=15)
_HOURLY = timedelta(hours=1)

_log = logging.getLogger("newsletter.web")


def events(handler: Handler) -> Job:
    """The inbox of reports, so that no provider waits for it. One round of the handler is one piece of work."""
    rounds: Iterator[Handled] | None = None

    def run(now: datetime) -> bool:
        nonlocal rounds
        # after a failure it is at its end, and begins anew
        rounds, going_on = None, rounds or handler.rounds(now)
        handled = next(going_on, None)
        if handled is None:
            return False
        _tell(handled)
        rounds = going_on
        return True

    return Job(name="events", run=run, every=LOOK_AGAIN, urgent=True)


def prune_events(handler: Handler, keep: Keep) -> Job:
    """Reports and events that are older than settings say."""

    def run(now: datetime) -> bool:
        handler.prune(keep, now)
        return False

    return Job(name="prune-events", run=run, every=_HOURLY)


def prune_answers(store: Store) -> Job:
    """What the API has answered, kept for a day so that a request that comes twice is answered alike."""
    from newsletter.store import api_replays

    def run(now: datetime) -> bool:
        with store.write() as connection:
            return api_replays.prune_replays(connection, now) > 0

    return Job(name="prune-answers", run=run, every=_HOURLY)


def forget_unconfirmed(store: Store, days: int) -> Job:
    """People who asked to join so many days ago and never confirmed."""
    from newsletter.pipeline import unconfirmed

    def run(now: datetime) -> bool:
        return unconfirmed.forget_unconfirmed(store, days, now) > 0

    return Job(name="forget-unconfirmed", run=run, every=_HOURLY)


def notices(notifier: Notifier) -> Job:
    """Mails to single people that wait."""

    def run(now: datetime) -> bool:
        return notifier.run(now).more

    return Job(name="notices", run=run, every=LOOK_AGAIN, urgent=True)


def _tell(handled: Handled) -> None:
    for number, fault in handled.faults.items():
        _log.warning("report %d: %s (newsletter events faults)", number, fault)
