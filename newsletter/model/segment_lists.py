"""Which lists a condition names by itself, so that its readers can be mailed without another word about lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.segment import AllOf, AnyOf, OnList

if TYPE_CHECKING:
    from newsletter.model.segment import Condition


def lists_named(condition: Condition) -> set[int]:
    """Lists such that all for whom it holds are subscribed to one of them at least; empty where it names none.

    Those that everybody must be on are enough. Where there are none, it is those of each part of an `any`.
    """
    return _demanded(condition) or _covering(condition)


def _demanded(condition: Condition) -> set[int]:
    """Lists that everybody is on for whom it holds."""
    match condition:
        case OnList():
            return {condition.list}
        case AllOf():
            return set().union(*map(_demanded, condition.conditions))
        case AnyOf() if condition.conditions:
            return set.intersection(*map(_demanded, condition.conditions))
    return set()


def _covering(condition: Condition) -> set[int]:
    match condition:
        case OnList():
            return {condition.list}
        case AllOf():
            return next((found for found in map(_covering, condition.conditions) if found), set())
        case AnyOf():
            parts = [lists_named(one) for one in condition.conditions]
            return set().union(*parts) if all(parts) else set()
    return set()
