"""A move of somebody's subscription: what decides it, what it comes to, and what is written down of it.

The rules are in subscribers/consent.py; store/people/consent.py carries them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.subscriber import (
        ConsentAction,
        ConsentSource,
        MailingList,
        SubscriptionStatus,
        SuppressionReason,
    )


@dataclass(frozen=True, kw_only=True)
class Position:
    """How somebody stands with a list when a move is decided. Nothing of it changes until the move is made."""

    list: MailingList
    status: SubscriptionStatus | None = None
    suppressed: SuppressionReason | None = None
    #: numbers of the events in which they asked to join and which can still be confirmed: nothing said no since
    requests: frozenset[int] = frozenset()


class Refusal(StrEnum):
    """Why a subscription does not move."""

    SUPPRESSED = "suppressed"
    #: the list is archived: it takes nobody in
    ARCHIVED = "archived"
    #: they left, and nothing that they said since takes it back
    LEFT = "left"


@dataclass(frozen=True, kw_only=True)
class Move:
    """`to` is the new status, None to leave it; `action` is the event to write, None for none. Nothing set: no change."""

    to: SubscriptionStatus | None = None
    action: ConsentAction | None = None
    refused: Refusal | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """How somebody said yes or no, or who says so for them."""

    source: ConsentSource
    #: when it happened, and when we learn of it
    at: datetime
    recorded_at: datetime
    #: what it rests on, as whoever records it states it
    ground: str = ""
    #: the exact words that they were shown
    wording: str = ""
    #: the mailing whose link was used
    mailing: int | None = None
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A move that was carried out, refused or needless. `event` is the number of the event that was written."""

    before: Position
    move: Move
    event: int | None = None

    @property
    def status(self) -> SubscriptionStatus | None:
        """How the subscription stands now."""
        return self.move.to or self.before.status
