"""The act of sending one issue to one audience at one time: its states, and the sum that must always hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class MailingState(StrEnum):
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    #: its latest time passed before it could start
    MISSED = "missed"


class PausedBy(StrEnum):
    """Whose pause `newsletter mailings resume` alone lifts; any other (a provider away) a later `send` may try again."""

    PERSON = "person"
    #: too many were refused, or too much is in doubt
    ALARM = "alarm"


class ChunkState(StrEnum):
    PLANNED = "planned"
    #: handed to the ESP, the answer is not known yet
    SUBMITTING = "submitting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    #: nobody can say whether the ESP took it: never sent again by itself
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


#: The legal moves. A move that is not here is a fault of ours and raises IllegalMove.
MAILING_MOVES: Mapping[MailingState, frozenset[MailingState]] = {
    # to missed also when a backup is restored after its time, where nobody can say whether it began since
    MailingState.SCHEDULED: frozenset({MailingState.SENDING, MailingState.CANCELLED, MailingState.MISSED}),
    # to finished: nothing is left to send, or its latest time has passed and the rest was cancelled
    MailingState.SENDING: frozenset({MailingState.PAUSED, MailingState.FINISHED}),
    MailingState.PAUSED: frozenset({MailingState.SENDING, MailingState.CANCELLED}),
    # a person's word opens it again: doubtful deliveries were not sent, or refused ones are worth another try
    MailingState.FINISHED: frozenset({MailingState.PAUSED}),
    MailingState.CANCELLED: frozenset(),
    MailingState.MISSED: frozenset(),
}
CHUNK_MOVES: Mapping[ChunkState, frozenset[ChunkState]] = {
    # to uncertain: only when a backup is restored, after which it may have gone out.
    # to accepted, here and below: an event, or a late answer, proves that it was taken, whatever was believed
    ChunkState.PLANNED: frozenset(
        {ChunkState.SUBMITTING, ChunkState.CANCELLED, ChunkState.UNCERTAIN, ChunkState.ACCEPTED}
    ),
    # to cancelled: a definite no, and the mailing was cancelled meanwhile
    ChunkState.SUBMITTING: frozenset(
        {ChunkState.ACCEPTED, ChunkState.REFUSED, ChunkState.UNCERTAIN, ChunkState.PLANNED, ChunkState.CANCELLED}
    ),
    # to planned: a person's word that it was not sent; to cancelled: that word about a mailing that was cancelled
    ChunkState.UNCERTAIN: frozenset({ChunkState.ACCEPTED, ChunkState.PLANNED, ChunkState.CANCELLED}),
    ChunkState.ACCEPTED: frozenset(),
    # to planned: a person's word that it is worth another try
    ChunkState.REFUSED: frozenset({ChunkState.PLANNED, ChunkState.ACCEPTED}),
    ChunkState.CANCELLED: frozenset({ChunkState.ACCEPTED}),
}


class Outcome(StrEnum):
    """What we know of handing one delivery over."""

    PLANNED = "planned"
    IN_FLIGHT = "in flight"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXCLUDED = "excluded"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


#: The outcome of a delivery that has none of its own, by the state of its chunk.
OUTCOME_OF_CHUNK: Mapping[ChunkState, Outcome] = {
    ChunkState.PLANNED: Outcome.PLANNED,
    ChunkState.SUBMITTING: Outcome.IN_FLIGHT,
    ChunkState.ACCEPTED: Outcome.ACCEPTED,
    ChunkState.REFUSED: Outcome.REFUSED,
    ChunkState.UNCERTAIN: Outcome.UNCERTAIN,
    ChunkState.CANCELLED: Outcome.CANCELLED,
}


class Exclusion(StrEnum):
    """Why a delivery of the audience was not sent."""

    SUPPRESSED = "suppressed"
    ALREADY_SENT = "already sent"
    #: left the list between the start of the mailing and this chunk
    UNSUBSCRIBED = "unsubscribed"
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """One issue sent to one audience at one time. `lists` are the names of the included lists.

    `variants` are the fingerprints by the variants' names; `fingerprint` is that of readers in no segment.
    """

    number: int
    #: what the tokens of its links call it
    link_number: int
    issue: str
    fingerprint: str
    variants: Mapping[str, str]
    lists: tuple[str, ...]
    #: names of the segments that narrowed its audience, and of the lists and segments that were left out
    segments: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()
    state: MailingState
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    sender: str = ""
    #: why it is paused, in words
    reason: str = ""
    #: None: it is not paused, or whoever sends it next may go on
    paused_by: PausedBy | None = None
    #: why it went to people who had the issue already (`--again`)
    again: str = ""
    #: after this nothing of it is handed over any more
    latest_at: datetime | None = None
    #: whether it reaches people, or is a rehearsal; None where that is not known
    real: bool | None = None
    #: number of the version that goes; None where that was not kept yet
    version: int | None = None
    #: when it is planned to begin, None: at once
    due_at: datetime | None = None
    #: if it has not begun by then, it is missed
    start_by: datetime | None = None
    #: what the clock shows where each reader is, such as 2026-12-01T09:00; empty: all at once
    local_time: str = ""
    scheduled_by: str = ""
    #: why it did not begin although its time had come, in words
    held: str = ""
    #: its version goes even where the sources have moved on
    approved_version: bool = False
    #: many more or fewer readers than last time are meant
    may_differ: bool = False
    #: the recurring schedule that it came from
    recurrence: int | None = None


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What somebody decides about a mailing when it is planned, beside its issue and audience."""

    due_at: datetime | None = None
    start_by: datetime | None = None
    latest_at: datetime | None = None
    local_time: str = ""
    scheduled_by: str = ""
    approved_version: bool = False
    may_differ: bool = False
    recurrence: int | None = None


#: to be sent at once, with nothing said about it
AT_ONCE = Planned()


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """The deliveries `first`..`last` (both included) that go to the ESP together."""

    number: int
    mailing: int
    first: int
    last: int
    state: ChunkState
    variant: str = ""
    #: for readers who agreed that opens and clicks are noted
    tracked: bool = False
    #: not handed over before this time, by plan
    due_at: datetime | None = None
    #: not handed over before this time, after a definite no
    not_before: datetime | None = None
    #: attempts so far that came back with a definite no
    tries: int = 0


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How the deliveries of a mailing stand, read in one snapshot."""

    audience: int
    outcomes: Mapping[Outcome, int] = field(default_factory=dict)
    exclusions: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, outcome: Outcome) -> int:
        return self.outcomes.get(outcome, 0)

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def holds(self) -> bool:
        """planned + in flight + accepted + refused + excluded + uncertain + cancelled = audience."""
        return self.total == self.audience
