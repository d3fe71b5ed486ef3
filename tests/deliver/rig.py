"""The engine on a ledger without a database, a clock that only sleeping moves, and senders that answer as a test wants."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.deliver.engine import Engine
from newsletter.model.letter import Answer, Verdict
from tests.deliver.memory_ledger import NUMBER
from tests.support.mailing import PLAIN, Clock, envelope, letter_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from newsletter.deliver.ended import Ended, Waiting
    from newsletter.deliver.ports import Memory, Sender
    from newsletter.deliver.terms import Terms
    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.sending import Claim
    from newsletter.model.subscriber import Subscriber
    from tests.deliver.memory_ledger import MemoryLedger
    from tests.support.mailing import ScriptedSender

AWAY = Answer(verdict=Verdict.TRY_LATER, detail="connection refused")
LOST = Answer(verdict=Verdict.UNCERTAIN, detail="the connection was lost")
REFUSED = Answer(verdict=Verdict.REFUSED, detail="400 bad request")


@dataclass
class Rig:
    ledger: MemoryLedger
    terms: Terms = PLAIN
    clock: Clock = field(default_factory=Clock)
    stop: threading.Event = field(default_factory=threading.Event)
    #: called with each moment of waiting, before it passes
    on_sleep: Callable[[datetime], None] = lambda _now: None
    told: list[int] = field(default_factory=list)
    waited: list[tuple[Waiting, datetime]] = field(default_factory=list)
    letter: Callable[[Sender, str, bool], Letter] = lambda _sender, variant, tracked: letter_for(
        1, variant, tracked=tracked
    )
    envelope: Callable[[int, Subscriber], Envelope] = envelope
    #: what remembers that is none of the senders any more
    past: Callable[[str], Memory | None] = lambda _name: None
    bounced: Callable[[Claim, Collection[int]], None] = lambda _claim, _numbers: None

    def send(self, *senders: ScriptedSender, owner: str = "test", seed: int = 1) -> Ended:
        ids = (f"{owner}-{self.ledger.generation}-{n}" for n in itertools.count())
        engine = Engine(
            ledger=self.ledger,
            senders=senders,
            clock=self.clock,
            sleep=self._sleep,
            chance=random.Random(seed),
            new_id=lambda: next(ids),
            stop=self.stop,
            progress=self.told.append,
            terms=self.terms,
            waits=lambda why, until: self.waited.append((why, until)),
            past=self.past,
            bounced=self.bounced,
        )
        return engine.send(NUMBER, owner, self.letter, self.envelope, self.ledger.latest)

    def _sleep(self, seconds: float) -> None:
        self.on_sleep(self.clock())
        self.clock.sleep(seconds)


def numbers(sender: ScriptedSender) -> list[int]:
    """Who was accepted through it."""
    return [int(address.removeprefix("reader").partition("@")[0]) for address in sender.delivered]
