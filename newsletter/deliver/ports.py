"""What the engine needs of others: a ledger that remembers, a sender that hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.letter import Answer, Envelope, Letter
    from newsletter.model.mailing import MailingState
    from newsletter.model.sending import Claim, Lease, Settlement


class Ledger(Protocol):
    """Remembers a mailing. Every method is one transaction."""

    def take(self, mailing: int, owner: str, now: datetime) -> Lease:
        """Take the lease; a paused mailing is `sending` again, one that is over stays so, and has nothing to claim.

        Raises:
            LeaseHeld: a process that may still be alive has it.
            PauseStands: it is paused, and only a person's word lifts that.
            StateForbids: it has not begun.
        """

    def orphans(self, lease: Lease) -> Sequence[Claim]:
        """Attempts of earlier processes that never heard an answer: their chunks are still `submitting`.

        Each is a claim as that process had it: `sender` is the one it was handed to. Changes nothing.
        """

    def claim(self, lease: Lease, attempt: str, sender: str, now: datetime, most: int) -> Claim | None:
        """Exclude who must not be mailed any more, store the attempt, move the next due chunk to `submitting`.

        At most `most` readers of it: the range is cut, and the rest stays `planned`. None when no chunk is due at `now`,
        the mailing is no longer `sending`, or its latest time has passed.
        """

    def settle(
        self, lease: Lease, claim: Claim, answer: Answer, settlement: Settlement, now: datetime, by: str = ""
    ) -> None:
        """Store an answer and what follows from it. `by` says what settled it, where not the sender's own answer did.

        The chunk's new state holds for those of `claim.readers` that the settlement names nowhere. The tries of a chunk
        that stays `planned` grow by one if it `counts`, else they stay as they are.

        Raises:
            LeaseLost: another process took over; a late yes has cleared up its own doubt all the same.
        """

    def next_due(self, lease: Lease) -> datetime | None:
        """When the earliest planned chunk may be tried; None when there is none, or the mailing is not `sending`."""

    def renew(self, lease: Lease, now: datetime) -> MailingState:
        """Say that we are alive, and hear how the mailing stands.

        Raises:
            LeaseLost: another process took over.
        """

    def handed_over(self, sender: str, since: datetime) -> Sequence[tuple[datetime, int]]:
        """When how many readers were handed to this sender since then, of all mailings; the oldest first."""

    def pause(self, lease: Lease, reason: str, now: datetime, *, alarm: bool = False) -> None:
        """Stop the mailing for a person to look. Nothing happens to one that is not `sending` any more.

        After an `alarm` no later run goes on by itself, as it may after trouble with a provider.

        Raises:
            LeaseLost: another process took over.
        """

    def finish(self, lease: Lease, now: datetime) -> None:
        """Give the lease back. A mailing that is `sending` is `finished` when no chunk is left to send; after its latest
        time what is planned is cancelled first.
        """


class Memory(Protocol):
    """What a sender knows of earlier processes, also of one that nothing is handed to any more."""

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:
        """What is known of an attempt of an earlier process that never came back: doubt, unless a journal tells more."""


class Sender(Memory, Protocol):
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

    def expect(self, attempt: str) -> None:
        """Told before an attempt is stored: what it takes to recall it is at hand from its first moment. Never raises."""

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer: ...

    def remarks(self, letter: Letter) -> Sequence[str]:
        """What it will leave out or change of this letter, in words, for people to read before anything is sent."""

    def close(self) -> None: ...
