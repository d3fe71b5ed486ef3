"""What follows from an answer: a pure decision, carried out by the ledger.

A definite no may be tried again; doubt never is. The waiting times grow twofold with a little chance in them, so that
many senders do not come back at the same moment.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from newsletter.model.letter import Verdict
from newsletter.model.mailing import ChunkState, halves
from newsletter.model.sending import Settlement

if TYPE_CHECKING:
    import random

    from newsletter.model.letter import Answer
    from newsletter.model.mailing import Chunk

#: after so many definite no's in a row a chunk stops the mailing, for a person to look
MOST_TRIES = 5
_LONGEST_WAIT = timedelta(minutes=5)


def settlement(answer: Answer, chunk: Chunk, chance: random.Random) -> Settlement:
    """What to do with a chunk after this answer."""
    match answer.verdict:
        case Verdict.ACCEPTED:
            return Settlement(state=ChunkState.ACCEPTED)
        case Verdict.REFUSED:
            return Settlement(state=ChunkState.REFUSED)
        case Verdict.UNCERTAIN:
            return Settlement(state=ChunkState.UNCERTAIN)
        case Verdict.NOT_AUTHORISED:
            return Settlement(state=ChunkState.PLANNED, pause=answer.detail or "the provider refuses our key")
        case Verdict.BLAMED:
            return _without_the_blamed(answer, chunk)
        case Verdict.TOO_LARGE:
            return _split(chunk)
        case Verdict.TRY_LATER:
            return _later(answer, chunk, chance)
        case _:
            assert_never(answer.verdict)


def _without_the_blamed(answer: Answer, chunk: Chunk) -> Settlement:
    blamed = {n: reason for n, reason in answer.blamed.items() if chunk.first <= n <= chunk.last}
    # an answer that blames nobody we know would go round for ever
    return Settlement(state=ChunkState.PLANNED if blamed else ChunkState.REFUSED, refused=blamed)


def _split(chunk: Chunk) -> Settlement:
    if chunk.first == chunk.last:
        return Settlement(state=ChunkState.REFUSED)
    return Settlement(state=ChunkState.PLANNED, ranges=halves(chunk.first, chunk.last))


def _later(answer: Answer, chunk: Chunk, chance: random.Random) -> Settlement:
    if chunk.tries + 1 >= MOST_TRIES:
        return Settlement(state=ChunkState.PLANNED, pause=answer.detail or "the provider cannot be reached")
    wait = timedelta(seconds=2**chunk.tries * chance.uniform(0.8, 1.2))
    if answer.retry_after is not None:
        wait = max(wait, timedelta(seconds=answer.retry_after))
    return Settlement(state=ChunkState.PLANNED, wait=min(wait, _LONGEST_WAIT), counts=True)
