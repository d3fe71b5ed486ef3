"""Readers leave, files are imported and suppressions lifted at the same moment: nobody waits for ever, nothing is lost."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.model.suppressing import GRAVITY, Suppressing
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.suppressions import lifting
from newsletter.store.suppressions.many import StoredSuppressions
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from newsletter.store.database import Store
    from tests.support.readers import Desk

PEOPLE = [f"r{number}@example.org" for number in range(4)]


@pytest.fixture
def readers(desk: Desk) -> dict[str, int]:
    """Address -> number, all of them subscribed."""
    numbers = {}
    with desk.store.write() as connection:
        for name in PEOPLE:
            row = {"public_id": name, "identity_hash": hash_of(name), "address": name, "attributes": {}}
            person = insert(t.subscribers).values(created_at=NOW, **row).returning(t.subscribers.c.number)
            numbers[name] = connection.execute(person).scalar_one()
            joined = {"list": desk.list_().number, "status": SubscriptionStatus.SUBSCRIBED, "changed_at": NOW}
            connection.execute(insert(t.subscriptions).values(subscriber=numbers[name], **joined))
    return numbers


def test_whatever_happens_at_once_the_history_adds_up(store: Store, readers: dict[str, int]) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda seed: live(store, readers, random.Random(seed)), range(4)))
    with store.read() as connection:
        for person in PEOPLE:
            given: list[SuppressionReason] = []
            for event in suppressions.events_of(connection, hash_of(person)):
                if event.action == "lifted":
                    assert event.reason is gravest(given)
                    given = []
                else:
                    assert event.reason not in given
                    given.append(event.reason)
            found = suppression_of(connection, hash_of(person))
            assert (found.reason if found else None) is gravest(given)


def gravest(reasons: list[SuppressionReason]) -> SuppressionReason | None:
    return max(reasons, key=GRAVITY.__getitem__, default=None)


def live(store: Store, readers: dict[str, int], chance: random.Random) -> None:
    for _ in range(12):
        person, reason = chance.choice(PEOPLE), chance.choice(list(SuppressionReason))
        match chance.choice(("add", "leave", "lift", "file")):
            case "add":
                with store.write() as connection:
                    suppressions.add(connection, hash_of(person), person, reason, "a test", NOW)
            case "leave":
                with store.write() as connection:
                    consent.leave_everything(connection, readers[person], ConsentSource.PAGE, None, NOW)
            case "lift":
                with store.write() as connection:
                    lifting.lift(connection, hash_of(person), "they asked", NOW)
            case "file":
                StoredSuppressions(store).add([entry(one, reason) for one in chance.sample(PEOPLE, 3)], NOW)


def entry(address: str, reason: SuppressionReason) -> Suppressing:
    return Suppressing(identity_hash=hash_of(address), identity=address, reason=reason, source="a file")


def test_a_lesser_reason_that_several_give_at_once_is_noted_once(store: Store) -> None:
    def add(person: str, reason: SuppressionReason) -> None:
        with store.write() as connection:
            suppressions.add(connection, hash_of(person), person, reason, "a test", NOW)

    for person in (f"{number}@example.org" for number in range(12)):
        add(person, SuppressionReason.COMPLAINT)
        together = Barrier(4)

        def add_with_others(who: str, barrier: Barrier) -> None:
            barrier.wait()
            add(who, SuppressionReason.BY_HAND)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add_with_others, [person] * 4, [together] * 4))
        with store.read() as connection:
            noted = [event.reason for event in suppressions.events_of(connection, hash_of(person))]
        assert noted == [SuppressionReason.COMPLAINT, SuppressionReason.BY_HAND]
