"""The senders in their order, and what this run knows of the one that is used now."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.deliver.fared import fared, somebody_was_taken
from newsletter.deliver.pace import HOUR, Pace
from newsletter.deliver.trouble import MOST_DOUBTS, Trouble
from newsletter.model.letter import Verdict

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Ledger, Sender
    from newsletter.deliver.terms import Terms
    from newsletter.model.letter import Answer

log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Leg:
    """One sender, how fast it may go, and how it fares."""

    sender: Sender
    pace: Pace
    trouble: Trouble
    #: whether another can take over from it
    is_last: bool
    #: what it said when it was last not reached, or could not be understood
    words: str = ""
    #: the next attempt, of which the sender knows already; empty when there is none
    _expected: str = ""

    @property
    def abreast(self) -> int:
        """How many chunks may be on their way at once."""
        return 1 if self.trouble.is_on else self.sender.in_flight

    def most(self, now: datetime) -> int:
        """How many readers may be claimed now."""
        room = self.pace.room(now)
        return self.sender.chunk_size if room is None else min(room, self.sender.chunk_size)

    def next_attempt(self, new_id: Callable[[], str]) -> str:
        """Its id, the same until `begin`: the sender knows of it before the ledger does."""
        if not self._expected:
            self._expected = new_id()
            self.sender.expect(self._expected)
        return self._expected

    def begin(self) -> int:
        """It was claimed; the number that it has among those of its sender in this run."""
        self._expected = ""
        return self.trouble.begin()

    def hear(self, attempt: int, answer: Answer, numbers: Sequence[int], now: datetime) -> None:
        """What an answer tells of the sender; of single readers it tells nothing."""
        who = fared(answer, numbers)
        if somebody_was_taken(answer, who):
            self.trouble.accepted(attempt, now)
        if not who.rest:
            return
        if answer.verdict is Verdict.TRY_LATER:
            self.words = answer.detail
            self.trouble.not_reached(attempt, now, answer.retry_after)
        elif answer.verdict is Verdict.UNCERTAIN:
            self.words = answer.detail
            self.trouble.in_doubt(attempt, now)

    @property
    def doubts(self) -> str:
        """Why the mailing has to stop before more readers are in doubt, in words; empty while all is well."""
        if not self.trouble.is_doubtful:
            return ""
        return f"{MOST_DOUBTS} answers in a row left it open whether mail was taken: {self.words}"

    def leave_alone(self, now: datetime) -> timedelta:
        """How long the mailing waits for it; the next sender does not wait for what this one asked for."""
        wait, ends = self.trouble.wait(now), self.trouble.ends_at(now)
        if ends is not None and not self.is_last:
            wait = min(wait, ends - now)
        return max(wait, timedelta(0))


class Route:
    """Begins with the first sender, and never goes back within a run."""

    def __init__(self, senders: Sequence[Sender], terms: Terms, ledger: Ledger, chance: random.Random) -> None:
        self._senders = senders
        self._terms = terms
        self._ledger = ledger
        self._chance = chance
        self._at = 0
        self.leg = self._leg(0)

    def leg_of(self, name: str) -> Leg:
        """Of one of the senders, whoever is used now: an attempt is repeated where it was made."""
        if name == self.leg.sender.name:
            return self.leg
        return self._leg(next(at for at, sender in enumerate(self._senders) if sender.name == name))

    def gives_up(self, now: datetime) -> str:
        """Why the mailing has to pause for want of a sender that can be reached, in words; empty while there is hope."""
        if not self.leg.is_last or self.leg.trouble.ends_at(now) is None:
            return ""
        return self.leg.words or "the provider cannot be reached"

    def moves_on(self, now: datetime) -> bool:
        """Change to the next sender if we lost patience with this one."""
        ends = self.leg.trouble.ends_at(now)
        if self.leg.is_last or ends is None or now < ends:
            return False
        self._change(now)
        return True

    def look_back(self, now: datetime) -> None:
        """Ask the ledger what the last hour saw."""
        if self.leg.pace.counts_hours:
            self.leg.pace.hear(self._ledger.handed_over(self.leg.sender.name, now - HOUR), now)

    def _change(self, now: datetime) -> None:
        before = self.leg
        self._at += 1
        self.leg = self._leg(self._at)
        self.look_back(now)
        words = before.words or f"{before.sender.name} was not reached"
        log.warning("%s; %s takes over", words, self.leg.sender.name)

    def _leg(self, at: int) -> Leg:
        is_last = at == len(self._senders) - 1
        terms = self._terms
        return Leg(
            sender=self._senders[at],
            pace=Pace(terms.per_second, terms.per_hour),
            trouble=Trouble(patience=terms.retry if is_last else terms.fallback_after, chance=self._chance),
            is_last=is_last,
        )
