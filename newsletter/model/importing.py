"""An import of readers: what a row says, what is known already, what becomes of the row, how the whole file went."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.subscriber import MailingList, Subscriber

AttributeValue = str | int | float | bool


class Standing(StrEnum):
    """How a row says that its person stands with the list. Whatever is not clearly subscribed is not."""

    #: the file does not say: the stated ground of the import decides
    UNSAID = "unsaid"
    SUBSCRIBED = "subscribed"
    #: has not agreed, whatever the ground of the import
    PENDING = "pending"
    #: answered no when asked, which is not leaving: pending if they are not on the list, but subscribed no longer
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    #: never to be mailed, for the reason in `Mark.reason`
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What the status columns of one row come to. `reason` goes with SUPPRESSED."""

    standing: Standing = Standing.UNSAID
    reason: SuppressionReason | None = None

    @property
    def word(self) -> str:
        """One word for both: no standing is called as a reason is."""
        return self.reason.value if self.reason else self.standing.value


@lru_cache
def mark_of(word: str) -> Mark:
    """The mark with this word."""
    if word in {*SuppressionReason}:
        return Mark(standing=Standing.SUPPRESSED, reason=SuppressionReason(word))
    return Mark(standing=Standing(word))


#: the word of a row that does not say how its person stands
UNSAID = Mark().word


class Row(NamedTuple):
    """A good row as it is handed on by the thousand, to a file and to the database: plain texts, in this order.

    `person_of` says the same with types. An empty text says nothing.
    """

    identity_hash: str
    line: int
    address: str
    first_name: str = ""
    last_name: str = ""
    language: str = ""
    timezone: str = ""
    #: a JSON map
    attributes: str = "{}"
    tags: Sequence[str] = ()
    #: Mark.word
    mark: str = UNSAID
    #: by `moment_text`
    joined_at: str = ""
    left_at: str = ""
    ip: str = ""
    #: the cells as they stand in the file, of a row that may be a second one of its person
    cells: Sequence[str] = ()


def moment_text(moment: datetime) -> str:
    """A moment as a text that sorts by time, as SQLite keeps it: UTC, microseconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment_of(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


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


def person_of(row: Row) -> Person:
    return Person(
        line=row.line,
        address=row.address,
        identity_hash=row.identity_hash,
        first_name=row.first_name,
        last_name=row.last_name,
        language=row.language,
        timezone=row.timezone,
        attributes=json.loads(row.attributes),
        tags=tuple(row.tags),
        mark=mark_of(row.mark),
        joined_at=moment_of(row.joined_at),
        left_at=moment_of(row.left_at),
        ip=row.ip,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejection:
    """A row that was not imported. `line` is the line of the file on which the row begins."""

    line: int
    reason: str

    def as_json(self) -> dict[str, str | int]:
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What whoever imports says about all rows. `ground` is how and when these people agreed, None when they have not."""

    list: MailingList
    now: datetime
    ground: str | None = None
    #: the exact words that they saw when they agreed
    wording: str = ""
    #: tags for everybody, by model/tag.py:tag_name
    tags: tuple[str, ...] = ()
    keep_ip: bool = False

    @property
    def wanted(self) -> SubscriptionStatus:
        """What becomes of people whose rows do not say how they stand."""
        return SubscriptionStatus.SUBSCRIBED if self.ground and self.ground.strip() else SubscriptionStatus.PENDING


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """How an identity stands before its row is carried out; `status` is its subscription to the list in question."""

    suppressed: SuppressionReason | None = None
    subscriber: Subscriber | None = None
    status: SubscriptionStatus | None = None
    joined_at: datetime | None = None
    #: when they last joined this list as far as is known for sure: an import that does not say when does not count
    joined_here: datetime | None = None
    #: keys of tags
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What becomes of one good row. Nothing set: nothing changes."""

    person: Person
    known: Known
    #: somebody new
    is_new: bool = False
    #: a known subscriber as the row makes it
    changed: Subscriber | None = None
    #: an earlier time at which a known subscriber joined
    joined_at: datetime | None = None
    #: the status that the subscription gets
    moves: SubscriptionStatus | None = None
    #: tags that they do not have yet
    tags: tuple[str, ...] = ()
    #: why they are suppressed from now on, or also
    suppress: SuppressionReason | None = None

    @property
    def changes(self) -> bool:
        return bool(self.is_new or self.changed or self.joined_at or self.moves or self.tags)


@dataclass(kw_only=True)
class Counts:
    """Good rows by what became of them. added + updated + unchanged + suppressed is their number."""

    #: people who were not known at all
    added: int = 0
    #: known people of whom a field, a tag or the subscription changed
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
    #: of these rows: unsubscribed by this import, since the file says that they left
    unsubscribed: int = 0
    #: of the suppressed: by this import, since the file says so
    newly_suppressed: int = 0

    def count(self, decision: Decision) -> None:
        known = decision.known
        if known.suppressed or decision.suppress:
            self.suppressed += 1
            self.newly_suppressed += not known.suppressed
            return
        if decision.is_new:
            self.added += 1
        elif decision.changes:
            self.updated += 1
        else:
            self.unchanged += 1
        self.count_move(known.status, decision.moves)

    def count_move(self, status: SubscriptionStatus | None, moves: SubscriptionStatus | None, rows: int = 1) -> None:
        """Where they stood with the list, and where they go."""
        self.subscribed += rows * (moves is SubscriptionStatus.SUBSCRIBED)
        self.unsubscribed += rows * (moves is SubscriptionStatus.UNSUBSCRIBED)
        self.pending += rows * ((moves or status) is SubscriptionStatus.PENDING)
        self.left_earlier += rows * (status is SubscriptionStatus.UNSUBSCRIBED)

    def add(self, other: Counts) -> None:
        for one in fields(Counts):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
