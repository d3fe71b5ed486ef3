"""What is to be done for many rows of an import at once, sorted by how it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from newsletter.model.importing import Counts

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.importing import Row
    from newsletter.model.subscriber import Subscriber, SubscriptionStatus, SuppressionReason


class Found(NamedTuple):
    """That the person of a row is known: the place of the row, the number, the subscription to the list in question."""

    place: int
    number: int
    status: SubscriptionStatus | None


class Move(NamedTuple):
    """A subscription gets another status. `at` is when they joined or left, as far as is known (moment_text)."""

    number: int
    at: str
    ip: str = ""


class Suppress(NamedTuple):
    """Somebody is not to be mailed. `number` is the subscriber's whose subscription ends with it, 0 for none."""

    row: Row
    reason: SuppressionReason
    number: int = 0


class Joined(NamedTuple):
    """A known subscriber joined earlier than we knew."""

    number: int
    at: datetime


@dataclass(kw_only=True)
class Plan:
    """`counts` is what it comes to."""

    #: by the status of their subscription: new people, each with a public id
    new: dict[SubscriptionStatus, list[tuple[Row, str]]] = field(default_factory=dict)
    #: known people as they are from now on
    changed: list[Subscriber] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    #: of known people: status -> subscriptions that get it
    moves: dict[SubscriptionStatus, list[Move]] = field(default_factory=dict)
    #: tag -> known people who get it
    tags: dict[str, list[int]] = field(default_factory=dict)
    suppress: list[Suppress] = field(default_factory=list)
    #: where suppressions come from
    source: str = ""
    counts: Counts = field(default_factory=Counts)
