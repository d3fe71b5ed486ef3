"""Storing answers: what follows for the chunk and for those who fared otherwise, also when the answer comes late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter.errors import IllegalMove, LeaseLost
from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState, MailingState, Outcome
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.ledger import cancel, pause, resolve_uncertain
from tests.support.ledger import (
    DOUBT,
    NO,
    YES,
    Process,
    chunks_of,
    counts,
    faults,
    mailing_of,
    noted,
    outcomes,
)
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from newsletter.store.database import Store

MINUTE = timedelta(minutes=1)
MUCH_LATER = BEGIN + timedelta(hours=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


@pytest.fixture
def process(desk: LedgerDesk) -> Process:
    return Process(desk.store, desk.planned(size=5))


def attempt(process: Process, id_: str) -> Any:
    with process.store.read() as connection:
        return connection.execute(select(t.attempts).where(t.attempts.c.id == id_)).one()


def those(process: Process, outcome: Outcome) -> list[int]:
    return [n for n, stands in outcomes(process.store, process.mailing).items() if stands is outcome]


def in_order(process: Process) -> bool:
    return faults(process.store, process.mailing) == []


@pytest.mark.parametrize(
    ("verdict", "outcome", "kept"),
    [
        (YES, Outcome.ACCEPTED, True),
        (Verdict.REFUSED, Outcome.REFUSED, False),
        (DOUBT, Outcome.UNCERTAIN, True),
        (NO, Outcome.PLANNED, True),
    ],
)
def test_an_answer_settles_everybody_in_the_chunk(
    process: Process, verdict: Verdict, outcome: Outcome, kept: bool
) -> None:
    claim = process.send(verdict, detail="as it said")
    assert [outcomes(process.store, process.mailing)[n] for n in range(1, 6)] == [outcome] * 5
    assert (noted(process.store, process.mailing) >= {1, 2, 3, 4, 5}) is kept
    stored = attempt(process, claim.attempt)
    assert (stored.verdict, stored.detail, stored.answered_at) == (verdict, "as it said", BEGIN)
    assert in_order(process)


def test_those_who_fared_otherwise_get_an_entry_of_their_own(process: Process) -> None:
    process.send(YES, refused={1: "no such address"}, doubtful={2: "the line broke"})
    assert those(process, Outcome.REFUSED) == [1]
    assert those(process, Outcome.UNCERTAIN) == [2]
    assert those(process, Outcome.ACCEPTED) == [3, 4, 5]
    assert noted(process.store, process.mailing) == {*range(2, 11)}
    assert in_order(process)


def test_a_chunk_that_stays_planned_is_sent_again_to_those_without_an_entry(process: Process) -> None:
    process.send(NO, accepted=frozenset({1, 2}), doubtful={3: "the line broke"}, refused={4: "full"}, wait=MINUTE)
    process.now += MINUTE
    assert [n for n, _ in process.get().readers] == [5]
    assert [those(process, one) for one in (Outcome.ACCEPTED, Outcome.UNCERTAIN, Outcome.REFUSED)] == [[1, 2], [3], [4]]
    assert in_order(process)


@pytest.mark.parametrize("all_wait", [True, False])
def test_a_wait_is_for_all_or_for_one_chunk(process: Process, all_wait: bool) -> None:
    process.send(NO, wait=MINUTE, all_wait=all_wait, counts=True)
    claim = process.claim()
    assert (claim is None) is all_wait
    process.now += MINUTE
    first = claim if claim and claim.chunk.first == 1 else process.get()
    assert (first.chunk.first, first.chunk.tries) == (1, 1)


def test_a_chunk_that_was_too_large_is_cut(process: Process) -> None:
    process.send(NO, ranges=((1, 2), (3, 5)))
    assert [span[:2] for span in chunks_of(process.store, process.mailing)] == [(1, 2), (3, 5), (6, 10)]
    assert [n for n, _ in process.get().readers] == [1, 2]
    assert in_order(process)


@pytest.mark.parametrize("verdict", [YES, DOUBT, Verdict.REFUSED])
def test_an_answer_is_stored_once(process: Process, verdict: Verdict) -> None:
    claim = process.send(YES)
    with pytest.raises(IllegalMove):
        process.settle(claim, verdict)
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 5, Outcome.PLANNED: 5}


def test_a_reason_to_pause_pauses_once(process: Process) -> None:
    first, second = process.get(), process.get()
    process.settle(first, NO, pause="the key is wrong")
    process.settle(second, NO, pause="the key is still wrong")
    assert mailing_of(process.store, process.mailing).reason == "the key is wrong"
    assert counts(process.store, process.mailing) == {Outcome.PLANNED: 10}


def test_a_no_to_a_mailing_that_was_cancelled_meanwhile_frees_its_readers(process: Process) -> None:
    first, second = process.get(), process.get()
    with process.store.write() as connection:
        cancel(connection, process.mailing, "wrong issue", BEGIN, lambda _: True)
    assert counts(process.store, process.mailing) == {Outcome.IN_FLIGHT: 10}
    process.settle(first, NO, accepted=frozenset({1}), wait=MINUTE)
    process.settle(second, YES)
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 6, Outcome.CANCELLED: 4}
    assert noted(process.store, process.mailing) == {1, 6, 7, 8, 9, 10}
    process.finish()
    assert mailing_of(process.store, process.mailing).state is MailingState.CANCELLED
    assert in_order(process)


def test_a_no_to_a_mailing_that_was_paused_meanwhile_stays_planned(process: Process) -> None:
    claim = process.get()
    with process.store.write() as connection:
        pause(connection, process.mailing, "wait", BEGIN)
    process.settle(claim, NO)
    assert counts(process.store, process.mailing) == {Outcome.PLANNED: 10}


def test_what_an_earlier_process_left_is_told_with_whom_it_was_for(desk: LedgerDesk, process: Process) -> None:
    desk.left(1)
    lost = process.get(3)
    assert process.ledger.orphans(process.lease) == []
    process.send(YES, most=2)
    later = Process(desk.store, process.mailing, "second", MUCH_LATER)
    [orphan] = later.ledger.orphans(later.lease)
    assert (orphan.attempt, orphan.sender, orphan.readers) == (lost.attempt, "scripted", lost.readers)
    later.settle(orphan, DOUBT, by="journal", accepted=frozenset({2}))
    assert (attempt(process, lost.attempt).settled_by, later.ledger.orphans(later.lease)) == ("journal", [])
    assert those(process, Outcome.UNCERTAIN) == [3]
    assert in_order(process)


@pytest.fixture
def stalled(process: Process) -> tuple[Process, Process, Any]:
    """A process that stalled with a claim, and the next one, which took it for lost."""
    claim = process.get()
    later = Process(process.store, process.mailing, "second", MUCH_LATER)
    later.settle(later.ledger.orphans(later.lease)[0], DOUBT)
    return process, later, claim


def late(process: Process, claim: Any, verdict: Verdict, **moves: Any) -> None:
    with pytest.raises(LeaseLost):
        process.settle(claim, verdict, **moves)
    assert in_order(process)


def test_a_late_yes_clears_its_own_doubt(stalled: tuple[Process, Process, Any]) -> None:
    process, later, claim = stalled
    later.send(YES)
    later.finish()
    late(process, claim, YES)
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 10}
    assert attempt(process, claim.attempt).settled_by == "late answer"


def test_a_late_yes_says_who_was_refused_and_who_is_doubtful(stalled: tuple[Process, Process, Any]) -> None:
    process, _, claim = stalled
    late(process, claim, YES, refused={1: "no such address"}, doubtful={2: "the line broke"})
    assert those(process, Outcome.REFUSED) == [1]
    assert those(process, Outcome.UNCERTAIN) == [2]
    assert those(process, Outcome.ACCEPTED) == [3, 4, 5]
    assert 1 not in noted(process.store, process.mailing)


def test_a_late_answer_that_names_who_was_taken_leaves_the_others_in_doubt(
    stalled: tuple[Process, Process, Any],
) -> None:
    process, _, claim = stalled
    late(process, claim, NO, accepted=frozenset({1, 2}))
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.UNCERTAIN)) == ([1, 2], [3, 4, 5])


@pytest.mark.parametrize("verdict", [NO, DOUBT, Verdict.REFUSED])
def test_a_late_no_settles_nothing(stalled: tuple[Process, Process, Any], verdict: Verdict) -> None:
    process, _, claim = stalled
    late(process, claim, verdict)
    assert those(process, Outcome.UNCERTAIN) == [1, 2, 3, 4, 5]


def test_a_late_no_that_names_somebody_settles_nothing_either(stalled: tuple[Process, Process, Any]) -> None:
    process, _, claim = stalled
    late(process, claim, Verdict.BLAMED, refused={1: "no such address"})
    assert those(process, Outcome.UNCERTAIN) == [1, 2, 3, 4, 5]


def test_a_late_yes_keeps_from_being_sent_again_what_a_person_took_for_not_sent(
    stalled: tuple[Process, Process, Any],
) -> None:
    process, later, claim = stalled
    with process.store.write() as connection:
        assert resolve_uncertain(connection, process.mailing, accepted=False, now=BEGIN) == 5
    late(process, claim, YES)
    assert counts(process.store, process.mailing) == {Outcome.ACCEPTED: 5, Outcome.PLANNED: 5}
    assert later.get().chunk.first == 6


def test_a_late_yes_about_an_attempt_that_is_not_the_last_changes_nothing(
    stalled: tuple[Process, Process, Any],
) -> None:
    process, later, claim = stalled
    with process.store.write() as connection:
        resolve_uncertain(connection, process.mailing, accepted=False, now=BEGIN)
    later.send(Verdict.REFUSED)
    late(process, claim, YES)
    assert those(process, Outcome.REFUSED) == [1, 2, 3, 4, 5]


def test_a_yes_that_comes_before_anybody_asked_is_not_lost(process: Process) -> None:
    """The lease is taken over, and the chunk still counts as in flight."""
    claim = process.get()
    later = Process(process.store, process.mailing, "second", MUCH_LATER)
    [orphan] = later.ledger.orphans(later.lease)
    late(process, claim, YES)
    later.settle(orphan, DOUBT)
    assert those(process, Outcome.ACCEPTED) == [1, 2, 3, 4, 5]


def test_a_late_answer_about_some_before_anybody_asked_leaves_the_others_to_be_asked_about(process: Process) -> None:
    claim = process.get()
    later = Process(process.store, process.mailing, "second", MUCH_LATER)
    late(process, claim, DOUBT, accepted=frozenset({1, 2}))
    [orphan] = later.ledger.orphans(later.lease)
    assert [n for n, _ in orphan.readers] == [3, 4, 5]
    later.settle(orphan, DOUBT)
    assert (those(process, Outcome.ACCEPTED), those(process, Outcome.UNCERTAIN)) == ([1, 2], [3, 4, 5])


def test_an_answer_to_what_was_called_doubtful_under_the_same_lease_clears_it(process: Process) -> None:
    claim = process.get()
    with process.store.write() as connection:
        cancel(connection, process.mailing, "wrong issue", BEGIN, lambda _: False)
    assert those(process, Outcome.UNCERTAIN) == [1, 2, 3, 4, 5]
    process.settle(claim, YES)
    assert those(process, Outcome.ACCEPTED) == [1, 2, 3, 4, 5]
    assert in_order(process)


def test_a_mailing_is_not_finished_while_something_is_under_way(process: Process) -> None:
    process.send()
    process.get()
    process.finish()
    assert mailing_of(process.store, process.mailing).state is MailingState.SENDING


def test_only_moves_of_the_table_are_made(process: Process) -> None:
    claim = process.get()
    with pytest.raises(IllegalMove):
        process.settle(claim, YES, state=ChunkState.SUBMITTING)
    with process.store.write() as connection, pytest.raises(IllegalMove):
        mailings.move(connection, process.mailing, MailingState.MISSED)
    assert counts(process.store, process.mailing) == {Outcome.IN_FLIGHT: 5, Outcome.PLANNED: 5}
