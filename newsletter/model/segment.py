"""Which readers belong to a segment, and which variant of an issue each of them gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class AttributeEquals:
    """Readers whose attribute has this value; those without the attribute do not belong."""

    attribute: str
    value: str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class OnList:
    """Readers who are subscribed to the list of this number."""

    list: int


Condition = AttributeEquals | OnList

#: the names of segments and lists that a reader belongs to, of those that matter to an issue
Membership = frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """How readers are sorted into the variants of an issue; without conditions everybody gets the variant ""."""

    conditions: Mapping[str, Condition] = field(default_factory=dict)
    variants: Mapping[Membership, str] = field(default_factory=lambda: {frozenset(): ""})
