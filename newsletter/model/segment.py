"""Which readers belong to a segment, and which variant of an issue each of them gets.

A condition is a tree. It is pure: store/audiences/segments.py turns it into SQL, address/belonging.py decides it for facts at hand,
and a test holds the two together. Every leaf is true or false; what is not known is false, so its `Not` is true.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from newsletter.model.importing import AttributeValue


@dataclass(frozen=True, kw_only=True)
class AttributeEquals:
    """Readers whose attribute has this value; those without the attribute do not belong."""

    attribute: str
    value: AttributeValue


class Comparison(StrEnum):
    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, kw_only=True)
class AttributeCompares:
    """Numbers by size, dates (YYYY-MM-DD) by day; both bounds are included. Other values do not belong."""

    attribute: str
    comparison: Comparison
    value: int | float | str


@dataclass(frozen=True, kw_only=True)
class AttributeKnown:
    """Readers of whom the attribute is known, whatever it is."""

    attribute: str


@dataclass(frozen=True, kw_only=True)
class HasTag:
    """`key` is the tag's name case-folded and NFC (model/tag.py)."""

    key: str


@dataclass(frozen=True, kw_only=True)
class OnList:
    """Readers who are subscribed to the list of this number."""

    list: int


@dataclass(frozen=True, kw_only=True)
class InLanguage:
    """`de` is German of any country, `de-AT` only that of Austria. Case does not count."""

    language: str


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Who first joined at or after `since`, and before `before`; None: no bound."""

    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WasSent:
    """Readers who got, are getting, or may have got this issue."""

    issue: str


@dataclass(frozen=True, kw_only=True)
class MailedSince:
    """Readers who were in a mailing that started at or after this moment, unless their copy certainly did not go."""

    moment: datetime


class Engagement(StrEnum):
    OPENED = "opened"
    CLICKED = "clicked"


@dataclass(frozen=True, kw_only=True)
class Engaged:
    """Readers who opened or clicked the issue. Only of those who agree to tracking is that known, now and then."""

    kind: Engagement
    issue: str


@dataclass(frozen=True, kw_only=True)
class AllOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class AnyOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True)
class Not:
    condition: Condition


Condition = (
    AttributeEquals
    | AttributeCompares
    | AttributeKnown
    | HasTag
    | OnList
    | InLanguage
    | Joined
    | WasSent
    | MailedSince
    | Engaged
    | AllOf
    | AnyOf
    | Not
)


def leaves_of(condition: Condition) -> Iterator[Condition]:
    """Every leaf, whether it has to hold or not to hold."""
    waiting = [condition]
    while waiting:
        match one := waiting.pop():
            case AllOf() | AnyOf():
                waiting += reversed(one.conditions)
            case Not():
                waiting.append(one.condition)
            case _:
                yield one


#: the names of segments and lists that a reader belongs to, of those that matter to an issue
Membership = frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """How readers are sorted into the variants of an issue; without conditions everybody gets the variant ""."""

    conditions: Mapping[str, Condition] = field(default_factory=dict)
    variants: Mapping[Membership, str] = field(default_factory=lambda: {frozenset(): ""})


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who is addressed: the subscribed of `lists`, of them, if `narrowed` says anything, those for whom one of its
    conditions holds, minus those for whom one of `excepted` does. The names are as they were given, for people and for
    the ledger.
    """

    lists: tuple[int, ...]
    narrowed: Mapping[str, Condition] = field(default_factory=dict)
    excepted: Mapping[str, Condition] = field(default_factory=dict)
