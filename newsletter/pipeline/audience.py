"""An audience looked at before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.errors import ProblemsFound
from newsletter.model.segment import Sorting
from newsletter.pipeline.mailing import before_this, sorting_of, whom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.address.audience import Addressed, Asked, Before
    from newsletter.model.segment import Condition
    from newsletter.model.subscriber import MailingList, Subscriber
    from newsletter.pipeline.issue import Prepared
    from newsletter.store.audiences.report import AudienceReport
    from newsletter.store.database import Store

_EXAMPLES = 10


@dataclass(frozen=True, kw_only=True)
class Look:
    addressed: Addressed
    report: AudienceReport
    before: Before | None
    #: name of the list by its number, for conditions in words
    lists: Mapping[int, str]
    examples: Sequence[Subscriber]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A list or segment that could be named, and how many of the subscribed are in it."""

    name: str
    readers: int
    condition: Condition | None = None
    list: MailingList | None = None


def look(store: Store, asked: Asked, now: datetime, prepared: Prepared | None) -> Look:
    """Who is in it, for an issue or for none, and why others are not.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable: see address/audience.py.
        ProblemsFound: the issue cannot be rendered.
    """
    from newsletter.store.audiences import report as audience_report
    from newsletter.store.people import lists as stored_lists

    if prepared and not prepared.variants:
        raise ProblemsFound(prepared.problems)
    slug = prepared.slug if prepared else ""
    with store.read() as connection:
        to = whom(connection, asked, now)
        sorted_by = Sorting()
        if prepared:
            sorted_by = sorting_of(connection, prepared.variants, asked.segments, asked.zone, now)
        return Look(
            addressed=to,
            report=audience_report.look_at(connection, to.audience, slug, sorted_by),
            before=before_this(connection, slug, to.audience),
            lists={entry.number: entry.name for entry in stored_lists.every(connection)},
            examples=audience_report.examples(connection, to.audience, _EXAMPLES),
        )


def numbers_json(report: AudienceReport) -> dict[str, Any]:
    """As commands and the API tell them."""
    return {
        "audience": report.audience,
        "suppressed": dict(report.suppressed),
        "already_sent": report.already_sent,
        "to_send": report.to_send,
        "variants": dict(report.variants),
        "not_in_it": {
            "pending": report.pending,
            "left": report.left,
            "not_in_segments": report.not_in_segments,
            "excepted": report.excepted,
            "excepted_by": dict(report.excepted_by),
        },
    }


def choices(store: Store, asked: Asked, now: datetime) -> tuple[Choice, ...]:
    """All lists, then all segments, each with how many of the subscribed of any open list it has.

    Raises:
        SegmentUnusable: a segment asks for a list that is not there.
    """
    from newsletter.address.conditions import conditions
    from newsletter.model.subscriber import SubscriptionStatus
    from newsletter.store.audiences import report as audience_report
    from newsletter.store.people import lists as stored_lists

    with store.read() as connection:
        known, counts = stored_lists.every(connection), stored_lists.counts(connection)
        meant = conditions(asked.segments, known, zone=asked.zone, now=now)
        by_name = {name: meant[name] for name in asked.segments}
        open_ = [entry.number for entry in known if not entry.archived_at]
        sizes = audience_report.sizes(connection, open_, by_name)
    subscribed = {number: by_status.get(SubscriptionStatus.SUBSCRIBED, 0) for number, by_status in counts.items()}
    return (
        *(Choice(name=entry.name, readers=subscribed.get(entry.number, 0), list=entry) for entry in known),
        *(Choice(name=name, readers=sizes[name], condition=condition) for name, condition in by_name.items()),
    )
