"""One chunk on its way: letter and envelopes are made, a thread hands them over, whatever goes wrong becomes an answer."""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsletter.model.letter import Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor

    from newsletter.deliver.ports import Sender
    from newsletter.deliver.route import Leg
    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.sending import Claim
    from newsletter.model.subscriber import Subscriber

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Flight:
    claim: Claim
    leg: Leg
    #: the number of the attempt among those of its sender in this run
    attempt: int
    #: readers for whom no envelope could be made -> why
    unaddressed: Mapping[int, str] = field(default_factory=dict)

    @property
    def numbers(self) -> Sequence[int]:
        return [n for n, _ in self.claim.readers]

    def answer(self, future: Future[Answer]) -> Answer:
        answer = future.result()
        return replace(answer, blamed={**answer.blamed, **self.unaddressed}) if self.unaddressed else answer


def envelopes_of(
    claim: Claim, envelope: Callable[[int, Subscriber], Envelope]
) -> tuple[list[Envelope], dict[int, str]]:
    """The envelopes, and for whom none could be made: a fault over one reader holds up nobody else."""
    made: list[Envelope] = []
    faults: dict[int, str] = {}
    for n, reader in claim.readers:
        try:
            made.append(envelope(n, reader))
        except Exception as fault:  # noqa: BLE001 - it was certainly not handed over
            faults[n] = _tell(claim.attempt, "addressing", fault)
    return made, faults


def hand_over(
    pool: Executor, claim: Claim, letter: Callable[[], Letter], sender: Sender, envelopes: Sequence[Envelope]
) -> Future[Answer]:
    """Begin it. What was certainly not handed over is a definite no; a letter that cannot be made stops the mailing."""
    if not envelopes:
        return _known(Answer(verdict=Verdict.REFUSED, detail="a fault in addressing"))
    try:
        made = letter()
    except Exception as fault:  # noqa: BLE001 - it was certainly not handed over
        detail = _tell(claim.attempt, "making the letter", fault)
        return _known(Answer(verdict=Verdict.NOT_AUTHORISED, detail=detail))
    return pool.submit(_submit, sender, made, claim.attempt, envelopes)


def _submit(sender: Sender, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
    try:
        return sender.submit(letter, attempt, envelopes)
    except Exception as fault:  # noqa: BLE001 - whatever it is, the letter may have gone
        return Answer(verdict=Verdict.UNCERTAIN, detail=_tell(attempt, "the sender", fault))


def _known(answer: Answer) -> Future[Answer]:
    future: Future[Answer] = Future()
    future.set_result(answer)
    return future


def _tell(attempt: str, where: str, fault: Exception) -> str:
    """A fault of ours, in words that hold no address: its own may, so only its name and place are told."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    name = type(fault).__name__
    log.error("attempt %s: a fault in %s: %s (%s:%s)", attempt, where, name, place.filename, place.lineno)
    return f"a fault in {where}: {name}"
