"""Two handlers and the pages at the same moment, on PostgreSQL: each sees what the other did, and none waits for ever."""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from newsletter.errors import SubscriberNotFound
from newsletter.esp.sendgrid import events as sendgrid
from newsletter.model.event import EventKind
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.pipeline.handling import Handler
from newsletter.pipeline.receiving import receive, record
from newsletter.store.events import inbox
from newsletter.store.people import consent, erasing
from tests.support.readers import KEYS, hash_of
from tests.support.reports import LATER, ReportDesk, day, entry, named, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from newsletter.store.database import Store

ADA = "ada@example.org"
PEOPLE = [ADA, *(f"reader{n}@example.org" for n in range(7))]
ROUNDS = 30


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path)


def waits_or_ends(store: Store, work: Future[object]) -> None:
    """Until it is through, or waits for a lock that another transaction has."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    end = time.monotonic() + 20
    while not work.done() and time.monotonic() < end:
        with store.read() as connection:
            if connection.scalar(text(waiting)):
                return


def test_two_handlers_that_count_somebodys_bounces_see_what_the_other_counted(desk: ReportDesk, backend: str) -> None:
    if backend == "sqlite":
        return  # there only one writes at all
    mailings = [desk.mailed(*([ADA] if not n else []), issue=f"issue-{n}") for n in range(5)]
    bounces = [desk.event(EventKind.SOFT_BOUNCE, number, at=day(n)) for n, number in enumerate(mailings)]
    desk.receive(*bounces[:3])
    with ThreadPoolExecutor(1) as pool:
        with desk.store.write() as connection:
            record(connection, KEYS, bounces[3:4], "sendgrid", LATER)
            other: Future[object] = pool.submit(receive, desk.store, KEYS, bounces[4:], "sendgrid", LATER)
            waits_or_ends(desk.store, other)
        other.result(20)
    assert desk.reason(ADA) is SuppressionReason.HARD_BOUNCE


def test_two_handlers_and_pages_at_once_never_wait_for_one_another_for_ever(desk: ReportDesk) -> None:
    number = desk.mailed(*PEOPLE)
    chance = random.Random(5)
    _keep_reports(desk, number, chance)
    failures: list[BaseException] = []

    def handle(_chance: random.Random) -> None:
        for _ in Handler(store=desk.store, keys=KEYS, readers={"sendgrid": sendgrid.read}).rounds(LATER):
            pass

    def leave(own: random.Random) -> None:
        with desk.store.write() as connection:
            who = numbers[own.choice(PEOPLE)]
            consent.leave_everything(connection, who, ConsentSource.ONE_CLICK, number, LATER)

    def erase(own: random.Random) -> None:
        with desk.store.write() as connection:
            address = own.choice(PEOPLE[4:])
            erasing.erase(connection, hash_of(address), address, LATER)

    def work(what: Callable[[random.Random], None], seed: int) -> None:
        own = random.Random(seed)
        begin.wait(20)
        for _ in range(ROUNDS):
            try:
                what(own)
            except SubscriberNotFound:
                continue
            except BaseException as failure:  # noqa: BLE001 - of whatever kind
                failures.append(failure)

    numbers = {address: desk.get(address).number for address in PEOPLE}
    tasks = [handle, handle, leave, leave, erase]
    begin = threading.Barrier(len(tasks))
    with ThreadPoolExecutor(len(tasks)) as pool:
        list(pool.map(work, tasks, range(len(tasks))))
    assert failures == []
    handle(chance)
    with desk.store.read() as connection:
        assert inbox.count_waiting(connection) == 0
    statuses = {address: desk.statuses(address)["news"] for address in PEOPLE[:4]}
    assert all(status is SubscriptionStatus.UNSUBSCRIBED or desk.reason(one) for one, status in statuses.items())


def _keep_reports(desk: ReportDesk, number: int, chance: random.Random) -> None:
    attempts = [desk.attempt_of(number, n + 1) for n in range(len(PEOPLE))]
    kinds = ("bounce", "spamreport", "unsubscribe", "group_unsubscribe", "dropped", "blocked", "delivered")
    with desk.store.write() as connection:
        for _ in range(ROUNDS):
            some = chance.sample(range(len(PEOPLE)), 4)
            entries = [
                entry(chance.choice(kinds), email=PEOPLE[n], type="bounce", **named(number, n + 1, attempts[n]))
                for n in some
            ]
            inbox.add(connection, "sendgrid", report(*entries), LATER)
