"""What follows from an answer."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.deliver.moves import DEFERRALS, settled, settlement
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import CHUNK_MOVES, Chunk, ChunkState

if TYPE_CHECKING:
    from newsletter.model.sending import Settlement

LATER = timedelta(seconds=40)
LAST = len(DEFERRALS)


def after(verdict: Verdict, *, chunk: Chunk | None = None, **facts: object) -> Settlement:
    answer = Answer(verdict=verdict, **facts)  # type: ignore[arg-type]
    chunk = chunk or chunk_of(1, 10)
    numbers = range(chunk.first, chunk.last + 1)
    return settlement(answer, chunk, numbers, random.Random(1), leave_alone=LATER)


def chunk_of(first: int, last: int, tries: int = 0) -> Chunk:
    return Chunk(number=1, mailing=1, first=first, last=last, state=ChunkState.SUBMITTING, tries=tries)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_answer_leads_to_a_legal_move(verdict: Verdict) -> None:
    assert after(verdict).state in CHUNK_MOVES[ChunkState.SUBMITTING]


def test_doubt_is_never_planned_again() -> None:
    assert after(Verdict.UNCERTAIN).state is ChunkState.UNCERTAIN


def test_a_provider_that_was_not_reached_is_left_alone_by_the_whole_mailing_and_no_reader_pays_for_it() -> None:
    moves = after(Verdict.TRY_LATER)
    assert (moves.state, moves.wait, moves.all_wait, moves.counts) == (ChunkState.PLANNED, LATER, True, False)


def test_a_refused_key_pauses_the_mailing_and_refuses_nobody() -> None:
    moves = after(Verdict.NOT_AUTHORISED, detail="401")
    assert (moves.state, moves.pause, moves.refused) == (ChunkState.PLANNED, "401", {})


def test_too_much_at_once_is_halved() -> None:
    assert after(Verdict.TOO_LARGE, chunk=chunk_of(5, 9)).ranges == ((5, 6), (7, 9))


def test_too_much_at_once_is_halved_by_those_who_are_left_in_the_range() -> None:
    chunk = chunk_of(1, 1000)
    moves = settlement(Answer(verdict=Verdict.TOO_LARGE), chunk, [2, 3, 4, 5], random.Random(1))
    assert moves.ranges == ((1, 3), (4, 1000))


def test_a_single_delivery_that_is_too_large_is_refused() -> None:
    assert after(Verdict.TOO_LARGE, chunk=chunk_of(5, 5)).state is ChunkState.REFUSED


def test_only_the_blamed_are_refused_and_the_rest_tried_again_at_once() -> None:
    moves = after(Verdict.BLAMED, blamed={2: "bad address", 99: "not in this chunk"})
    assert (moves.state, moves.refused, moves.wait) == (ChunkState.PLANNED, {2: "bad address"}, timedelta(0))


def test_an_answer_that_blames_nobody_of_the_chunk_refuses_it_instead_of_going_round_for_ever() -> None:
    assert after(Verdict.BLAMED, blamed={99: "?"}).state is ChunkState.REFUSED


def test_a_few_refused_ones_of_an_accepted_chunk_get_an_entry_of_their_own() -> None:
    moves = after(Verdict.ACCEPTED, blamed={3: "550 no such user"})
    assert (moves.state, moves.refused, moves.accepted) == (ChunkState.ACCEPTED, {3: "550 no such user"}, frozenset())


def test_a_full_mailbox_waits_alone_and_the_others_have_it() -> None:
    moves = after(Verdict.ACCEPTED, chunk=chunk_of(1, 4), deferred={3: "452 mailbox full"})
    assert (moves.state, moves.accepted) == (ChunkState.PLANNED, frozenset({1, 2, 4}))
    assert (moves.all_wait, moves.counts) == (False, True)
    assert DEFERRALS[0] <= moves.wait <= DEFERRALS[0] * 1.2


def test_a_delivery_waits_longer_each_time_and_after_the_fifth_no_it_is_refused_with_its_words() -> None:
    words = {1: "451 greylisted"}
    waits = [after(Verdict.ACCEPTED, chunk=chunk_of(1, 1, tries=n), deferred=words).wait for n in range(LAST)]
    assert all(wait >= least for wait, least in zip(waits, DEFERRALS, strict=True))
    moves = after(Verdict.ACCEPTED, chunk=chunk_of(1, 2, tries=LAST), deferred=words)
    assert (moves.state, moves.refused, moves.counts) == (ChunkState.ACCEPTED, words, False)


def test_a_no_to_one_reader_is_not_counted_while_others_of_the_chunk_were_not_even_tried() -> None:
    moves = after(Verdict.TRY_LATER, chunk=chunk_of(1, 9, tries=LAST), deferred={1: "451"}, taken=frozenset({2}))
    assert (moves.state, moves.counts, moves.refused, moves.accepted) == (ChunkState.PLANNED, False, {}, frozenset({2}))


def test_a_connection_that_breaks_in_the_middle_leaves_each_where_it_was() -> None:
    taken, doubtful = frozenset({1, 2, 3, 4}), {5: "the connection was lost after the final dot"}
    moves = after(Verdict.TRY_LATER, taken=taken, doubtful=doubtful)
    assert (moves.state, moves.accepted, moves.doubtful) == (ChunkState.PLANNED, taken, doubtful)
    assert moves.all_wait


def test_those_who_were_taken_are_not_in_doubt_with_the_rest() -> None:
    moves = after(Verdict.UNCERTAIN, taken=frozenset({1, 2}))
    assert (moves.state, moves.accepted, moves.doubtful) == (ChunkState.UNCERTAIN, frozenset({1, 2}), {})


def test_where_an_answer_contradicts_itself_nobody_who_may_have_it_is_tried_again() -> None:
    moves = after(Verdict.TRY_LATER, taken=frozenset({1}), doubtful={1: "?", 2: "?"}, deferred={1: "later", 2: "later"})
    assert (moves.accepted, moves.doubtful) == (frozenset({1}), {2: "?"})


def test_progress_counts_those_who_are_through() -> None:
    moves = after(Verdict.TRY_LATER, taken=frozenset({1, 2}), doubtful={5: "?"}, blamed={7: "550"}, deferred={8: "450"})
    assert settled(moves, range(1, 11)) == 4
