"""An import of readers: what a row says, what is known already, what becomes of the row, how the whole file went."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SubscriptionStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.subscriber import Subscriber, SuppressionReason

AttributeValue = str | int | float | bool


class Standing(StrEnum):
    """How a row says that its person stands with the list. Whatever is not clearly subscribed is not."""

    #: the file does not say: the stated ground of the import decides
    UNSAID = "unsaid"
    SUBSCRIBED = "subscribed"
    #: has not agreed, whatever the ground of the import
    PENDING = "pending"
    UNSUBSCRIBED = "unsubscribed"
    #: never to be mailed, for the reason in `Mark.reason`
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What the status columns of one row come to. `reason` goes with SUPPRESSED."""

    standing: Standing = Standing.UNSAID
    reason: SuppressionReason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """What a good row says of somebody. An empty text or a missing attribute says nothing."""

    line: int
    address: str
    identity_hash: str
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    timezone: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    #: names of tags by model/tag.py:tag_name
    tags: tuple[str, ...] = ()
    mark: Mark = Mark()
    #: when they joined and left, as the file states it
    joined_at: datetime | None = None
    left_at: datetime | None = None
    #: where they joined from; kept only where settings allow
    ip: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """A row that was not imported. `line` is the line of the file on which the row begins."""

    line: int
    reason: str

    def as_json(self) -> dict[str, str | int]:
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """How an identity stands before its row is carried out; `status` is its subscription to the list in question."""

    suppressed: bool = False
    subscriber: Subscriber | None = None
    status: SubscriptionStatus | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of one good row. Nothing set: nothing changes."""

    person: Person
    known: Known
    #: of the new subscriber that the row makes
    public_id: str | None = None
    #: a known subscriber as the row makes it
    changed: Subscriber | None = None
    #: the status that the subscription gets
    joins: SubscriptionStatus | None = None


@dataclass(kw_only=True)
class Counts:
    """Good rows by what became of them. added + updated + unchanged + suppressed is their number."""

    #: people who were not known at all
    added: int = 0
    #: known people of whom a field or the subscription changed
    updated: int = 0
    unchanged: int = 0
    #: never to be mailed: not added, not changed, not subscribed
    suppressed: int = 0
    #: of these rows: agreed with this import
    subscribed: int = 0
    #: of these rows: on the list after this import, but have not agreed
    pending: int = 0
    #: of these rows: unsubscribed before, and stay so
    left_earlier: int = 0

    def count(self, decision: Decision) -> None:
        known = decision.known
        if known.suppressed:
            self.suppressed += 1
            return
        self.added += decision.public_id is not None
        self.updated += decision.public_id is None and bool(decision.changed or decision.joins)
        self.unchanged += not (decision.public_id or decision.changed or decision.joins)
        self.subscribed += decision.joins is SubscriptionStatus.SUBSCRIBED
        self.pending += (decision.joins or known.status) is SubscriptionStatus.PENDING
        self.left_earlier += known.status is SubscriptionStatus.UNSUBSCRIBED


@dataclass(frozen=True, kw_only=True)
class ImportReport:
    """How an import went. rows = added + updated + unchanged + suppressed + the number of `rejected`."""

    rows: int
    added: int
    updated: int
    unchanged: int
    suppressed: int
    subscribed: int
    pending: int
    left_earlier: int
    #: how many of `rejected` are a second row of the same person
    duplicates: int
    rejected: tuple[Rejection, ...]
    #: headings of columns that belong to no field
    ignored: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The shape that `subscribers import --json` prints."""
        rejected = [rejection.as_json() for rejection in self.rejected]
        return {**vars(self), "rejected": rejected, "ignored": list(self.ignored)}
