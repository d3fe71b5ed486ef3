"""The ledger on our tables: leases, claims, answers, and what people and events say about them.

The port is deliver/ports.py:Ledger. Every method is one transaction, and every change that the engine makes is
conditional on its lease. What commands and events do takes a connection: whoever calls makes the transaction.

A chunk knows the last attempt that its deliveries were in (`chunks.attempt`), and so does an outcome of a single
delivery. So a chunk may be cut wherever that is needed, also while it is in flight: answers and events find their
deliveries by the attempt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import LeaseLost
from newsletter.model.mailing import MailingState, PausedBy
from newsletter.store import mailings
from newsletter.store.ledger import claiming, leases, orphaned, settling, waiting
from newsletter.store.ledger.proving import settle_by_event
from newsletter.store.ledger.resolving import resolve_uncertain
from newsletter.store.ledger.retrying import retry
from newsletter.store.ledger.stopping import cancel, doubt_interrupted, note_pause, pause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.model.letter import Answer
    from newsletter.model.sending import Claim, Lease, Settlement
    from newsletter.store.database import Store

__all__ = [
    "StoredLedger",
    "cancel",
    "doubt_interrupted",
    "pause",
    "resolve_uncertain",
    "retry",
    "settle_by_event",
]


class StoredLedger:
    """`is_alive(owner)` says whether the process that calls itself so may still be running.

    `resumes`: whether taking a mailing lifts also a pause that a person or the alarm made.
    """

    def __init__(self, store: Store, is_alive: Callable[[str], bool], *, resumes: bool = True) -> None:
        self._store = store
        self._is_alive = is_alive
        self._resumes = resumes

    def take(self, mailing: int, owner: str, now: datetime) -> Lease:
        with self._store.write() as connection:
            return leases.take(connection, mailing, owner, self._is_alive, now, resumes=self._resumes)

    def take_as_it_is(self, mailing: int, owner: str, now: datetime) -> Lease:
        """To settle what an earlier process left, while the mailing stays in its state; `give_back` ends it."""
        with self._store.write() as connection:
            return leases.take_as_it_is(connection, mailing, owner, self._is_alive, now)

    def give_back(self, lease: Lease) -> None:
        with self._store.write() as connection:
            leases.hold(connection, lease)
            leases.give_back(connection, lease)

    def orphans(self, lease: Lease) -> Sequence[Claim]:
        with self._store.write() as connection:
            leases.hold(connection, lease)
            return orphaned.claims(connection, lease)

    def claim(self, lease: Lease, attempt: str, sender: str, now: datetime, most: int) -> Claim | None:
        while True:  # where nobody of a chunk is left: a transaction each, or others would wait for all of them
            with self._store.write() as connection:
                found = claiming.claim(connection, lease, attempt, sender, now, most)
            if found is not claiming.NOBODY:
                return found

    def settle(
        self, lease: Lease, claim: Claim, answer: Answer, settlement: Settlement, now: datetime, by: str = ""
    ) -> None:
        with self._store.write() as connection:
            state = leases.state_if_ours(connection, lease)
            if state is None:
                settling.settle_late(connection, claim, answer, settlement, now)
            else:
                settling.settle(connection, state, claim, answer, settlement, now, by)
        if state is None:
            raise LeaseLost(lease.mailing)

    def next_due(self, lease: Lease) -> datetime | None:
        with self._store.read() as connection:
            return waiting.next_due(connection, lease.mailing)

    def handed_over(self, sender: str, since: datetime) -> Sequence[tuple[datetime, int]]:
        with self._store.read() as connection:
            return waiting.handed_over(connection, sender, since)

    def renew(self, lease: Lease, now: datetime) -> MailingState:
        with self._store.write() as connection:
            return leases.hold(connection, lease, until=now + leases.LEASE_TIME).state

    def pause(self, lease: Lease, reason: str, now: datetime, *, alarm: bool = False) -> None:
        by = PausedBy.ALARM if alarm else None
        with self._store.write() as connection:
            if leases.hold(connection, lease).state is MailingState.SENDING:
                mailings.move(connection, lease.mailing, MailingState.PAUSED, reason, by)
                note_pause(connection, lease.mailing, reason, by, now)

    def finish(self, lease: Lease, now: datetime) -> None:
        with self._store.write() as connection:
            standing = leases.hold(connection, lease)
            settling.finish(connection, lease.mailing, standing, now)
            leases.give_back(connection, lease)
