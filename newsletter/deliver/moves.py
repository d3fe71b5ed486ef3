"""What follows from an answer: a pure decision, carried out by the ledger.

A definite no may be tried again; doubt never is. A no to all of them is the provider's trouble (trouble.py says how long
it is left alone), a no to one reader is that reader's own: they wait longer, and hold up nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from newsletter.deliver.fared import fared
from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState
from newsletter.model.sending import Settlement

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from newsletter.deliver.fared import Fared
    from newsletter.model.letter import Answer
    from newsletter.model.mailing import Chunk

#: how long a single delivery waits after each no of its own (a full mailbox, greylisting); after one more it is refused
DEFERRALS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))
#: some chance on top, so that many deliveries do not come back at the same moment
_LATER_AT_MOST = 1.2


def settlement(
    answer: Answer,
    chunk: Chunk,
    numbers: Sequence[int],
    chance: random.Random,
    *,
    leave_alone: timedelta = timedelta(0),
) -> Settlement:
    """What to do with a chunk, of which `numbers` were handed over, after this answer.

    Where some are to be tried again the chunk stays planned, and everybody else gets an entry of their own. Else the
    chunk takes the state of the many, and only those who fared otherwise get one. `leave_alone` is how long the whole
    mailing waits for a provider that was not reached.
    """
    who = fared(answer, numbers)
    many = becomes_of_the_rest(answer, who)
    rest_again = many is ChunkState.PLANNED and bool(who.rest)
    # a no to one reader is not counted where the others were not even tried: their chunk has one count for all
    last_no = bool(who.deferred) and not rest_again and chunk.tries >= len(DEFERRALS)
    again = {*(who.rest if rest_again else ()), *(() if last_no else who.deferred)}
    state = ChunkState.PLANNED if again else _state(many, who, numbers)
    alone = bool(again) and not rest_again
    accepted, refused, doubtful = _one_by_one(answer, who, many, state)
    return Settlement(
        state=state,
        accepted=accepted,
        refused={**refused, **who.deferred} if last_no else refused,
        doubtful=doubtful,
        ranges=_halves(chunk, sorted(again)) if rest_again and answer.verdict is Verdict.TOO_LARGE else (),
        wait=_own_wait(chunk, chance) if alone else _wait_of_all(answer, leave_alone, rest_again=rest_again),
        all_wait=not alone,
        counts=alone,
        pause=(answer.detail or "the provider refuses our key") if answer.verdict is Verdict.NOT_AUTHORISED else "",
    )


def settled(moves: Settlement, numbers: Sequence[int]) -> int:
    """How many of those who were handed over are through."""
    if moves.state is not ChunkState.PLANNED:
        return len(numbers)
    return len(moves.refused) + len(moves.accepted) + len(moves.doubtful)


def becomes_of_the_rest(answer: Answer, who: Fared) -> ChunkState:
    """What becomes of those whom the answer does not name."""
    match answer.verdict:
        case Verdict.ACCEPTED:
            return ChunkState.ACCEPTED
        case Verdict.REFUSED:
            return ChunkState.REFUSED
        case Verdict.UNCERTAIN:
            return ChunkState.UNCERTAIN
        case Verdict.TRY_LATER | Verdict.NOT_AUTHORISED:
            return ChunkState.PLANNED
        case Verdict.BLAMED:
            # an answer that blames nobody we know would go round for ever
            return ChunkState.PLANNED if who.blamed or who.taken or who.doubtful else ChunkState.REFUSED
        case Verdict.TOO_LARGE:
            return ChunkState.PLANNED if len(who.rest) > 1 else ChunkState.REFUSED
        case _:
            assert_never(answer.verdict)


def _state(many: ChunkState, who: Fared, numbers: Sequence[int]) -> ChunkState:
    """The state of a chunk of which nobody is tried again."""
    if who.rest or not numbers:
        return many
    if who.taken:
        return ChunkState.ACCEPTED
    return ChunkState.UNCERTAIN if who.doubtful else ChunkState.REFUSED


def _one_by_one(
    answer: Answer, who: Fared, many: ChunkState, state: ChunkState
) -> tuple[frozenset[int], Mapping[int, str], Mapping[int, str]]:
    """Who gets an entry of their own: accepted, refused, doubtful."""
    accepted, refused, doubtful = who.taken, who.blamed, who.doubtful
    if state is ChunkState.PLANNED and many is ChunkState.ACCEPTED:
        accepted = accepted.union(who.rest)
    if state is ChunkState.PLANNED and many is ChunkState.REFUSED:
        refused = {**refused, **dict.fromkeys(who.rest, answer.detail)}
    if state is ChunkState.PLANNED and many is ChunkState.UNCERTAIN:
        doubtful = {**doubtful, **dict.fromkeys(who.rest, answer.detail)}
    return frozenset() if state is ChunkState.ACCEPTED else accepted, refused, doubtful


def _halves(chunk: Chunk, again: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The range, cut so that each part has half of those who are tried again."""
    middle = again[len(again) // 2]
    return (chunk.first, middle - 1), (middle, chunk.last)


def _own_wait(chunk: Chunk, chance: random.Random) -> timedelta:
    return DEFERRALS[min(chunk.tries, len(DEFERRALS) - 1)] * chance.uniform(1, _LATER_AT_MOST)


def _wait_of_all(answer: Answer, leave_alone: timedelta, *, rest_again: bool) -> timedelta:
    return leave_alone if rest_again and answer.verdict is Verdict.TRY_LATER else timedelta(0)
