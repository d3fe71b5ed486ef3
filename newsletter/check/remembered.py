"""What several rules ask of one content, one after the other, worked out once."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.check.rulebook import Content

T = TypeVar("T")


def remembered(work_out: Callable[[Content], T]) -> Callable[[Content], T]:
    """The same answer as long as the same content is asked for; that of the last one is kept, and no other."""
    last: list[tuple[Content, T]] = []

    @wraps(work_out)
    def answer(content: Content) -> T:
        for known, found in tuple(last):
            if known is content:
                return found
        found = work_out(content)
        last[:] = [(content, found)]
        return found

    return answer
