"""What follows from an answer."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.deliver.moves import MOST_TRIES, settlement
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import CHUNK_MOVES, Chunk, ChunkState

if TYPE_CHECKING:
    from newsletter.model.sending import Settlement


def after(verdict: Verdict, *, chunk: Chunk | None = None, **facts: object) -> Settlement:
    answer = Answer(verdict=verdict, **facts)  # type: ignore[arg-type]
    return settlement(answer, chunk or chunk_of(1, 10), random.Random(1))


def chunk_of(first: int, last: int, tries: int = 0) -> Chunk:
    return Chunk(number=1, mailing=1, first=first, last=last, state=ChunkState.SUBMITTING, tries=tries)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_answer_leads_to_a_legal_move(verdict: Verdict) -> None:
    assert after(verdict).state in CHUNK_MOVES[ChunkState.SUBMITTING]


def test_doubt_is_never_planned_again() -> None:
    assert after(Verdict.UNCERTAIN).state is ChunkState.UNCERTAIN


def test_waiting_doubles_with_every_definite_no() -> None:
    waits = [after(Verdict.TRY_LATER, chunk=chunk_of(1, 1, tries=n)).wait.total_seconds() for n in range(4)]
    assert all(0.8 * 2**n <= wait <= 1.2 * 2**n for n, wait in enumerate(waits))


def test_a_provider_that_names_a_time_is_given_that_time() -> None:
    assert after(Verdict.TRY_LATER, retry_after=40.0).wait == timedelta(seconds=40)


def test_after_too_many_definite_noes_the_mailing_pauses_for_a_person() -> None:
    moves = after(Verdict.TRY_LATER, chunk=chunk_of(1, 1, tries=MOST_TRIES - 1), detail="connection refused")
    assert (moves.state, moves.pause) == (ChunkState.PLANNED, "connection refused")


def test_a_refused_key_pauses_the_mailing_and_refuses_nobody() -> None:
    moves = after(Verdict.NOT_AUTHORISED, detail="401")
    assert (moves.state, moves.pause, moves.refused) == (ChunkState.PLANNED, "401", {})


def test_too_much_at_once_is_halved() -> None:
    assert after(Verdict.TOO_LARGE, chunk=chunk_of(5, 9)).ranges == ((5, 7), (8, 9))


def test_a_single_delivery_that_is_too_large_is_refused() -> None:
    assert after(Verdict.TOO_LARGE, chunk=chunk_of(5, 5)).state is ChunkState.REFUSED


def test_only_the_blamed_are_refused_and_the_rest_tried_again() -> None:
    moves = after(Verdict.BLAMED, blamed={2: "bad address", 99: "not in this chunk"})
    assert (moves.state, moves.refused) == (ChunkState.PLANNED, {2: "bad address"})


def test_an_answer_that_blames_nobody_of_the_chunk_refuses_it_instead_of_going_round_for_ever() -> None:
    assert after(Verdict.BLAMED, blamed={99: "?"}).state is ChunkState.REFUSED
