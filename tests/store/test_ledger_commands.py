"""A person's word: pause, cancel, resolve, retry. Nobody is sent to twice by it unless they say so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import PauseStands, StateForbids
from newsletter.model.letter import Verdict
from newsletter.model.mailing import MailingState, Outcome, PausedBy
from newsletter.store.ledger import StoredLedger, cancel, pause, resolve_uncertain, retry
from tests.support.ledger import (
    DOUBT,
    NO,
    YES,
    Process,
    change,
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
    from collections.abc import Callable, Collection
    from pathlib import Path

    from newsletter.store.database import Store

REFUSED = Verdict.REFUSED
MUCH_LATER = BEGIN + timedelta(hours=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


@pytest.fixture
def process(desk: LedgerDesk) -> Process:
    return Process(desk.store, desk.planned(size=5))


def paused(process: Process, reason: str = "wait") -> None:
    with process.store.write() as connection:
        pause(connection, process.mailing, reason, BEGIN)


def test_a_persons_pause_is_lifted_only_by_who_may(process: Process) -> None:
    paused(process)
    cron = StoredLedger(process.store, lambda _owner: False, resumes=False)
    with pytest.raises(PauseStands):
        cron.take(process.mailing, "cron", MUCH_LATER)
    assert mailing_of(process.store, process.mailing).state is MailingState.PAUSED
    person = StoredLedger(process.store, lambda _owner: False)
    person.take(process.mailing, "person", MUCH_LATER)
    now = mailing_of(process.store, process.mailing)
    assert (now.state, now.paused_by) == (MailingState.SENDING, None)


@pytest.mark.parametrize("alarm", [True, False])
def test_after_an_alarm_a_person_has_to_look_after_trouble_not(process: Process, alarm: bool) -> None:
    process.ledger.pause(process.lease, "why", BEGIN, alarm=alarm)
    assert mailing_of(process.store, process.mailing).paused_by == (PausedBy.ALARM if alarm else None)
    paused(process, "by hand")
    assert mailing_of(process.store, process.mailing).paused_by is (PausedBy.ALARM if alarm else PausedBy.PERSON)
    assert mailing_of(process.store, process.mailing).reason == ("why" if alarm else "by hand")


def test_a_lease_can_be_had_and_given_back_while_the_mailing_stays_as_it_is(process: Process) -> None:
    paused(process)
    later = StoredLedger(process.store, lambda _owner: False)
    lease = later.take_as_it_is(process.mailing, "cancel", MUCH_LATER)
    later.give_back(lease)
    assert mailing_of(process.store, process.mailing).state is MailingState.PAUSED
    assert StoredLedger(process.store, lambda _owner: True).take(process.mailing, "next", MUCH_LATER)


def cancelled(process: Process, *, alive: bool = True) -> None:
    with process.store.write() as connection:
        cancel(connection, process.mailing, "wrong issue", BEGIN, lambda _owner: alive)


def resolved(process: Process, *, accepted: bool, only: Collection[int] | None = None) -> int:
    with process.store.write() as connection:
        return resolve_uncertain(connection, process.mailing, accepted=accepted, now=BEGIN, only=only)


def retried(process: Process, reason: str | None = None) -> int:
    with process.store.write() as connection:
        return retry(connection, process.mailing, BEGIN, reason)


def those(process: Process, outcome: Outcome) -> list[int]:
    return [n for n, stands in outcomes(process.store, process.mailing).items() if stands is outcome]


def state(process: Process) -> MailingState:
    return mailing_of(process.store, process.mailing).state


def in_order(process: Process) -> bool:
    return faults(process.store, process.mailing) == []


# --- pause and cancel


def test_a_pause_says_why_and_a_second_one_changes_nothing(process: Process) -> None:
    paused(process, "the director is away")
    paused(process, "another reason")
    assert mailing_of(process.store, process.mailing).reason == "the director is away"
    assert process.claim() is None


def test_cancelling_frees_whom_it_was_not_sent_to_and_leaves_the_others_their_note(process: Process) -> None:
    process.send(YES, most=2, doubtful={1: "the line broke"})
    cancelled(process)
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 1, Outcome.UNCERTAIN: 1, Outcome.CANCELLED: 8}
    assert noted(process.store, process.mailing) == {1, 2}
    assert (state(process), mailing_of(process.store, process.mailing).reason) == (
        MailingState.CANCELLED,
        "wrong issue",
    )
    assert in_order(process)


def test_whoever_was_cancelled_gets_the_issue_by_another_mailing(desk: LedgerDesk, process: Process) -> None:
    process.send(YES)
    cancelled(process)
    other = Process(desk.store, desk.planned(), now=MUCH_LATER)
    assert those(other, Outcome.PLANNED) == [6, 7, 8, 9, 10]


def test_a_paused_and_a_scheduled_mailing_can_be_cancelled(desk: LedgerDesk, process: Process) -> None:
    paused(process)
    cancelled(process)
    scheduled = desk.planned(issue="another")
    change(desk.store, "mailings", {"number": scheduled}, state=MailingState.SCHEDULED)
    with desk.store.write() as connection:
        cancel(connection, scheduled, "not needed", BEGIN, lambda _: True)
    assert (state(process), mailing_of(desk.store, scheduled).state) == (MailingState.CANCELLED,) * 2


def test_what_was_in_flight_when_its_process_ended_is_doubt_once_it_is_cancelled(process: Process) -> None:
    process.get()
    cancelled(process)
    assert counts(process.store, process.mailing) == {Outcome.IN_FLIGHT: 5, Outcome.CANCELLED: 5}
    cancelled(process, alive=False)
    assert counts(process.store, process.mailing) == {Outcome.UNCERTAIN: 5, Outcome.CANCELLED: 5}
    assert in_order(process)


def test_doubt_in_a_cancelled_mailing_that_was_not_sent_is_cancelled_and_freed(process: Process) -> None:
    process.send(YES, doubtful={1: "the line broke", 2: "the line broke"})
    process.send(DOUBT)
    cancelled(process)
    assert resolved(process, accepted=False, only=[1, 6, 7]) == 3
    assert (those(process, Outcome.CANCELLED), those(process, Outcome.UNCERTAIN)) == ([1, 6, 7], [2, 8, 9, 10])
    assert resolved(process, accepted=False) == 4
    assert noted(process.store, process.mailing) == {3, 4, 5}
    assert (state(process), in_order(process)) == (MailingState.CANCELLED, True)


@pytest.mark.parametrize("wish", [cancelled, paused])
def test_what_is_through_is_neither_paused_nor_cancelled(process: Process, wish: Callable[[Process], None]) -> None:
    process.send()
    process.send()
    process.finish()
    with pytest.raises(StateForbids, match="mailing 1 is finished, so it cannot be"):
        wish(process)


# --- resolve


def test_a_word_on_all_doubt(process: Process) -> None:
    process.send(YES, doubtful={1: "the line broke"})
    process.send(DOUBT, accepted=frozenset({6}))
    assert resolved(process, accepted=True) == 5
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 10}
    assert resolved(process, accepted=True) == 0
    assert in_order(process)


def test_not_sent_plans_again_exactly_who_was_in_doubt(process: Process) -> None:
    process.send(YES, doubtful={2: "the line broke", 3: "the line broke", 5: "the line broke"}, refused={4: "full"})
    process.send(DOUBT, accepted=frozenset({6}))
    process.finish()
    assert state(process) is MailingState.FINISHED
    assert resolved(process, accepted=False) == 7
    assert (state(process), those(process, Outcome.PLANNED)) == (MailingState.PAUSED, [2, 3, 5, 7, 8, 9, 10])
    assert in_order(process)
    again = Process(process.store, process.mailing)
    assert [[n for n, _ in again.send().readers] for _ in range(3)] == [[2, 3], [5], [7, 8, 9, 10]]
    again.finish()
    assert (state(process), counts(process.store, process.mailing)) == (
        MailingState.FINISHED,
        {Outcome.ACCEPTED: 9, Outcome.REFUSED: 1},
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_a_word_on_some_leaves_the_others_in_doubt(process: Process, accepted: bool) -> None:
    process.send(YES, doubtful={1: "the line broke", 2: "the line broke"})
    process.send(DOUBT)
    assert resolved(process, accepted=accepted, only=[2, 3, 7, 9, 10, 99]) == 4
    assert those(process, Outcome.UNCERTAIN) == [1, 6, 8]
    now_ = Outcome.ACCEPTED if accepted else Outcome.PLANNED
    assert {2, 7, 9, 10} <= set(those(process, now_))
    assert in_order(process)


def test_a_finished_mailing_stays_so_where_nobody_is_left_in_doubt(process: Process) -> None:
    process.send(DOUBT, refused={1: "full"})
    process.send()
    process.finish()
    resolved(process, accepted=True, only=[2, 3, 4, 5])
    assert (resolved(process, accepted=False), state(process), in_order(process)) == (0, MailingState.FINISHED, True)


def test_doubt_is_resolved_also_where_its_chunk_is_in_flight_again(process: Process) -> None:
    process.send(NO, doubtful={1: "the line broke", 3: "the line broke"})
    claim = process.get()
    assert [n for n, _ in claim.readers] == [2, 4, 5]
    assert resolved(process, accepted=False, only=[3]) == 1
    assert (those(process, Outcome.PLANNED)[0], those(process, Outcome.IN_FLIGHT)) == (3, [2, 4, 5])
    assert in_order(process)
    process.settle(claim, YES, refused={5: "full"})
    assert [n for n, _ in process.send().readers] == [3]
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.UNCERTAIN)) == ([2, 3, 4], [1])
    assert in_order(process)


def test_a_chunk_that_was_cut_in_flight_is_cut_once_more_when_it_was_too_large(process: Process) -> None:
    process.send(NO, doubtful={3: "the line broke"})
    claim = process.get()
    resolved(process, accepted=False)
    process.settle(claim, NO, ranges=((1, 3), (4, 5)))
    assert those(process, Outcome.PLANNED) == [*range(1, 11)]
    assert in_order(process)


# --- retry


def test_whoever_was_refused_is_tried_again(process: Process) -> None:
    process.send(YES, refused={1: "full", 2: "no such address", 4: "full"})
    process.send(REFUSED, accepted=frozenset({6}), refused={7: "full"})
    process.finish()
    assert retried(process) == 7
    assert (state(process), those(process, Outcome.PLANNED)) == (MailingState.PAUSED, [1, 2, 4, 7, 8, 9, 10])
    assert noted(process.store, process.mailing) == {*range(1, 11)}
    assert in_order(process)
    again = Process(process.store, process.mailing)
    assert [[n for n, _ in again.send().readers] for _ in range(3)] == [[1, 2], [4], [7, 8, 9, 10]]
    assert retried(process) == 0


@pytest.mark.parametrize(("reason", "numbers"), [("full", [1, 4]), ("too long", [6, 7, 8, 9, 10]), ("", [])])
def test_only_those_refused_for_a_reason_are_tried_again(process: Process, reason: str, numbers: list[int]) -> None:
    process.send(YES, refused={1: "full", 2: "no such address", 4: "full"})
    process.send(REFUSED, detail="too long")
    assert retried(process, reason) == len(numbers)
    assert those(process, Outcome.PLANNED) == numbers
    assert in_order(process)


def test_whoever_got_the_issue_by_another_mailing_meanwhile_is_not_tried_again(
    desk: LedgerDesk, process: Process
) -> None:
    process.send(YES, refused={1: "full"})
    process.send(REFUSED)
    process.finish()
    other = Process(desk.store, desk.planned(size=2), now=MUCH_LATER)
    assert those(other, Outcome.PLANNED) == [1, 6, 7, 8, 9, 10]
    other.send(REFUSED)
    assert retried(process) == 1
    tally = tally_of(desk.store, process.mailing)
    assert (those(process, Outcome.PLANNED), tally.exclusions) == ([1], {"already sent": 5})
    assert in_order(process)


def test_a_finished_mailing_stays_so_where_nobody_is_left_to_try_again(desk: LedgerDesk, process: Process) -> None:
    process.send(YES, refused={1: "full"})
    process.send(REFUSED)
    process.finish()
    Process(desk.store, desk.planned(), now=MUCH_LATER)
    assert (retried(process), state(process), in_order(process)) == (0, MailingState.FINISHED, True)


def test_a_round_of_its_own_is_tried_again_though_they_had_the_issue_before(desk: LedgerDesk, process: Process) -> None:
    process.send()
    process.send()
    process.finish()
    again = Process(desk.store, desk.planned(again="a wrong number"), now=MUCH_LATER)
    again.send(REFUSED)
    assert (retried(again), those(again, Outcome.EXCLUDED)) == (5, [])


def test_what_waits_after_a_no_is_due_at_once(process: Process) -> None:
    process.send(NO, wait=timedelta(hours=1), counts=True)
    assert process.claim() is None
    assert retried(process, "full") == 0
    assert process.claim() is None
    assert retried(process) == 0
    assert (process.get().chunk.tries, process.get().chunk.first) == (0, 6)


def test_what_waits_by_plan_goes_on_waiting(process: Process) -> None:
    change(process.store, "chunks", {"first": 1}, due_at=MUCH_LATER)
    retried(process)
    assert process.get().chunk.first == 6


def test_nothing_of_a_cancelled_mailing_is_tried_again(process: Process) -> None:
    process.send(REFUSED)
    cancelled(process)
    with pytest.raises(StateForbids):
        retried(process)


def test_a_refusal_of_an_earlier_version_is_tried_again(process: Process) -> None:
    process.send(YES, refused={1: "full"})
    for table in ("delivery_outcomes", "chunks"):
        change(process.store, table, {}, attempt="")
    assert retried(process) == 1
    assert [n for n, _ in process.get().readers] == [1]
    assert in_order(process)
