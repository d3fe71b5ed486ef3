"""One run of the engine: the steps from a claim to its answer, and what is done while nothing can be claimed."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from newsletter.deliver.alarm import Alarm
from newsletter.deliver.ended import Ended, Waiting, Why
from newsletter.deliver.flight import Flight, envelopes_of, hand_over
from newsletter.deliver.moves import settled, settlement
from newsletter.deliver.orphans import settle_by_memory
from newsletter.deliver.rescue import rescue
from newsletter.deliver.route import Route
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor, Future
    from datetime import datetime

    from newsletter.deliver.engine import Engine
    from newsletter.deliver.ports import Sender
    from newsletter.deliver.route import Leg
    from newsletter.model.letter import Answer, Envelope, Letter
    from newsletter.model.sending import Claim, Lease
    from newsletter.model.subscriber import Subscriber

#: between two signs of life
_HEARTBEAT = timedelta(seconds=5)
#: the longest that we wait in one go: a stop, a pause and a cancellation are noticed within this time
_NAP = timedelta(seconds=0.5)
_BLINK = timedelta(milliseconds=10)
#: a window that opens within this time is waited for
_SOON = timedelta(minutes=5)
#: so many times a chunk may seem due and not be there, before we believe the ledger that it is none of ours
_TRIES_IN_VAIN = 3


class Run:
    def __init__(
        self,
        *,
        engine: Engine,
        lease: Lease,
        letter: Callable[[Sender, str, bool], Letter],
        envelope: Callable[[int, Subscriber], Envelope],
        latest: datetime | None,
        repeats: Iterable[Claim] = (),
    ) -> None:
        self._engine = engine
        self._ledger = engine.ledger
        self._clock = engine.clock
        self._lease = lease
        self._letter = letter
        self._envelope = envelope
        self._latest = latest
        self._route = Route(engine.senders, engine.terms, engine.ledger, engine.chance)
        self._alarm = Alarm(percent=engine.terms.refused_percent)
        self._flying: dict[Future[Answer], Flight] = {}
        #: attempts of an earlier process that are handed over again, as they were, before anything else
        self._repeats = deque(repeats)
        #: why the mailing has to stop, once what is on its way is settled
        self._halt = ""
        self._signed_at = self._seen = engine.clock()
        #: when the ledger last had nothing to claim, and how often it had nothing although something seemed due
        self._nothing_at: datetime | None = None
        self._in_vain = 0

    def go(self) -> Ended:
        self._route.look_back(self._clock())
        with ThreadPoolExecutor(max(sender.in_flight for sender in self._engine.senders)) as pool:
            try:
                while True:
                    self._begin(pool)
                    if self._flying:
                        self._land()
                    elif ended := self._rest():
                        return ended
            except Exception:
                rescue(self._flying, self._store, self._engine.sleep)
                raise

    # --- from a claim to its answer

    def _begin(self, pool: Executor) -> None:
        """Hand over as many chunks as may be on their way."""
        leg, self._nothing_at = self._route.leg, None
        while len(self._flying) < leg.abreast:
            now = self._clock()
            if not self._may_begin(now):
                return
            if self._may_repeat(now):
                repeated = self._repeats.popleft()
                self._launch(pool, repeated, self._route.leg_of(repeated.sender))
            elif claim := self._claim(leg, now):
                self._launch(pool, claim, leg)
            else:
                return

    def _may_repeat(self, now: datetime) -> bool:
        """Whether there is something to be handed over again. When the mailing was paused meanwhile, whoever resumes it
        asks again; when it is over, or too late, what the sender remembers has to do.
        """
        if not self._repeats:
            return False
        state = self._ledger.renew(self._lease, now)
        if state is MailingState.SENDING and not self._is_late(now):
            return True
        if state is not MailingState.PAUSED:
            for claim in self._repeats:
                sender, chance = self._route.leg_of(claim.sender).sender, self._engine.chance
                self._engine.progress(settle_by_memory(self._ledger, self._lease, claim, sender, self._clock, chance))
        self._repeats.clear()
        return False

    def _claim(self, leg: Leg, now: datetime) -> Claim | None:
        attempt = leg.next_attempt(self._engine.new_id)
        claim = self._ledger.claim(self._lease, attempt, leg.sender.name, now, leg.most(now))
        if claim is None:
            self._nothing_at = now
        else:
            self._in_vain = 0
        return claim

    def _may_begin(self, now: datetime) -> bool:
        if self._halt or self._engine.stop.is_set():
            return False
        return self._route.leg.trouble.ends_at(now) is None and not self._held(now)[0]

    def _launch(self, pool: Executor, claim: Claim, leg: Leg) -> None:
        leg.pace.begin(len(claim.readers), self._clock())
        envelopes, faults = envelopes_of(claim, self._envelope)
        letter = partial(self._letter, leg.sender, claim.chunk.variant, claim.tracked)
        future = hand_over(pool, claim, letter, leg.sender, envelopes)
        self._flying[future] = Flight(claim=claim, leg=leg, attempt=leg.begin(), unaddressed=faults)

    def _land(self) -> None:
        """Wait for answers and store them; no longer than until something else may begin."""
        held, _ = self._held(self._clock())
        pause = min(held, _HEARTBEAT) if held else _HEARTBEAT
        done, _ = wait(self._flying, timeout=pause.total_seconds(), return_when=FIRST_COMPLETED)
        self._give_a_sign()
        for future in done:
            self._settle(self._flying[future], self._flying[future].answer(future))
            del self._flying[future]

    def _settle(self, flight: Flight, answer: Answer) -> None:
        now, leg, numbers = self._clock(), flight.leg, flight.numbers
        leg.hear(flight.attempt, answer, numbers, now)
        leg.pace.land(len(numbers), now)
        self._alarm.hear(flight.claim.chunk, answer, numbers)
        self._store(flight, answer)
        self._halt = self._halt or leg.doubts or self._alarm.reason

    def _store(self, flight: Flight, answer: Answer) -> None:
        now, numbers = self._clock(), flight.numbers
        leave_alone = flight.leg.leave_alone(now)
        moves = settlement(answer, flight.claim.chunk, numbers, self._engine.chance, leave_alone=leave_alone)
        self._ledger.settle(self._lease, flight.claim, answer, moves, now)
        if bounced := answer.bounced.intersection(moves.refused):
            self._engine.bounced(flight.claim, bounced)
        self._engine.progress(settled(moves, numbers))

    # --- while nothing is on its way

    def _rest(self) -> Ended | None:
        """Wait a little for what may go later; how it ended when there is nothing to wait for."""
        now = self._clock()
        due = now if self._may_repeat(now) else self._ledger.next_due(self._lease)
        if due is None or self._is_late(now):
            return Ended(why=Why.OVER)
        if self._engine.stop.is_set() and not self._halt:
            return Ended(why=Why.STOPPED)
        if self._is_in_vain(due):
            return Ended(why=Why.OVER)
        if reason := self._halt or self._route.gives_up(now):
            self._ledger.pause(self._lease, reason, now, alarm=bool(self._halt))
            return Ended(why=Why.OVER)
        window = self._engine.terms.window
        if window.opening(now) - now > _SOON:
            return Ended(why=Why.CLOSED, until=window.opening(max(now, due)))
        self._seen = max(self._seen, now)
        # what was due before a clock was put back is due all the same
        left, why = self._wait(now, now if due <= self._seen else due)
        if why is not Waiting.PROVIDER and left > self._engine.terms.longest_wait:
            return Ended(why=Why.LATER, until=window.opening(now + left))
        if not self._route.moves_on(now):
            self._nap(now, left, why)
        return None

    def _wait(self, now: datetime, due: datetime) -> tuple[timedelta, Waiting]:
        """For how long there is nothing to do, and why. A provider in trouble is waited for: this run alone knows of it."""
        left, why = self._held(now)
        if due - now <= left:
            return left, why
        return due - now, Waiting.PROVIDER if why is Waiting.PROVIDER and left else Waiting.DUE

    def _nap(self, now: datetime, left: timedelta, why: Waiting) -> None:
        self._engine.waits(why, now + left)
        self._engine.sleep(min(max(left, _BLINK), _NAP).total_seconds())
        self._give_a_sign()

    def _held(self, now: datetime) -> tuple[timedelta, Waiting]:
        """For how long nothing may begin, whatever is due, and why."""
        window, leg = self._engine.terms.window, self._route.leg
        if not window.is_open(now):
            return window.opening(now) - now, Waiting.WINDOW
        if left := leg.trouble.wait(now):
            return left, Waiting.PROVIDER
        return leg.pace.wait(now), Waiting.PACE

    def _is_late(self, now: datetime) -> bool:
        return self._latest is not None and now >= self._latest

    def _is_in_vain(self, due: datetime) -> bool:
        """Whether something is due and the ledger does not give it, again and again: that would go round for ever."""
        self._in_vain = self._in_vain + 1 if self._nothing_at and due <= self._nothing_at else 0
        return self._in_vain >= _TRIES_IN_VAIN

    def _give_a_sign(self) -> None:
        """Renew the lease, and hear what other mailings hand over meanwhile."""
        now = self._clock()
        if abs(now - self._signed_at) < _HEARTBEAT:
            return
        self._ledger.renew(self._lease, now)
        self._route.look_back(now)
        self._signed_at = now
