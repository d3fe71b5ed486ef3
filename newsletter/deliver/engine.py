"""Send one mailing, or go on with it: claim a chunk, hand it over, store the answer, take the next.

The order is the promise: an attempt is stored before the provider is called, and its answer before the next chunk is
taken. Whatever happens in between, the next run knows what was under way. Only this thread talks to the ledger; the
sender's calls run in a few threads beside it.
"""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.deliver.moves import settlement
from newsletter.errors import NewsletterError
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState

if TYPE_CHECKING:
    import random
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from newsletter.deliver.ports import Ledger, Sender
    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.sending import Claim, Lease
    from newsletter.model.subscriber import Subscriber

log = logging.getLogger(__name__)

#: seconds between two signs of life while nothing comes back
_HEARTBEAT = 5.0
#: the longest that we wait in one go: a stop is noticed within this time
_NAP = timedelta(seconds=0.25)
#: for so long we try to store the last answers, when the database went away under us
_PATIENCE = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Everything that sending needs from outside, passed in."""

    ledger: Ledger
    sender: Sender
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: random.Random
    #: a new, unguessable id per attempt
    new_id: Callable[[], str]
    #: set from outside (Ctrl-C, SIGTERM): what is in flight is finished, nothing new is begun
    stop: threading.Event
    #: told the number of deliveries settled by each answer
    progress: Callable[[int], None]

    def send(
        self,
        mailing: int,
        owner: str,
        letters: Mapping[str, Letter],
        envelope: Callable[[int, Subscriber], Envelope],
    ) -> None:
        """Send what is left of a mailing. How it stands afterwards is the ledger's to tell.

        `letters` are the letters by the name of their variant.

        Raises:
            LeaseHeld: another process is sending it.
            LeaseLost: another process took it over while we were sending.
        """
        lease = self.ledger.take(mailing, owner, self.clock())
        self.ledger.recover(lease, repeatable=[self.sender.name] if self.sender.repeatable else [])
        flying: dict[Future[Answer], Claim] = {}
        with ThreadPoolExecutor(self.sender.in_flight) as pool:
            try:
                self._run(lease, letters, envelope, pool, flying)
            except Exception:
                self._rescue(lease, flying)
                raise
        self.ledger.finish(lease, self.clock())

    def _run(
        self,
        lease: Lease,
        letters: Mapping[str, Letter],
        envelope: Callable[[int, Subscriber], Envelope],
        pool: ThreadPoolExecutor,
        flying: dict[Future[Answer], Claim],
    ) -> None:
        while True:
            while len(flying) < self.sender.in_flight and (claim := self._claim(lease)):
                envelopes = [envelope(n, reader) for n, reader in claim.readers]
                letter = letters[claim.chunk.variant]
                flying[pool.submit(self._submit, letter, claim.attempt, envelopes)] = claim
            if flying:
                self._land(lease, flying)
            elif not self._wait_for_due(lease):
                return

    def _claim(self, lease: Lease) -> Claim | None:
        if self.stop.is_set():
            return None
        return self.ledger.claim(lease, self.new_id(), self.sender.name, self.clock())

    def _submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        try:
            return self.sender.submit(letter, attempt, envelopes)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the letter may have gone
            # its words may hold an address, so only its name and place are told
            place = traceback.extract_tb(fault.__traceback__)[-1]
            name = type(fault).__name__
            log.error("attempt %s ended in %s (%s:%s)", attempt, name, place.filename, place.lineno)  # noqa: TRY400
            return Answer(verdict=Verdict.UNCERTAIN, detail=f"a fault in the sender: {type(fault).__name__}")

    def _land(self, lease: Lease, flying: dict[Future[Answer], Claim]) -> None:
        """Wait for answers and store them."""
        done, _ = wait(flying, timeout=_HEARTBEAT, return_when=FIRST_COMPLETED)
        if not done:
            self.ledger.renew(lease, self.clock())
        for future in done:
            self._settle(lease, flying[future], future.result())
            del flying[future]

    def _settle(self, lease: Lease, claim: Claim, answer: Answer) -> None:
        moves = settlement(answer, claim.chunk, self.chance)
        self.ledger.settle(lease, claim, answer, moves, self.clock())
        self.progress(len(moves.refused) if moves.state is ChunkState.PLANNED else len(claim.readers))

    def _rescue(self, lease: Lease, flying: dict[Future[Answer], Claim]) -> None:
        """We were stopped (lease lost, database gone); each answer that we can still store is doubt that does not arise."""
        if self.sender.repeatable:
            return
        wait(flying)
        left, until = list(flying.items()), self.clock() + _PATIENCE
        while left:
            future, claim = left[0]
            if self._stored(lease, claim, future.result()):
                left.pop(0)
            elif self.clock() < until:
                self.sleep(1.0)
            else:
                return

    def _stored(self, lease: Lease, claim: Claim, answer: Answer) -> bool:
        try:
            self._settle(lease, claim, answer)
        except NewsletterError:
            return True  # it clears up what it can (LeaseLost), or was stored before we were stopped (IllegalMove)
        except Exception:  # noqa: BLE001 - whatever the database says, the next try will tell
            return False
        return True

    def _wait_for_due(self, lease: Lease) -> bool:
        """Nap until a chunk is due; False when there is nothing to wait for."""
        due = None if self.stop.is_set() else self.ledger.next_due(lease)
        if due is None:
            return False
        pause = min(max(due - self.clock(), timedelta(0)), _NAP)
        self.sleep(pause.total_seconds())
        self.ledger.renew(lease, self.clock())
        return True
