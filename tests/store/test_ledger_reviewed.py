"""What a careful reader of the ledger found: words of a person, events and late answers that meet in unlucky moments."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from newsletter.errors import LeaseLost
from newsletter.model.mailing import Outcome
from newsletter.store import ledger, mailings
from newsletter.store import tables as t
from newsletter.store.ledger import claiming
from tests.support.ledger import DOUBT, NO, YES, Process, counts, faults, noted, outcomes
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.sending import Claim
    from newsletter.store.database import Store

STALLED = BEGIN + timedelta(minutes=5)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


def cancel(desk: LedgerDesk, number: int, *, alive: bool = True) -> None:
    with desk.store.write() as connection:
        ledger.cancel(connection, number, "wrong", STALLED, lambda _owner: alive)


def resolve(desk: LedgerDesk, number: int, *, accepted: bool) -> None:
    with desk.store.write() as connection:
        ledger.resolve_uncertain(connection, number, accepted=accepted, now=STALLED)


def test_a_partial_answer_that_comes_late_leaves_nothing_in_flight_for_ever(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    stalled = Process(desk.store, number)
    claim = stalled.get()
    other = Process(desk.store, number)
    with pytest.raises(LeaseLost):
        stalled.settle(claim, NO, accepted=frozenset({1, 2, 3, 4}))
    other.finish()
    third = Process(desk.store, number)
    assert third.ledger.orphans(third.lease) or not counts(desk.store, number).get(Outcome.IN_FLIGHT)


def test_a_yes_after_a_person_said_not_sent_is_believed_and_nobody_is_sent_it_twice(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    stalled = Process(desk.store, number)
    claim = stalled.get()
    cancel(desk, number)
    resolve(desk, number, accepted=False)
    stalled.now = STALLED
    stalled.settle(claim, YES)
    assert counts(desk.store, number) == {Outcome.ACCEPTED: 10}
    assert noted(desk.store, number) == set(range(1, 11))
    assert counts(desk.store, desk.planned(size=10)) == {Outcome.EXCLUDED: 10}


def test_a_yes_after_a_person_said_accepted_is_no_fault(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    stalled = Process(desk.store, number)
    claim = stalled.get()
    cancel(desk, number)
    resolve(desk, number, accepted=True)
    stalled.now = STALLED
    stalled.settle(claim, YES)
    assert counts(desk.store, number) == {Outcome.ACCEPTED: 10}


def test_what_is_known_of_one_piece_of_an_attempt_does_not_stand_for_the_others(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    stalled = Process(desk.store, number)
    stalled.send(NO, refused={2: "550 no"})
    claim = stalled.get()
    with desk.store.write() as connection:
        ledger.retry(connection, number, BEGIN)  # cuts what is in flight: 1, 2, 3 to 10
    other = Process(desk.store, number)
    with pytest.raises(LeaseLost):
        stalled.settle(claim, NO, accepted=frozenset({1}))
    for orphan in other.ledger.orphans(other.lease):
        other.settle(orphan, NO, accepted=frozenset({1}), by="journal")
    found = outcomes(desk.store, number)
    assert (found[1], found[5]) == (Outcome.ACCEPTED, Outcome.PLANNED)


def test_who_was_not_in_the_request_is_not_proved_to_have_it(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    process = Process(desk.store, number)
    claim = process.get()
    with desk.store.write() as connection:
        ledger.settle_by_event(connection, claim.attempt, None, BEGIN, mailing=number, named={1})
    process.settle(claim, YES, refused={3: "could not be addressed"})
    assert outcomes(desk.store, number)[3] == Outcome.REFUSED


def test_what_a_killed_process_of_a_cancelled_mailing_had_in_hand_is_told_as_doubt(desk: LedgerDesk) -> None:
    number = desk.planned(size=5)
    Process(desk.store, number).get()
    cancel(desk, number)
    with desk.store.read() as connection:
        assert mailings.in_doubt(connection, "walking")[number] > 0


@pytest.mark.parametrize("backend", ["postgresql"])
def test_nobody_is_handed_over_and_counted_as_left_out_elsewhere(
    desk: LedgerDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event proves the first mailing while the sender of a second claims the same readers."""
    first = desk.planned(size=10)
    process = Process(desk.store, first)
    doubted = process.send(DOUBT)
    cancel(desk, first, alive=False)
    resolve(desk, first, accepted=False)
    second = desk.planned(size=10)
    later = Process(desk.store, second, name="later")
    looked, go = threading.Event(), threading.Event()
    whole = claiming.sendable

    def slowly(*given: object) -> Sequence[object]:
        found: Sequence[object] = whole(*given)  # type: ignore[arg-type]
        looked.set()
        go.wait(0.5)
        return found

    monkeypatch.setattr(claiming, "sendable", slowly)
    claimed: list[Claim] = []
    thread = threading.Thread(target=lambda: claimed.append(later.get()))
    thread.start()
    looked.wait(10)
    with desk.store.write() as connection:
        ledger.settle_by_event(connection, doubted.attempt, None, BEGIN, mailing=first, named={3})
    go.set()
    thread.join()
    later.settle(claimed[0], YES)
    handed_over = {n for n, _ in claimed[0].readers}
    assert not faults(desk.store)
    assert {outcomes(desk.store, second)[n] for n in handed_over} == {Outcome.ACCEPTED}


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_handlers_who_both_name_the_mailing_and_then_lock_it_do_not_block_each_other(desk: LedgerDesk) -> None:
    number = desk.planned(size=10)
    Process(desk.store, number)
    both = threading.Barrier(2)
    failures: list[Exception] = []

    def handle(person: int) -> None:
        row = {"subscriber": person, "mailing": number, "kind": "opened", "at": BEGIN}
        try:
            with desk.store.write() as connection:
                connection.execute(insert(t.engagements).values(row))
                both.wait(10)
                mailings.lock(connection, number)
        except Exception as failure:  # noqa: BLE001 - whatever it is
            failures.append(failure)

    threads = [threading.Thread(target=handle, args=(desk.get(desk.address(n)).number,)) for n in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
