"""A segment as newsletter.toml says it -> its condition tree (model/segment.py).

The days of a segment are those of the workspace's zone. "Not mailed for 7 days" counts days too, not hours: who got last
Monday's letter at nine may get today's, Monday's, at one minute to nine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from newsletter.model.segment import (
    AllOf,
    AnyOf,
    AttributeCompares,
    AttributeEquals,
    AttributeKnown,
    Comparison,
    Engaged,
    Engagement,
    HasTag,
    InLanguage,
    Joined,
    MailedSince,
    Not,
    OnList,
    WasSent,
)
from newsletter.model.tag import tag_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from zoneinfo import ZoneInfo

    from newsletter.model.segment import Condition
    from newsletter.settings.segments import Segment

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Trees:
    """What segments come to. Settings have no rings and no unknown names among them: that was checked."""

    segments: Mapping[str, Segment]
    #: a list's name -> its number; whatever it raises stops the one tree that asks
    number_of: Callable[[str], int]
    zone: ZoneInfo
    now: datetime

    def of(self, segment: Segment) -> Condition:
        parts = (*self._attribute(segment), *self._reader(segment), *self._history(segment), *self._parts(segment))
        return all_of(*parts)

    def _attribute(self, segment: Segment) -> Iterator[Condition]:
        name = segment.attribute
        if name is None:
            return
        if segment.equals is not None:
            yield AttributeEquals(attribute=name, value=segment.equals)
        if segment.one_of is not None:
            yield any_of(*(AttributeEquals(attribute=name, value=value) for value in segment.one_of))
        for value, comparison in (
            (segment.at_least, Comparison.AT_LEAST),
            (segment.at_most, Comparison.AT_MOST),
            (_beside(segment.after, 1), Comparison.AT_LEAST),
            (_beside(segment.before, -1), Comparison.AT_MOST),
        ):
            if value is not None:
                yield AttributeCompares(attribute=name, comparison=comparison, value=value)
        if segment.known is not None:
            known = AttributeKnown(attribute=name)
            yield known if segment.known else Not(condition=known)

    def _reader(self, segment: Segment) -> Iterator[Condition]:
        if segment.tag is not None:
            yield _has(segment.tag)
        if segment.any_tag is not None:
            yield any_of(*map(_has, segment.any_tag))
        if segment.all_tags is not None:
            yield from map(_has, segment.all_tags)
        if segment.list is not None:
            yield OnList(list=self.number_of(segment.list))
        if segment.language is not None:
            yield InLanguage(language=segment.language)
        if segment.joined_after is not None:
            yield Joined(since=self._begin(segment.joined_after + _DAY))
        if segment.joined_before is not None:
            yield Joined(before=self._begin(segment.joined_before))

    def _history(self, segment: Segment) -> Iterator[Condition]:
        if segment.sent is not None:
            yield WasSent(issue=segment.sent)
        if segment.not_mailed_for_days is not None:
            first = self.now.astimezone(self.zone).date() - _DAY * (segment.not_mailed_for_days - 1)
            yield Not(condition=MailedSince(moment=self._begin(first)))
        if segment.opened is not None:
            yield Engaged(kind=Engagement.OPENED, issue=segment.opened)
        if segment.clicked is not None:
            yield Engaged(kind=Engagement.CLICKED, issue=segment.clicked)

    def _parts(self, segment: Segment) -> Iterator[Condition]:
        if segment.segment is not None:
            yield self.of(self.segments[segment.segment])
        if segment.all is not None:
            yield from map(self.of, segment.all)
        if segment.any is not None:
            yield any_of(*map(self.of, segment.any))
        if segment.not_ is not None:
            yield Not(condition=self.of(segment.not_))

    def _begin(self, day: date) -> datetime:
        """The first moment of a day here, in UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def all_of(*conditions: Condition) -> Condition:
    """One condition is itself; those of an inner `all` stand beside the others."""
    flat = tuple(part for one in conditions for part in (one.conditions if isinstance(one, AllOf) else (one,)))
    return flat[0] if len(flat) == 1 else AllOf(conditions=flat)


def any_of(*conditions: Condition) -> Condition:
    flat = tuple(part for one in conditions for part in (one.conditions if isinstance(one, AnyOf) else (one,)))
    return flat[0] if len(flat) == 1 else AnyOf(conditions=flat)


def _has(tag: str) -> Condition:
    return HasTag(key=tag_key(tag))


def _beside(day: str | float | bool | None, days: int) -> str | None:
    """The day after or before a date as it is stored; of a segment that was checked, which has no other values here."""
    return None if day is None else (date.fromisoformat(str(day)) + _DAY * days).isoformat()
