"""Remembers what was made of a file for a place: an issue is rendered once per variant, and again at every look at it."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from functools import wraps
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

R = TypeVar("R")
F = TypeVar("F", bound="Hashable")

#: octets of results that are kept, the latest used ones
_ROOM = 64_000_000


def remembered(make: Callable[[bytes, F], R], room: int = _ROOM) -> Callable[[bytes, F], R]:
    """`make` for a file and a rule, each pair done once; results are told by the hash of the file, which is not kept."""
    known: OrderedDict[tuple[bytes, F], R] = OrderedDict()
    lock = Lock()

    @wraps(make)
    def look_up(content: bytes, rule: F) -> R:
        key = hashlib.sha256(content).digest(), rule
        with lock:
            if key in known:
                known.move_to_end(key)
                return known[key]
        result = make(content, rule)
        with lock:
            known[key] = result
            while len(known) > 1 and sum(map(_weight, known.values())) > room:
                known.popitem(last=False)
        return result

    return look_up


def _weight(result: object) -> int:
    """Something even for what has no content, so that refusals do not pile up for ever."""
    return len(getattr(result, "content", b"")) + 10_000
