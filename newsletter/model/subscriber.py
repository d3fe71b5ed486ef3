"""A reader, what they joined, and what they agreed to (docs/glossary.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.mailing import Outcome


class SubscriptionStatus(StrEnum):
    #: known, but has not agreed: never mailed
    PENDING = "pending"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"


class OptIn(StrEnum):
    """What somebody who joins by a page still has to do."""

    #: nothing
    SINGLE = "single"
    #: confirm by a link that is mailed to them
    DOUBLE = "double"


class Archive(StrEnum):
    """Who may read the issues of a list on the pages."""

    #: who got them, by the links in their mail
    HIDDEN = "hidden"
    #: whoever has the address of the page
    UNLISTED = "unlisted"
    #: everybody: it is in the index, the feed and the sitemap
    PUBLIC = "public"


class ConsentAction(StrEnum):
    #: asked to join; on a list with double opt-in that is not yet consent
    REQUESTED = "requested"
    SUBSCRIBED = "subscribed"
    UNSUBSCRIBED = "unsubscribed"
    TRACKING_ALLOWED = "tracking allowed"
    TRACKING_REFUSED = "tracking refused"
    #: what they agreed to holds for another address of theirs since
    ADDRESS_CHANGED = "address changed"


class ConsentSource(StrEnum):
    """How it came about."""

    IMPORT = "import"
    ONE_CLICK = "one-click"
    PAGE = "page"
    BY_HAND = "by hand"
    #: the link of a confirmation mail
    CONFIRMATION = "confirmation"
    #: an unsubscribe page or button of the email service provider, which told us
    PROVIDER = "provider"


class SuppressionReason(StrEnum):
    LEFT_EVERYTHING = "left everything"
    HARD_BOUNCE = "hard bounce"
    COMPLAINT = "complaint"
    ERASED = "erased"
    BY_HAND = "by hand"
    BAD_ADDRESS = "bad address"


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """`number` is the database's, `public_id` a random text that says nothing; `address` is spelled as it was given."""

    number: int
    public_id: str
    address: str
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    timezone: str = ""
    attributes: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    #: agreed that opens and clicks are noted
    tracking: bool = False

    @property
    def name(self) -> str:
        both = self.first_name and self.last_name
        return f"{self.first_name} {self.last_name}" if both else self.first_name or self.last_name


@dataclass(frozen=True, kw_only=True)
class MailingList:
    """A topic one can join. `name` is its short handle, `title` what readers see."""

    number: int
    name: str
    title: str
    description: str = ""
    opt_in: OptIn = OptIn.DOUBLE
    archived_at: datetime | None = None
    #: offered on the pages to whoever wants to join
    public: bool = False
    archive: Archive = Archive.HIDDEN


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """How one person stands with one list."""

    list: MailingList
    status: SubscriptionStatus
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Suppression:
    """Why an identity is never mailed. `source` says where that came from."""

    reason: SuppressionReason
    source: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ListedSubscriber:
    """A line of `subscribers list`: a person, and list name -> status."""

    subscriber: Subscriber
    statuses: Mapping[str, SubscriptionStatus]
    suppressed: SuppressionReason | None = None


@dataclass(frozen=True, kw_only=True)
class ConsentRecord:
    """One entry of somebody's consent history. `list` is None for everything; `wording` are the words agreed to."""

    list: MailingList | None
    action: ConsentAction
    source: ConsentSource
    at: datetime
    #: the exact words that they were shown
    wording: str = ""
    #: what it rests on, as whoever recorded it states it
    ground: str = ""
    #: the mailing whose link was used
    mailing: int | None = None
    ip: str = ""
    user_agent: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedMail:
    """A mailing that somebody was planned in, and what became of their copy."""

    mailing: int
    issue: str
    n: int
    outcome: Outcome
    reason: str = ""
    started_at: datetime | None = None


#: fields of a subscriber that a merge tag may name, besides the workspace's attributes
SUBSCRIBER_FIELDS = ("first_name", "last_name", "email", "language")


def field_values(subscriber: Subscriber) -> dict[str, str]:
    """Field name -> text, for merge tags. An attribute never shadows a field."""
    values = {
        name: value if isinstance(value, str) else as_text(value) for name, value in subscriber.attributes.items()
    }
    values["first_name"] = subscriber.first_name
    values["last_name"] = subscriber.last_name
    values["email"] = subscriber.address
    values["language"] = subscriber.language
    return values


def as_text(value: str | float | bool) -> str:
    """The value of an attribute, for merge tags."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
