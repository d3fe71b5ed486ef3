"""An event proves that an attempt was taken: doubt is cleared, and nobody is sent to again who has it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from newsletter.model.letter import Verdict
from newsletter.model.mailing import Outcome
from newsletter.store import tables as t
from newsletter.store.ledger import cancel, resolve_uncertain, retry, settle_by_event
from newsletter.store.upkeep import restoring
from tests.support.ledger import DOUBT, NO, YES, Process, change, counts, faults, noted, outcomes
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store

REFUSED = Verdict.REFUSED
MUCH_LATER = BEGIN + timedelta(hours=1)


@pytest.fixture
def process(store: Store, tmp_path: Path) -> Process:
    return Process(store, LedgerDesk(store, tmp_path).planned(size=5))


def event(process: Process, attempt: str, numbers: list[int] | None = None, **more: Any) -> int:
    with process.store.write() as connection:
        count = settle_by_event(connection, attempt, numbers, MUCH_LATER, **more)
    assert faults(process.store, process.mailing) == []
    return count


def not_sent(process: Process) -> None:
    with process.store.write() as connection:
        resolve_uncertain(connection, process.mailing, accepted=False, now=BEGIN)


def those(process: Process, outcome: Outcome) -> list[int]:
    return [n for n, stands in outcomes(process.store, process.mailing).items() if stands is outcome]


def settled_by(process: Process, attempt: str) -> str:
    with process.store.read() as connection:
        return str(connection.scalar(select(t.attempts.c.settled_by).where(t.attempts.c.id == attempt)))


def test_an_event_clears_the_doubt_of_its_attempt_and_of_no_other(process: Process) -> None:
    first, second = process.send(DOUBT), process.send(DOUBT)
    assert event(process, first.attempt) == 5
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.UNCERTAIN)) == ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])
    assert (settled_by(process, first.attempt), settled_by(process, second.attempt)) == ("event", "")
    assert event(process, first.attempt) == 0


def test_an_event_about_some_clears_their_doubt_only(process: Process) -> None:
    claim = process.send(DOUBT)
    assert event(process, claim.attempt, [2, 3]) == 2
    assert event(process, claim.attempt, [3]) == 0
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.UNCERTAIN)) == ([2, 3], [1, 4, 5])


def test_an_event_clears_the_doubt_about_single_deliveries(process: Process) -> None:
    claim = process.send(NO, doubtful={1: "the line broke", 2: "the line broke"}, accepted=frozenset({3}))
    again = process.send(YES)
    assert [n for n, _ in again.readers] == [4, 5]
    assert event(process, claim.attempt, [1]) == 1
    assert event(process, claim.attempt) == 1
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 5, Outcome.PLANNED: 5}


def test_the_parts_of_a_chunk_that_was_cut_are_found_by_their_attempt(process: Process) -> None:
    claim = process.send(DOUBT)
    with process.store.write() as connection:
        resolve_uncertain(connection, process.mailing, accepted=False, now=BEGIN, only=[2, 4])
    assert event(process, claim.attempt) == 5
    assert those(process, Outcome.ACCEPTED) == [1, 2, 3, 4, 5]


def test_what_is_accepted_or_not_known_is_not_touched(process: Process) -> None:
    claim = process.send(YES, refused={5: "full"})
    assert [event(process, claim.attempt), event(process, "who knows"), event(process, "who knows", [1])] == [0, 0, 0]
    assert event(process, "who knows", [6], mailing=process.mailing) == 0
    assert (those(process, Outcome.REFUSED), settled_by(process, claim.attempt)) == ([5], "")


def test_an_event_that_comes_before_the_answer_waits_for_it_and_outweighs_doubt(process: Process) -> None:
    claim = process.get()
    assert event(process, claim.attempt) == 0
    assert those(process, Outcome.IN_FLIGHT) == [1, 2, 3, 4, 5]
    process.settle(claim, DOUBT)
    assert (those(process, Outcome.ACCEPTED), settled_by(process, claim.attempt)) == ([1, 2, 3, 4, 5], "event")


def test_an_event_about_one_that_comes_before_the_answer_holds(process: Process) -> None:
    claim = process.get()
    assert event(process, claim.attempt, [2]) == 1
    process.settle(claim, NO, refused={1: "full"}, doubtful={2: "the line broke"}, accepted=frozenset({2}))
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.REFUSED)) == ([2], [1])
    assert [n for n, _ in process.get().readers] == [3, 4, 5]
    assert faults(process.store, process.mailing) == []


def test_an_event_that_came_before_a_crash_is_not_forgotten_by_a_cancellation(process: Process) -> None:
    claim = process.get()
    event(process, claim.attempt)
    with process.store.write() as connection:
        cancel(connection, process.mailing, "wrong", BEGIN, lambda _: False)
    assert those(process, Outcome.ACCEPTED) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("verdict", [NO, REFUSED])
def test_whoever_has_it_in_spite_of_a_no_is_not_sent_to_again(process: Process, verdict: Verdict) -> None:
    claim = process.send(verdict)
    assert event(process, claim.attempt) == 5
    assert noted(process.store, process.mailing) == {*range(1, 11)}
    assert process.get().chunk.first == 6


def test_whoever_was_refused_singly_and_has_it_is_accepted_only_if_the_event_names_them(process: Process) -> None:
    claim = process.send(NO, refused={1: "full", 2: "full"})
    assert event(process, claim.attempt, None, named=[1]) == 4
    assert (those(process, Outcome.REFUSED), those(process, Outcome.ACCEPTED)) == ([2], [1, 3, 4, 5])


def test_a_persons_word_that_was_wrong_does_no_harm_where_the_event_comes_in_time(process: Process) -> None:
    claim = process.send(DOUBT)
    not_sent(process)
    again = process.send(NO)
    assert (again.chunk.first, event(process, claim.attempt)) == (1, 0)
    assert event(process, claim.attempt, None, named=[2, 3]) == 2
    assert [n for n, _ in process.get().readers] == [1, 4, 5]


def test_an_event_about_what_is_in_flight_once_more_holds_whatever_the_answer_is(process: Process) -> None:
    claim = process.send(DOUBT)
    not_sent(process)
    again = process.get()
    assert event(process, claim.attempt, None, named=[1, 2, 3, 4, 5]) == 5
    process.settle(again, REFUSED)
    assert those(process, Outcome.ACCEPTED) == [1, 2, 3, 4, 5]
    assert noted(process.store, process.mailing) >= {1, 2, 3, 4, 5}
    assert faults(process.store, process.mailing) == []


def test_whoever_was_cancelled_or_tried_again_and_has_it_is_accepted(process: Process) -> None:
    claim = process.send(REFUSED)
    with process.store.write() as connection:
        retry(connection, process.mailing, BEGIN)
        cancel(connection, process.mailing, "wrong", BEGIN, lambda _: True)
    assert event(process, claim.attempt, [1, 2]) == 2
    assert (those(process, Outcome.ACCEPTED), noted(process.store, process.mailing)) == ([1, 2], {1, 2})


def test_who_has_it_by_another_mailing_too_keeps_one_note(store: Store, tmp_path: Path) -> None:
    desk = LedgerDesk(store, tmp_path)
    process = Process(store, desk.planned())
    claim = process.send(REFUSED)
    other = Process(store, desk.planned())
    other.get()
    assert event(process, claim.attempt) == 5
    assert (noted(store, process.mailing) & {1, 2, 3, 4, 5}, noted(store, other.mailing)) == (set(), {1, 2, 3, 4, 5})


def test_another_mailing_that_was_to_bring_it_leaves_out_who_has_it(store: Store, tmp_path: Path) -> None:
    desk = LedgerDesk(store, tmp_path)
    process = Process(store, desk.planned())
    claim = process.send(REFUSED)
    other = Process(store, desk.planned())
    assert event(process, claim.attempt, [1, 2]) == 2
    assert [n for n, _ in other.get().readers] == [3, 4, 5]
    assert noted(store, process.mailing) >= {1, 2}
    assert faults(store, other.mailing) == []


# --- after a backup was restored, attempts are forgotten


@pytest.fixture
def restored(process: Process) -> Process:
    process.send(YES, most=2)
    process.send(NO)
    with process.store.write() as connection:
        restoring.settle(connection, (), MUCH_LATER)
    return process


def test_what_is_forgotten_is_settled_delivery_by_delivery(restored: Process) -> None:
    assert those(restored, Outcome.UNCERTAIN) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert event(restored, "forgotten", None, mailing=restored.mailing, named=[1, 3]) == 1
    assert event(restored, "forgotten too", [7, 8, 9], mailing=restored.mailing) == 3
    assert those(restored, Outcome.UNCERTAIN) == [4, 5, 6, 10]


def test_what_a_person_took_for_not_sent_after_a_restore_is_not_sent_again(restored: Process) -> None:
    not_sent(restored)
    again = Process(restored.store, restored.mailing, "second", MUCH_LATER)
    assert event(again, "forgotten", None, mailing=again.mailing, named=[3, 4, 5]) == 3
    assert [n for n, _ in again.get().readers] == [6, 7, 8, 9, 10]


def test_a_number_that_is_given_again_is_no_proof(restored: Process) -> None:
    """Mailings since the restore have numbers that went out before it, for another issue."""
    change(restored.store, "mailings", {}, created_at=MUCH_LATER + timedelta(minutes=1))
    assert event(restored, "forgotten", [7], mailing=restored.mailing) == 0


def test_a_report_without_an_attempt_is_about_its_delivery(process: Process) -> None:
    process.send(DOUBT)
    assert event(process, "", [2], mailing=process.mailing) == 1
    assert those(process, Outcome.ACCEPTED) == [2]


def test_who_is_planned_again_beside_others_was_not_in_their_attempt(process: Process) -> None:
    first = process.send(NO, doubtful={1: "the line broke"})
    second = process.send(NO)
    not_sent(process)
    assert event(process, second.attempt) == 4
    assert [n for n, _ in process.get().readers] == [1]
    assert event(process, first.attempt, [1]) == 1
