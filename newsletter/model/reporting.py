"""What the database tells a report, in numbers alone: of a mailing, and of a list. store/reporting reads it, report/ tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from newsletter.model.event import Fate
    from newsletter.model.mailing import Mailing, Tally
    from newsletter.model.segment import Engagement
    from newsletter.model.subscriber import ConsentSource, MailingList, SubscriptionStatus
    from newsletter.model.waiver import Waiver


#: fewer readers than this are not told apart by what they have in common: they might be found out
FEW = 5


@dataclass(frozen=True, kw_only=True)
class Course:
    """When readers were handed over, and when their servers took the mail: counts of intervals that are all as long."""

    interval: timedelta
    handed_over: Mapping[datetime, int] = field(default_factory=dict)
    delivered: Mapping[datetime, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Returned:
    """How many mails came back for alike reasons; `words` are the first of the server's own."""

    fate: Fate
    words: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Link:
    url: str
    people: int
    machines: int


@dataclass(frozen=True, kw_only=True)
class Noted:
    """What was noted of those who agreed. `people` did it themselves; of `machines` a program did."""

    #: of them the mail was handed over to
    readers: int = 0
    people: Mapping[Engagement, int] = field(default_factory=dict)
    machines: Mapping[Engagement, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Left:
    """People who left by a link of the mailing, or told their provider so: by the way they took, and by what they said."""

    people: int = 0
    ways: Mapping[ConsentSource, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    #: how many of them wrote something of their own, which is not shown
    wrote: int = 0


@dataclass(frozen=True, kw_only=True)
class Fared:
    """One mailing among others, to compare."""

    number: int
    issue: str
    started_at: datetime | None
    accepted: int
    fates: Mapping[Fate, int]
    left: int
    noted: Noted


@dataclass(frozen=True, kw_only=True)
class Note:
    """A correction of the issue."""

    at: datetime
    text: str
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class MailingFacts:
    mailing: Mailing
    tally: Tally
    #: sender -> how many it accepted
    through: Mapping[str, int]
    refusals: Mapping[str, int]
    fates: Mapping[Fate, int]
    course: Course
    #: domain of the address that the reader has now, "" for all others -> fate -> how many; None: no report
    domains: Mapping[str, Mapping[Fate | None, int]]
    returned: Sequence[Returned]
    left: Left
    noted: Noted
    links: Sequence[Link]
    #: variant -> how many readers it was planned for, and fate -> how many of those who were handed over
    variants: Mapping[str, int]
    variant_fates: Mapping[str, Mapping[Fate | None, int]]
    #: earlier mailings to the same audience, the newest first
    before: Sequence[Fared]
    corrections: Sequence[Note]
    waivers: Sequence[Waiver]
    #: as a reader without a name of their own got it; empty where it cannot be read
    subject: str = ""


class Growth(NamedTuple):
    """What a month did to a list, in people."""

    requested: int = 0
    joined: int = 0
    #: of those who joined, by the link of a confirmation mail
    confirmed: int = 0
    left: int = 0
    #: still subscribed, and never mailed any more since then
    bounced: int = 0
    complained: int = 0
    #: never mailed any more for another reason
    kept_out: int = 0
    erased: int = 0


@dataclass(frozen=True, kw_only=True)
class ListFacts:
    list: MailingList
    statuses: Mapping[SubscriptionStatus, int]
    #: of the subscribed
    suppressed: int
    #: begin of each month that is told, as the workspace's clock has it -> what happened
    months: Mapping[datetime, Growth]
    #: how those who are subscribed joined the last time
    sources: Mapping[ConsentSource, int]
    languages: Mapping[str, int]
    #: of the subscribed, who agreed that opens and clicks are noted, and of them who did either in the last mailings
    tracked: int
    active: int
    #: what that is based on
    recent: int
    #: subscribed people of whom a hard bounce or a bad address is known
    gone: int
    #: subscribed people whose last mailings all came back or were never taken, and how many mailings that are
    silent: int
    silent_mailings: int
    mailings: Sequence[Fared]
    reasons: Mapping[str, int]
