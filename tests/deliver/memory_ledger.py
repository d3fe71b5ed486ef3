"""A ledger without a database, as plain as the rules are: every delivery by itself, and the chunks as ranges of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.errors import IllegalMove, LeaseHeld, LeaseLost
from newsletter.model.mailing import CHUNK_MOVES, OUTCOME_OF_CHUNK, Chunk, ChunkState, MailingState, Outcome
from newsletter.model.sending import Claim, Lease
from newsletter.model.subscriber import Subscriber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Answer
    from newsletter.model.sending import Settlement

NUMBER = 1
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Attempt:
    claim: Claim
    generation: int
    at: datetime
    answer: Answer | None = None
    by: str = ""


@dataclass
class MemoryLedger:
    """One mailing of `count` readers in chunks of `size`. `own` are the entries of single deliveries."""

    count: int
    size: int = 100
    variant: str = ""
    tracked: bool = False
    state: MailingState = MailingState.SENDING
    reason: str = ""
    latest: datetime | None = None
    chunks: dict[int, Chunk] = field(default_factory=dict)
    own: dict[int, tuple[Outcome, str]] = field(default_factory=dict)
    attempts: dict[str, Attempt] = field(default_factory=dict)
    generation: int = 0
    owner: str = ""
    renewals: int = 0
    #: what earlier mailings handed over: (sender, when, how many)
    earlier: list[tuple[str, datetime, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        for first in range(1, self.count + 1, self.size):
            self._add(first, min(first + self.size - 1, self.count))

    # --- the port

    def take(self, mailing: int, owner: str, now: datetime) -> Lease:
        if self.owner and self.owner != owner:
            raise LeaseHeld(mailing, self.owner)
        if self.state is MailingState.PAUSED:
            self.state, self.reason = MailingState.SENDING, ""
        self.owner, self.generation = owner, self.generation + 1
        return Lease(mailing=mailing, generation=self.generation)

    def orphans(self, lease: Lease) -> Sequence[Claim]:
        self._hold(lease)
        return [
            attempt.claim
            for attempt in self.attempts.values()
            if attempt.answer is None
            and attempt.generation < lease.generation
            and self.chunks[attempt.claim.chunk.number].state is ChunkState.SUBMITTING
        ]

    def claim(self, lease: Lease, attempt: str, sender: str, now: datetime, most: int) -> Claim | None:
        assert most > 0
        self._hold(lease)
        if self.state is not MailingState.SENDING or self._is_late(now):
            return None
        for chunk in sorted(self._planned(), key=lambda chunk: chunk.first):
            if any(moment and moment > now for moment in (chunk.due_at, chunk.not_before)):
                continue
            numbers = self._open(chunk)
            if not numbers:
                self._move(chunk.number, ChunkState.CANCELLED)
                continue
            if len(numbers) > most:
                cut = numbers[most]
                self._add(cut, chunk.last, chunk)
                self.chunks[chunk.number] = replace(chunk, last=cut - 1)
                numbers = numbers[:most]
            self._move(chunk.number, ChunkState.SUBMITTING)
            readers = [(n, reader(n)) for n in numbers]
            claim = Claim(
                attempt=attempt, chunk=self.chunks[chunk.number], readers=readers, sender=sender, tracked=chunk.tracked
            )
            assert attempt not in self.attempts
            self.attempts[attempt] = Attempt(claim, lease.generation, now)
            return claim
        return None

    def settle(
        self, lease: Lease, claim: Claim, answer: Answer, settlement: Settlement, now: datetime, by: str = ""
    ) -> None:
        self._hold(lease)
        numbers = {n for n, _ in claim.readers}
        named = [*settlement.accepted, *settlement.refused, *settlement.doubtful]
        assert len(named) == len(set(named)), "named twice"
        assert numbers.issuperset(named)
        wait = now + settlement.wait if settlement.wait else None
        tries = claim.chunk.tries + settlement.counts
        self._move(claim.chunk.number, settlement.state, tries=tries, not_before=wait)
        for n in settlement.accepted:
            self._own(n, Outcome.ACCEPTED, "")
        for n, reason in settlement.refused.items():
            self._own(n, Outcome.REFUSED, reason)
        for n, reason in settlement.doubtful.items():
            self._own(n, Outcome.UNCERTAIN, reason)
        if settlement.ranges:
            self._split(self.chunks[claim.chunk.number], settlement.ranges)
        if wait and settlement.all_wait:
            for chunk in self._planned():
                self.chunks[chunk.number] = replace(chunk, not_before=max(chunk.not_before or wait, wait))
        self.attempts[claim.attempt].answer, self.attempts[claim.attempt].by = answer, by
        if settlement.pause:
            self.pause(lease, settlement.pause, now)

    def next_due(self, lease: Lease) -> datetime | None:
        if self.state is not MailingState.SENDING:
            return None
        always = min((attempt.at for attempt in self.attempts.values()), default=BEGINNING)
        return min(
            (
                max((moment for moment in (chunk.due_at, chunk.not_before) if moment), default=always)
                for chunk in self._planned()
            ),
            default=None,
        )

    def renew(self, lease: Lease, now: datetime) -> MailingState:
        del now
        self._hold(lease)
        self.renewals += 1
        return self.state

    def handed_over(self, sender: str, since: datetime) -> Sequence[tuple[datetime, int]]:
        ours = [(one.claim.sender, one.at, len(one.claim.readers)) for one in self.attempts.values()]
        return sorted((at, count) for name, at, count in [*self.earlier, *ours] if name == sender and at > since)

    def pause(self, lease: Lease, reason: str, now: datetime, *, alarm: bool = False) -> None:
        del alarm
        self._hold(lease)
        if self.state is MailingState.SENDING:
            self.state, self.reason = MailingState.PAUSED, reason

    def finish(self, lease: Lease, now: datetime) -> None:
        self._hold(lease)
        self.owner = ""
        if self.state is not MailingState.SENDING:
            return
        if self._is_late(now):
            for chunk in self._planned():
                self._move(chunk.number, ChunkState.CANCELLED)
            self.reason = "too late"
        if not any(chunk.state in {ChunkState.PLANNED, ChunkState.SUBMITTING} for chunk in self.chunks.values()):
            self.state = MailingState.FINISHED

    # --- for tests

    def cancel(self) -> None:
        """As a person does, with the mailing paused."""
        self.state = MailingState.CANCELLED
        for chunk in self._planned():
            self._move(chunk.number, ChunkState.CANCELLED)

    def outcome(self, n: int) -> Outcome:
        if n in self.own:
            return self.own[n][0]
        (chunk,) = [chunk for chunk in self.chunks.values() if chunk.first <= n <= chunk.last]
        return OUTCOME_OF_CHUNK[chunk.state]

    def outcomes(self) -> dict[Outcome, int]:
        counts: dict[Outcome, int] = {}
        for n in range(1, self.count + 1):
            counts[self.outcome(n)] = counts.get(self.outcome(n), 0) + 1
        return counts

    # --- inside

    def _hold(self, lease: Lease) -> None:
        if lease.generation != self.generation:
            raise LeaseLost(lease.mailing)

    def _is_late(self, now: datetime) -> bool:
        return self.latest is not None and now >= self.latest

    def _planned(self) -> list[Chunk]:
        return [chunk for chunk in self.chunks.values() if chunk.state is ChunkState.PLANNED]

    def _open(self, chunk: Chunk) -> list[int]:
        return [n for n in range(chunk.first, chunk.last + 1) if n not in self.own]

    def _own(self, n: int, outcome: Outcome, reason: str) -> None:
        assert n not in self.own, "an entry is never overwritten"
        self.own[n] = outcome, reason

    def _move(self, number: int, state: ChunkState, **values: object) -> None:
        before = self.chunks[number].state
        if state not in CHUNK_MOVES[before]:
            raise IllegalMove(f"chunk {number}", before, state)
        self.chunks[number] = replace(self.chunks[number], state=state, **values)  # type: ignore[arg-type]

    def _add(self, first: int, last: int, like: Chunk | None = None) -> None:
        number = next(self._numbers)
        new = Chunk(number=number, mailing=NUMBER, first=first, last=last, state=ChunkState.PLANNED)
        new = replace(new, variant=self.variant, tracked=self.tracked)
        self.chunks[number] = replace(like, number=number, first=first, last=last) if like else new

    def _split(self, chunk: Chunk, ranges: Sequence[tuple[int, int]]) -> None:
        covered = [n for first, last in ranges for n in range(first, last + 1)]
        assert covered == list(range(chunk.first, chunk.last + 1)), "ranges are cut, and never overlap"
        (_, last), *others = ranges
        self.chunks[chunk.number] = replace(chunk, last=last)
        for first, end in others:
            self._add(first, end, chunk)


def reader(n: int) -> Subscriber:
    return Subscriber(number=n, public_id=f"p{n}", address=f"reader{n}@example.org")
