"""A mailing to nine readers that was cut short: three have it, three were under way, three were still planned."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import tables as t
from tests.support.mailing import ACCEPTED, Clock, MailingDesk, ScriptedSender
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.letter import Answer, Envelope
    from newsletter.store.database import Store


class Crash(BaseException):
    """A `kill -9` while the provider was being called."""


def half_sent(store: Store, folder: Path) -> tuple[MailingDesk, int]:
    desk = MailingDesk(store, folder)
    add_readers(store, desk.lists["news"].number, 9)
    number = desk.plan(size=3)
    answers = iter([ACCEPTED])

    def answer(_envelopes: Sequence[Envelope]) -> Answer:
        if known := next(answers, None):
            return known
        raise Crash

    with suppress(Crash):
        desk.send(number, ScriptedSender(answer))
    with store.write() as connection:
        gone = f"{socket.gethostname()}:99999999:1"  # as wiring.owner() calls a process; this one is no more
        connection.execute(update(t.mailings).values(lease_owner=gone))
    expected = {Outcome.ACCEPTED: 3, Outcome.IN_FLIGHT: 3, Outcome.PLANNED: 3}
    assert (desk.mailing(number).state, desk.tally(number).outcomes) == (MailingState.SENDING, expected)
    return desk, number


def add_readers(store: Store, list_: int, count: int) -> None:
    """reader0001@example.org and so on, subscribed."""
    addresses = [f"reader{number:04}@example.org" for number in range(1, count + 1)]
    people = [
        {"public_id": f"reader-{n}", "identity_hash": hash_of(address), "address": address, "attributes": {}}
        | {"created_at": NOW, "joined_at": NOW}
        for n, address in enumerate(addresses, 1)
    ]
    with store.write() as connection:
        connection.execute(insert(t.subscribers), people)
        numbers = connection.scalars(select(t.subscribers.c.number).where(t.subscribers.c.address.in_(addresses))).all()
        rows = [{"subscriber": n, "list": list_, "status": "subscribed", "changed_at": NOW} for n in numbers]
        connection.execute(insert(t.subscriptions), rows)


def desk_of(store: Store) -> MailingDesk:
    """A desk for a store whose lists are there already."""
    desk = MailingDesk.__new__(MailingDesk)
    desk.store = store
    return desk


def go_on(desk: MailingDesk, number: int) -> ScriptedSender:
    """Send what is left; longer after the crash than a lease lasts."""
    clock = Clock()
    clock.sleep(1000)
    sender = ScriptedSender()
    desk.send(number, sender, clock=clock, owner="the next run")
    return sender
