"""Claiming: what is due and no more, to nobody who must not have it, and never after the latest time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import LeaseHeld, LeaseLost, MailingNotFound, StateForbids
from newsletter.model.mailing import MailingState, Outcome
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import mailings
from newsletter.store.ledger import pause
from tests.support.ledger import (
    NO,
    Process,
    change,
    chunks_of,
    counts,
    faults,
    mailing_of,
    noted,
    outcomes,
    tally_of,
)
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.sending import Claim
    from newsletter.store.database import Store

LATER = BEGIN + timedelta(hours=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


def numbers(claim: Claim | None) -> list[int]:
    assert claim
    return [n for n, _ in claim.readers]


def test_no_more_readers_than_asked_for_are_claimed_and_the_rest_stays_planned(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=5))
    assert [numbers(process.claim(most)) for most in (2, 100, 100)] == [[1, 2], [3, 4, 5], [6, 7, 8, 9, 10]]
    assert process.claim() is None
    assert chunks_of(desk.store, process.mailing) == [
        (1, 2, "submitting"),
        (3, 5, "submitting"),
        (6, 10, "submitting"),
    ]
    assert faults(desk.store, process.mailing) == []


def test_a_claim_is_an_attempt_with_whom_it_is_made_for(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned())
    desk.left(1)
    claim = process.get(3)
    assert (claim.sender, claim.chunk.first, claim.chunk.last, numbers(claim)) == ("scripted", 1, 3, [2, 3])
    assert claim.readers[0][1] == desk.get(desk.address(2))
    assert process.ledger.handed_over("scripted", BEGIN) == [(BEGIN, 2)]
    assert process.ledger.handed_over("scripted", LATER) == []
    assert process.ledger.handed_over("another", BEGIN) == []


def test_what_waits_by_plan_or_after_a_no_is_not_due(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=5))
    change(desk.store, "chunks", {"first": 1}, due_at=LATER)
    assert process.ledger.next_due(process.lease) == BEGIN
    process.send(NO, wait=timedelta(minutes=1))
    assert process.claim() is None
    assert process.ledger.next_due(process.lease) == BEGIN + timedelta(minutes=1)
    process.now = BEGIN + timedelta(minutes=1)
    assert numbers(process.claim()) == [6, 7, 8, 9, 10]
    assert process.ledger.next_due(process.lease) == LATER
    process.now = LATER
    assert numbers(process.claim()) == [1, 2, 3, 4, 5]
    assert process.ledger.next_due(process.lease) is None


def test_whoever_left_was_suppressed_or_erased_since_is_excluded_and_may_be_reached_anew(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned())
    desk.left(1)
    desk.suppress(desk.address(2), SuppressionReason.COMPLAINT)
    desk.erased(3)
    assert numbers(process.claim()) == [4, 5]
    assert tally_of(desk.store, process.mailing).exclusions == {"unsubscribed": 1, "suppressed": 1, "erased": 1}
    assert noted(desk.store, process.mailing) == {4, 5, 6, 7, 8, 9, 10}
    assert faults(desk.store, process.mailing) == []


def test_a_chunk_of_which_nobody_is_left_is_passed_over(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=2))
    desk.left(1)
    desk.left(2)
    assert numbers(process.claim()) == [3, 4]
    assert chunks_of(desk.store, process.mailing)[0] == (1, 2, "cancelled")
    assert counts(desk.store, process.mailing)[Outcome.EXCLUDED] == 2


def test_a_chunk_is_tracked_only_while_everybody_in_it_agrees(desk: LedgerDesk) -> None:
    desk.agree(2, 5, 7, 9)
    process = Process(desk.store, desk.planned(size=2, tracking=True))
    untracked = [process.get() for _ in range(3)]
    assert [claim.tracked or claim.chunk.tracked for claim in untracked] == [False] * 3
    first = process.get()
    assert (first.tracked, [reader.address for _, reader in first.readers]) == (
        True,
        [desk.address(2), desk.address(5)],
    )
    desk.agree(7, allowed=False)
    assert (process.get().tracked, process.claim()) == (False, None)
    assert faults(desk.store, process.mailing) == []


def test_nobody_is_tracked_who_was_planned_without(desk: LedgerDesk) -> None:
    desk.agree(*range(1, 11))
    process = Process(desk.store, desk.planned(size=100))
    assert not process.get().tracked


def test_nothing_is_handed_over_after_the_latest_time_and_the_rest_may_be_reached_anew(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=5, latest_at=LATER))
    process.send()
    assert process.ledger.next_due(process.lease) == BEGIN
    process.now = LATER
    assert process.claim() is None
    process.finish()
    mailing = mailing_of(desk.store, process.mailing)
    assert (mailing.state, mailing.reason) == (MailingState.FINISHED, "its latest time passed")
    assert counts(desk.store, process.mailing) == {Outcome.ACCEPTED: 5, Outcome.CANCELLED: 5}
    assert noted(desk.store, process.mailing) == {1, 2, 3, 4, 5}
    assert faults(desk.store, process.mailing) == []


def test_what_comes_back_after_the_latest_time_is_cancelled_when_it_ends(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=5, latest_at=LATER))
    process.send()
    claim = process.get()
    process.now = LATER
    process.settle(claim, NO, wait=timedelta(hours=1))
    assert process.ledger.next_due(process.lease) == LATER
    process.finish()
    assert mailing_of(desk.store, process.mailing).state is MailingState.FINISHED
    assert counts(desk.store, process.mailing) == {Outcome.ACCEPTED: 5, Outcome.CANCELLED: 5}


def test_a_latest_time_after_everything_went_out_changes_nothing(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=10, latest_at=LATER))
    process.send()
    process.now = LATER
    process.finish()
    mailing = mailing_of(desk.store, process.mailing)
    assert (mailing.state, mailing.reason, mailing.latest_at) == (MailingState.FINISHED, "", LATER)


def test_a_scheduled_mailing_is_not_sent_before_it_has_begun(desk: LedgerDesk) -> None:
    number = desk.planned()
    change(desk.store, "mailings", {"number": number}, state=MailingState.SCHEDULED)
    with pytest.raises(StateForbids):
        Process(desk.store, number, now=LATER)
    assert mailing_of(desk.store, number).state is MailingState.SCHEDULED


def test_a_paused_mailing_gives_nothing_and_goes_on_with_the_next_lease(desk: LedgerDesk) -> None:
    process = Process(desk.store, desk.planned(size=5))
    claim = process.get()
    process.ledger.pause(process.lease, "look at it", BEGIN)
    process.ledger.pause(process.lease, "a second time", BEGIN)
    assert (mailing_of(desk.store, process.mailing).reason, process.claim()) == ("look at it", None)
    assert process.ledger.next_due(process.lease) is None
    process.settle(claim)
    process.finish()
    assert mailing_of(desk.store, process.mailing).state is MailingState.PAUSED
    again = Process(desk.store, process.mailing)
    again.send()
    again.finish()
    assert mailing_of(desk.store, process.mailing).state is MailingState.FINISHED


def test_one_process_at_a_time_holds_a_mailing(desk: LedgerDesk) -> None:
    number = desk.planned()
    first = Process(desk.store, number)
    with pytest.raises(LeaseHeld):
        Process(desk.store, number, "second")
    second = Process(desk.store, number, "second", now=BEGIN + timedelta(minutes=3))
    for late in (first.claim, first.finish, lambda: first.ledger.renew(first.lease, BEGIN)):
        with pytest.raises(LeaseLost):
            late()
    with pytest.raises(LeaseLost):
        first.ledger.pause(first.lease, "late", BEGIN)
    with pytest.raises(LeaseLost):
        first.ledger.orphans(first.lease)
    assert second.claim()


def test_a_mailing_that_is_not_there_is_named(desk: LedgerDesk) -> None:
    with pytest.raises(MailingNotFound):
        Process(desk.store, 7)
    with desk.store.write() as connection, pytest.raises(MailingNotFound):
        pause(connection, 7, "", BEGIN)
    with desk.store.read() as connection, pytest.raises(MailingNotFound):
        mailings.tally(connection, 7)


def test_a_reader_who_is_planned_in_two_mailings_gets_one(desk: LedgerDesk) -> None:
    first, second = desk.planned(), desk.planned()
    assert set(outcomes(desk.store, second).values()) == {Outcome.EXCLUDED}
    assert noted(desk.store, second) == set()
    assert faults(desk.store, first) == []
