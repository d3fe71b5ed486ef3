"""Whether a condition holds for somebody of whom the facts are at hand. store/audiences/segments.py asks the database the same.

What was stored as text, before an attribute was given its type, counts in `equals` as what an import would read it as.
Comparing takes numbers and dates as they are: a text of digits is no number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, assert_never

from newsletter.model.answers import forms, spellings
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

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from newsletter.model.importing import AttributeValue
    from newsletter.model.segment import Condition

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one person; nothing, unless said."""

    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    #: keys of tags (model/tag.py)
    tags: frozenset[str] = frozenset()
    #: numbers of the lists that they are subscribed to
    lists: frozenset[int] = frozenset()
    language: str = ""
    #: when they joined, or else when we first heard of them
    joined_at: datetime | None = None
    #: issues that they got, are getting, or may have got
    sent: frozenset[str] = frozenset()
    #: when the last mailing started that they were in, copies aside that certainly did not go
    mailed_at: datetime | None = None
    #: whether they agree that opens and clicks are noted
    tracking: bool = False
    opened: frozenset[str] = frozenset()
    clicked: frozenset[str] = frozenset()


def belongs(condition: Condition, facts: Facts) -> bool:
    """What is not known is false, so its `Not` is true."""
    match condition:
        case AllOf():
            return all(belongs(one, facts) for one in condition.conditions)
        case AnyOf():
            return any(belongs(one, facts) for one in condition.conditions)
        case Not():
            return not belongs(condition.condition, facts)
        case AttributeEquals() | AttributeCompares() | AttributeKnown():
            return _fits(condition, facts.attributes.get(condition.attribute))
        case WasSent() | MailedSince() | Engaged():
            return _happened(condition, facts)
        case HasTag() | OnList() | InLanguage() | Joined():
            return _is(condition, facts)
    assert_never(condition)


def _is(condition: HasTag | OnList | InLanguage | Joined, facts: Facts) -> bool:
    match condition:
        case HasTag():
            return condition.key in facts.tags
        case OnList():
            return condition.list in facts.lists
        case InLanguage():
            return f"{facts.language}-".lower().startswith(f"{condition.language}-".lower())
        case Joined():
            joined = facts.joined_at
            return (
                joined is not None
                and (condition.since is None or joined >= condition.since)
                and (condition.before is None or joined < condition.before)
            )


def _happened(condition: WasSent | MailedSince | Engaged, facts: Facts) -> bool:
    match condition:
        case WasSent():
            return condition.issue in facts.sent
        case MailedSince():
            return facts.mailed_at is not None and facts.mailed_at >= condition.moment
        case Engaged():
            issues = facts.opened if condition.kind is Engagement.OPENED else facts.clicked
            return facts.tracking and condition.issue in issues


def _fits(condition: AttributeEquals | AttributeCompares | AttributeKnown, value: AttributeValue | None) -> bool:
    if value is None:
        return False
    match condition:
        case AttributeKnown():
            return True
        case AttributeEquals():
            return _equals(value, condition.value)
        case AttributeCompares():
            return _compares(value, condition.comparison, condition.value)


def _equals(value: AttributeValue, wanted: AttributeValue) -> bool:
    if isinstance(value, str):
        return value in forms(wanted) if isinstance(wanted, str) else value.lower() in spellings(wanted)
    return isinstance(value, bool) == isinstance(wanted, bool) and value == wanted


def _compares(value: AttributeValue, comparison: Comparison, bound: float | str) -> bool:
    """Dates are compared as they are written; what does not look like one is none."""
    if isinstance(value, str) and isinstance(bound, str):
        if not _DATE.fullmatch(value):
            return False
        return value >= bound if comparison is Comparison.AT_LEAST else value <= bound
    if isinstance(value, str | bool) or isinstance(bound, str):
        return False
    return value >= bound if comparison is Comparison.AT_LEAST else value <= bound
