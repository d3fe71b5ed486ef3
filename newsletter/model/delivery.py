"""What is told of single deliveries, and of those that a person has to look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.event import Fate
    from newsletter.model.mailing import Outcome


class Delivery(NamedTuple):
    """One mailing to one subscriber: what became of handing it over, and what the world did with it since."""

    n: int
    subscriber: int
    #: None once the person was erased
    address: str | None
    variant: str
    tracked: bool
    outcome: Outcome
    reason: str
    #: the attempt that the outcome comes of; empty where there was none
    attempt: str
    sender: str
    started_at: datetime | None
    #: the ESP's own id of the request
    provider_id: str
    fate: Fate | None
    fate_reason: str
    fate_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Deliveries that one attempt left uncertain."""

    #: how many
    count: int
    first: int
    last: int
    #: empty, as is all that follows, for those that a restored backup made uncertain
    attempt: str = ""
    sender: str = ""
    provider_id: str = ""
    started_at: datetime | None = None
    #: since when they are in doubt
    since: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Pending:
    """What of a mailing is planned, and when it goes on."""

    #: deliveries that may be handed over at once
    due: int = 0
    #: deliveries that wait for their time, or after a definite no
    later: int = 0
    #: when the next of them is due
    next_at: datetime | None = None
    #: the last words of the provider to those that wait after a no
    detail: str = ""
