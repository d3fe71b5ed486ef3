"""An export of readers: who is wanted, and what is told of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.subscriber import Subscriber, SubscriptionStatus, SuppressionReason


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Only those with a subscription to this list, of this status, with this tag; None for no condition."""

    list_name: str | None = None
    status: SubscriptionStatus | None = None
    tag: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """One person. `lists` is name of a list -> status, and since when."""

    subscriber: Subscriber
    joined_at: datetime | None
    #: when we first heard of them
    known_since: datetime
    tags: tuple[str, ...] = ()
    lists: Mapping[str, tuple[SubscriptionStatus, datetime]] = field(default_factory=dict)
    suppressed: SuppressionReason | None = None
