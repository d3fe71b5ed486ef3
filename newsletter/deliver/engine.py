"""Send one mailing, or go on with it: claim a chunk, hand it over, store the answer, take the next.

The order is the promise: an attempt is stored before the provider is called, and its answer before the next chunk is
taken. Whatever happens in between, the next run knows what was under way. Only this thread talks to the ledger; the
sender's calls run in a few threads beside it. The steps stand in run.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.deliver.orphans import clear_up
from newsletter.deliver.run import Run

if TYPE_CHECKING:
    import random
    import threading
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from newsletter.deliver.ended import Ended, Waiting
    from newsletter.deliver.ports import Ledger, Memory, Sender
    from newsletter.deliver.terms import Terms
    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.sending import Claim
    from newsletter.model.subscriber import Subscriber


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Everything that sending needs from outside, passed in."""

    ledger: Ledger
    #: in their order: the next takes over when the one before cannot be reached for long
    senders: Sequence[Sender]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: random.Random
    #: a new, unguessable id per attempt
    new_id: Callable[[], str]
    #: set from outside (Ctrl-C, SIGTERM): what is in flight is finished, nothing new is begun
    stop: threading.Event
    #: told the number of deliveries settled by each answer
    progress: Callable[[int], None]
    terms: Terms
    #: told again and again while nothing is on its way: why, and until when at least
    waits: Callable[[Waiting, datetime], None] = lambda _why, _until: None
    #: told of an attempt whose answer is stored: the addresses of these deliveries do not exist, for good
    bounced: Callable[[Claim, Collection[int]], None] = lambda _claim, _numbers: None
    #: what a sender remembers that is none of `senders` any more, by its name; None where nothing is known of it
    past: Callable[[str], Memory | None] = lambda _name: None

    def send(
        self,
        mailing: int,
        owner: str,
        letter: Callable[[Sender, str, bool], Letter],
        envelope: Callable[[int, Subscriber], Envelope],
        latest: datetime | None = None,
    ) -> Ended:
        """Send what is left of a mailing. How it stands afterwards is the ledger's to tell.

        `letter` gives the letter that a sender is to hand over, by the name of its variant, and whether it is for readers
        who agreed that opens and clicks are noted. Nothing is handed over after `latest`.

        Raises:
            LeaseHeld: another process is sending it.
            LeaseLost: another process took it over while we were sending.
        """
        lease = self.ledger.take(mailing, owner, self.clock())
        cleared, repeats = clear_up(
            self.ledger, lease, self.senders, self.clock, self.chance, latest=latest, past=self.past
        )
        if cleared:
            self.progress(cleared)
        ended = Run(engine=self, lease=lease, letter=letter, envelope=envelope, latest=latest, repeats=repeats).go()
        self.ledger.finish(lease, self.clock())
        return ended
