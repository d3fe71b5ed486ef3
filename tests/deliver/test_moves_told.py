"""Whatever an answer says, each delivery ends in exactly what it says of it: told again here in the plainest way."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.deliver.moves import DEFERRALS, settlement
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import CHUNK_MOVES, Chunk, ChunkState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.sending import Settlement

FIRST, LAST = 5, 14
numbers_named = st.frozensets(st.integers(FIRST - 2, LAST + 2), max_size=8)
answers = st.builds(
    lambda verdict, taken, doubtful, blamed, deferred: Answer(
        verdict=verdict,
        detail="said of all",
        taken=taken,
        doubtful=dict.fromkeys(doubtful, "doubt"),
        blamed=dict.fromkeys(blamed, "blame"),
        deferred=dict.fromkeys(deferred, "later"),
    ),
    st.sampled_from(Verdict),
    numbers_named,
    numbers_named,
    numbers_named,
    numbers_named,
)
handed_over = st.lists(st.integers(FIRST, LAST), min_size=1, unique=True).map(sorted)


def told(answer: Answer, n: int, numbers: Sequence[int], tries: int) -> str:
    """What an answer says of one delivery: accepted, refused, uncertain or again."""
    unnamed = [m for m in numbers if said_singly(answer, m) is None]
    named = {said_singly(answer, m) for m in numbers}
    alone = said_singly(answer, n)
    if alone == "deferred":
        others_again = bool(unnamed) and of_the_others(answer, len(unnamed), named) == "again"
        return "refused" if tries >= len(DEFERRALS) and not others_again else "again"
    return alone or of_the_others(answer, len(unnamed), named)


def said_singly(answer: Answer, n: int) -> str | None:
    if n in answer.taken:
        return "accepted"
    if n in answer.doubtful:
        return "uncertain"
    if n in answer.blamed:
        return "refused"
    return "deferred" if n in answer.deferred else None


def of_the_others(answer: Answer, count: int, named: set[str | None]) -> str:
    if answer.verdict in (Verdict.ACCEPTED, Verdict.REFUSED, Verdict.UNCERTAIN):
        return answer.verdict.value
    if answer.verdict is Verdict.TOO_LARGE and count == 1:
        return "refused"
    if answer.verdict is Verdict.BLAMED and not named & {"accepted", "uncertain", "refused"}:
        return "refused"
    return "again"


def ends(moves: Settlement, n: int) -> str:
    """In what a delivery ends by a settlement, as the ledger carries it out: its own entry, else its chunk."""
    own = [
        outcome
        for outcome, named in (("accepted", moves.accepted), ("refused", moves.refused), ("uncertain", moves.doubtful))
        if n in named
    ]
    assert len(own) <= 1, "an entry of its own is one"
    of_chunk = "again" if moves.state is ChunkState.PLANNED else moves.state.value
    return own[0] if own else of_chunk


@given(answer=answers, numbers=handed_over, tries=st.integers(0, len(DEFERRALS) + 1))
@example(answer=Answer(verdict=Verdict.TOO_LARGE, deferred={5: "later"}), numbers=[5, 6], tries=4)
@example(answer=Answer(verdict=Verdict.BLAMED, deferred={5: "later"}), numbers=[5, 6], tries=0)
def test_each_delivery_ends_in_exactly_what_the_answer_tells_of_it(
    answer: Answer, numbers: list[int], tries: int
) -> None:
    chunk = Chunk(number=1, mailing=1, first=FIRST, last=LAST, state=ChunkState.SUBMITTING, tries=tries)
    moves = settlement(answer, chunk, numbers, random.Random(1), leave_alone=timedelta(seconds=9))
    expected = {n: told(answer, n, numbers, tries) for n in numbers}
    assert {n: ends(moves, n) for n in numbers} == expected
    assert moves.state in CHUNK_MOVES[ChunkState.SUBMITTING]
    assert (moves.state is ChunkState.PLANNED) == ("again" in expected.values())
    assert {*moves.accepted, *moves.refused, *moves.doubtful} <= set(numbers)
    for n, words in moves.refused.items():
        assert words in ("blame", "later", answer.detail), n
    if moves.ranges:
        covered = [n for first, last in moves.ranges for n in range(first, last + 1)]
        assert covered == list(range(FIRST, LAST + 1))
        again = [n for n in numbers if expected[n] == "again"]
        assert all(0 < sum(first <= n <= last for n in again) < len(again) for first, last in moves.ranges)


@given(answer=answers, numbers=handed_over, tries=st.integers(0, len(DEFERRALS) + 1))
def test_only_a_provider_holds_up_everybody_and_only_a_readers_own_no_is_counted(
    answer: Answer, numbers: list[int], tries: int
) -> None:
    chunk = Chunk(number=1, mailing=1, first=FIRST, last=LAST, state=ChunkState.SUBMITTING, tries=tries)
    moves = settlement(answer, chunk, numbers, random.Random(1), leave_alone=timedelta(seconds=9))
    again = {said_singly(answer, n) for n in numbers if told(answer, n, numbers, tries) == "again"}
    assert moves.counts == (not moves.all_wait) == (again == {"deferred"})
    assert bool(moves.pause) == (answer.verdict is Verdict.NOT_AUTHORISED)
    if None in again:
        assert moves.wait == (timedelta(seconds=9) if answer.verdict is Verdict.TRY_LATER else timedelta(0))
