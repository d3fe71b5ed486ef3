"""What a segment means, in plain words."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from newsletter.cli.show import clean, number
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
from newsletter.model.subscriber import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from newsletter.model.segment import Condition

#: alternatives that are said one by one; the others are counted
_MOST_PARTS = 6
_DEEPEST = 8


def in_words(condition: Condition, lists: Mapping[int, str], zone: ZoneInfo) -> str:
    """`lists` are the names of lists by number; days are those of the zone."""
    return _Words(lists, zone).of(condition)


class _Words:
    def __init__(self, lists: Mapping[int, str], zone: ZoneInfo) -> None:
        self._lists, self._zone = lists, zone

    def of(self, condition: Condition, depth: int = 0) -> str:
        if depth > _DEEPEST:
            return "..."
        match condition:
            case AllOf():
                return self._joined("and", condition.conditions, depth) or "everybody"
            case AnyOf():
                return self._joined("or", condition.conditions, depth) or "nobody"
            case Not(condition=AllOf() | AnyOf() | Not()):
                return f"not ({self.of(condition.condition, depth + 1)})"
            case Not():
                return self._leaf(condition.condition, holds=False)
        return self._leaf(condition, holds=True)

    def _joined(self, word: str, conditions: Sequence[Condition], depth: int) -> str:
        parts = [*self._parts(word, conditions, depth)]
        if len(parts) > _MOST_PARTS:
            parts[_MOST_PARTS:] = [f"{number(len(parts) - _MOST_PARTS)} more"]
        return f" {word} ".join(parts)

    def _parts(self, word: str, conditions: Sequence[Condition], depth: int) -> Iterator[str]:
        for one in conditions:
            inner = isinstance(one, AllOf | AnyOf) and len(one.conditions) > 1
            same = isinstance(one, AllOf if word == "and" else AnyOf)
            said = self.of(one, depth + 1)
            yield f"({said})" if inner and not same else said

    def _leaf(self, leaf: Condition, *, holds: bool) -> str:
        is_ = "is" if holds else "is not"
        match leaf:
            case AttributeEquals():
                return f"{clean(leaf.attribute)} {is_} {clean(as_text(leaf.value))}"
            case AttributeCompares():
                return f"{clean(leaf.attribute)} {is_} {_bound(leaf)}"
            case AttributeKnown():
                return f"{clean(leaf.attribute)} {is_} known"
            case HasTag():
                return f"{'has' if holds else 'does not have'} the tag {clean(leaf.key)}"
            case OnList():
                return f"{is_} on the list {self._lists.get(leaf.list, str(leaf.list))}"
            case InLanguage():
                return f"language {is_} {clean(leaf.language)}"
        return self._happened(leaf, holds=holds)

    def _happened(self, leaf: Condition, *, holds: bool) -> str:
        was = "was" if holds else "was not"
        match leaf:
            case Joined():
                return f"{'joined' if holds else 'did not join'} {self._when(leaf)}"
            case WasSent():
                return f"{was} sent {clean(leaf.issue)}"
            case MailedSince():
                return f"{was} mailed since {self._day(leaf.moment)}"
            case Engaged():
                did, do = ("opened", "open") if leaf.kind is Engagement.OPENED else ("clicked in", "click in")
                return f"{did if holds else f'did not {do}'} {clean(leaf.issue)}"
        raise NotImplementedError(type(leaf).__name__)

    def _when(self, leaf: Joined) -> str:
        bounds = [f"on {self._day(leaf.since)} or later"] if leaf.since else []
        bounds += [f"before {self._day(leaf.before)}"] if leaf.before else []
        return " and ".join(bounds) or "on a day that is known"

    def _day(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return local.date().isoformat() if local.time() == time() else local.strftime("%Y-%m-%d %H:%M")


def _bound(leaf: AttributeCompares) -> str:
    if isinstance(leaf.value, str):
        return f"{clean(leaf.value)} or {'later' if leaf.comparison is Comparison.AT_LEAST else 'earlier'}"
    return f"{leaf.comparison.value} {leaf.value}"
