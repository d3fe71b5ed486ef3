"""Can somebody be in two segments at once? Only a certain no counts: what cannot be told is a yes.

Each condition is written as alternatives, each a set of leaves that hold or do not; two conditions can hold together when
one alternative of each goes with one of the other. Segments are looked at in pairs, so that an issue with many of them is
still quickly told how many different mails it makes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from newsletter.model.segment import (
    AllOf,
    AnyOf,
    AttributeCompares,
    AttributeEquals,
    AttributeKnown,
    Comparison,
    InLanguage,
    Joined,
    MailedSince,
    Not,
)
from newsletter.model.segment_lists import lists_named
from newsletter.settings.segment_trees import Trees

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from newsletter.model.segment import Condition
    from newsletter.settings.segments import Segment

#: a leaf, and whether it holds
Literal = tuple["Condition", bool]
Alternative = frozenset[Literal]
Kind = TypeVar("Kind", AttributeCompares, AttributeEquals, InLanguage, Joined, MailedSince)

#: beyond this a condition may be anything
_MOST_ALTERNATIVES = 32
_ANYTHING: tuple[Alternative, ...] = (frozenset(),)
#: comparing leaves needs a clock and a zone, and any will do
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Sharing:
    """Remembers what it found: segments never change."""

    def __init__(self, segments: Mapping[str, Segment]) -> None:
        self._segments = segments
        self._lists: dict[str, int] = {}
        self._trees = Trees(segments=segments, number_of=self._number_of, zone=ZoneInfo("UTC"), now=_NOW)
        self._alternatives: dict[str, tuple[Alternative, ...]] = {}
        self._pairs: dict[tuple[str, str], bool] = {}

    def possible(self, names: Collection[str]) -> bool:
        """Whether somebody can be in all of these; other names than those of segments are lists, and go with all."""
        known = sorted(name for name in names if name in self._segments)
        if len(known) == 1:
            return bool(self._of(known[0]))
        return all(self._go_together(*pair) for pair in combinations(known, 2))

    def names_its_list(self, name: str) -> bool:
        """Whether all readers of this segment are on a list that it names: then it can be mailed by itself."""
        return bool(lists_named(self._trees.of(self._segments[name])))

    def _go_together(self, one: str, other: str) -> bool:
        pair = (one, other)
        if pair not in self._pairs:
            self._pairs[pair] = bool(_both(self._of(one), self._of(other)))
        return self._pairs[pair]

    def _of(self, name: str) -> tuple[Alternative, ...]:
        if name not in self._alternatives:
            self._alternatives[name] = _alternatives(self._trees.of(self._segments[name]), holds=True)
        return self._alternatives[name]

    def _number_of(self, name: str) -> int:
        return self._lists.setdefault(name, len(self._lists))


def can_hold_together(one: Condition, other: Condition) -> bool:
    """Whether two conditions can hold for somebody. Each attribute is asked for values of its type."""
    return bool(_both(_alternatives(one, holds=True), _alternatives(other, holds=True)))


def _alternatives(condition: Condition, *, holds: bool) -> tuple[Alternative, ...]:
    """None at all where the condition can never be so."""
    match condition:
        case Not():
            return _alternatives(condition.condition, holds=not holds)
        case AllOf() | AnyOf() if isinstance(condition, AllOf) == holds:
            found = _ANYTHING
            for one in condition.conditions:
                found = _both(found, _alternatives(one, holds=holds))
            return found
        case AllOf() | AnyOf():
            either = dict.fromkeys(each for one in condition.conditions for each in _alternatives(one, holds=holds))
            return tuple(either) if len(either) <= _MOST_ALTERNATIVES else _ANYTHING
        case _:
            return (frozenset({(condition, holds)}),)


def _both(some: Iterable[Alternative], others: Iterable[Alternative]) -> tuple[Alternative, ...]:
    found = dict.fromkeys(one | other for one, other in product(some, others) if _is_possible(one | other))
    return tuple(found) if len(found) <= _MOST_ALTERNATIVES else _ANYTHING


def _is_possible(literals: Alternative) -> bool:
    if any((leaf, not holds) in literals for leaf, holds in literals):
        return False
    said = [leaf for leaf, holds in literals if holds]
    denied = [leaf for leaf, holds in literals if not holds]
    return (
        _attributes_are_possible(said, denied)
        and _languages_are_possible(said, denied)
        and _moments_are_possible(said, denied)
    )


def _attributes_are_possible(said: list[Condition], denied: list[Condition]) -> bool:
    values: dict[str, object] = {}
    asked = {leaf.attribute for leaf in said if isinstance(leaf, AttributeEquals | AttributeCompares | AttributeKnown)}
    if any(AttributeKnown(attribute=name) in denied for name in asked):
        return False
    for leaf in _of_kind(said, AttributeEquals):
        if values.setdefault(leaf.attribute, leaf.value) != leaf.value:
            return False
    return all(_has_room(name, values.get(name), said) for name in asked)


def _has_room(name: str, value: object, said: list[Condition]) -> bool:
    """Whether the value, or any, lies between all bounds. Values of an attribute are of one type: that was checked."""
    bounds = [leaf for leaf in _of_kind(said, AttributeCompares) if leaf.attribute == name]
    least = [leaf.value for leaf in bounds if leaf.comparison is Comparison.AT_LEAST]
    most = [leaf.value for leaf in bounds if leaf.comparison is Comparison.AT_MOST]
    if value is not None:
        least, most = [*least, value], [*most, value]  # type: ignore[list-item]
    return not least or not most or max(least) <= min(most)  # type: ignore[operator]


def _languages_are_possible(said: list[Condition], denied: list[Condition]) -> bool:
    wanted = [f"{leaf.language}-".lower() for leaf in _of_kind(said, InLanguage)]
    refused = [f"{leaf.language}-".lower() for leaf in _of_kind(denied, InLanguage)]
    return all(one.startswith(other) or other.startswith(one) for one, other in combinations(wanted, 2)) and not any(
        one.startswith(other) for one, other in product(wanted, refused)
    )


def _moments_are_possible(said: list[Condition], denied: list[Condition]) -> bool:
    joined = _of_kind(said, Joined)
    since = [leaf.since for leaf in joined if leaf.since]
    before = [leaf.before for leaf in joined if leaf.before]
    mailed = [leaf.moment for leaf in _of_kind(said, MailedSince)]
    not_mailed = [leaf.moment for leaf in _of_kind(denied, MailedSince)]
    return (not since or not before or max(since) < min(before)) and (
        not mailed or not not_mailed or max(mailed) < min(not_mailed)
    )


def _of_kind(leaves: Iterable[Condition], kind: type[Kind]) -> list[Kind]:
    return [leaf for leaf in leaves if isinstance(leaf, kind)]
