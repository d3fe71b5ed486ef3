"""What the engine needs of others: a ledger that remembers, a sender that hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.letter import Answer, Envelope, Letter
    from newsletter.model.sending import Claim, Lease, Settlement


class Ledger(Protocol):
    """Remembers a mailing. Every method is one transaction."""

    def take(self, mailing: int, owner: str, now: datetime) -> Lease:
        """Take the lease and move the mailing to `sending`; one that is over stays so, and has nothing to claim.

        Raises:
            LeaseHeld: a process that may still be alive has it.
        """

    def recover(self, lease: Lease, *, repeatable: Sequence[str]) -> None:
        """Chunks that an earlier process left `submitting`: planned again if their sender's name is in `repeatable`
        (repeating is harmless), else uncertain.
        """

    def claim(self, lease: Lease, attempt: str, sender: str, now: datetime) -> Claim | None:
        """Exclude who must not be mailed any more, store the attempt, move the next due chunk to `submitting`.

        None when no chunk is due now, or the mailing is no longer `sending`.
        """

    def settle(self, lease: Lease, claim: Claim, answer: Answer, settlement: Settlement, now: datetime) -> None:
        """Store an answer and what follows from it."""

    def next_due(self, lease: Lease) -> datetime | None:
        """When the earliest planned chunk may be tried; None when there is none, or the mailing is not `sending`."""

    def renew(self, lease: Lease, now: datetime) -> None:
        """Say that we are alive.

        Raises:
            LeaseLost: another process took over.
        """

    def finish(self, lease: Lease, now: datetime) -> None:
        """Give the lease back; the mailing is `finished` when no chunk is left to send."""


class Sender(Protocol):
    """Hands letters to a provider. `submit` never raises for what a provider or a network does: it answers."""

    @property
    def name(self) -> str: ...

    @property
    def repeatable(self) -> bool:
        """Whether handing an interrupted chunk over again is harmless."""

    @property
    def chunk_size(self) -> int: ...

    @property
    def in_flight(self) -> int:
        """How many chunks may be on their way at once."""

    @property
    def real(self) -> bool:
        """Whether mail may reach people outside."""

    @property
    def embeds(self) -> bool:
        """Whether images travel inside the mail, instead of being fetched from `base_url` when it is read."""

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer: ...

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:
        """What is known of an attempt of an earlier process that never came back: doubt, unless a journal tells more."""

    def remarks(self, letter: Letter) -> Sequence[str]:
        """What it will leave out or change of this letter, in words, for people to read before anything is sent."""

    def close(self) -> None: ...
