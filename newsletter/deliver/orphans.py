"""What an earlier process left on its way: repeated where that is harmless, else settled by what its sender remembers.

It is repeated as it was, with the same readers: some of them may have it already, also one who left since.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from newsletter.deliver.moves import settled, settlement
from newsletter.model.letter import INTERRUPTED, Answer, Verdict

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Ledger, Memory, Sender
    from newsletter.model.sending import Claim, Lease

log = logging.getLogger(__name__)

#: what settled an attempt, where its sender remembered how far it came
JOURNAL = "journal"
_INTERRUPTED = Answer(verdict=Verdict.UNCERTAIN, detail=INTERRUPTED)


def clear_up(
    ledger: Ledger,
    lease: Lease,
    senders: Sequence[Sender],
    clock: Callable[[], datetime],
    chance: random.Random,
    *,
    latest: datetime | None = None,
    past: Callable[[str], Memory | None] = lambda _name: None,
) -> tuple[int, list[Claim]]:
    """Settle them: how many deliveries that settled, and what is to be repeated. After `latest` nothing is.

    `past` gives what a sender that is none of `senders` any more remembers, by its name.

    Raises:
        LeaseLost: another process took over.
    """
    by_name = {sender.name: sender for sender in senders}
    through, repeats = 0, []
    for claim in ledger.orphans(lease):
        sender = by_name.get(claim.sender)
        if sender is not None and sender.repeatable and (latest is None or clock() < latest):
            repeats.append(claim)
            continue
        through += settle_by_memory(ledger, lease, claim, sender, clock, chance, past=past)
    return through, repeats


def settle_by_memory(
    ledger: Ledger,
    lease: Lease,
    claim: Claim,
    sender: Sender | None,
    clock: Callable[[], datetime],
    chance: random.Random,
    *,
    past: Callable[[str], Memory | None] = lambda _name: None,
) -> int:
    """Settle an attempt that nobody goes on with by what its sender remembers: how many deliveries that settled."""
    numbers = [n for n, _ in claim.readers]
    answer = _recalled(sender, past, claim, numbers)
    moves = settlement(answer, claim.chunk, numbers, chance)
    ledger.settle(lease, claim, answer, moves, clock(), by=JOURNAL if _tells_something(answer) else "")
    return settled(moves, numbers)


def _recalled(
    sender: Sender | None, past: Callable[[str], Memory | None], claim: Claim, numbers: Sequence[int]
) -> Answer:
    try:
        memory = sender or past(claim.sender)
        if memory is None:
            detail = f"interrupted, and {claim.sender} is not set up any more"
            return Answer(verdict=Verdict.UNCERTAIN, detail=detail)
        return memory.recall(claim.attempt, numbers)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the letters may have gone
        log.error("attempt %s cannot be recalled: %s", claim.attempt, type(fault).__name__)  # noqa: TRY400
        return _INTERRUPTED


def _tells_something(answer: Answer) -> bool:
    named = answer.taken or answer.blamed or answer.deferred or answer.doubtful
    return bool(named) or answer.verdict is not Verdict.UNCERTAIN
