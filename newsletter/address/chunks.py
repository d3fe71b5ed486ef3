"""Deliveries 1..N in chunks: ranges that go to the ESP together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def ranges(count: int, size: int) -> Iterator[tuple[int, int]]:
    """(first, last), both included, of the chunks that cover 1..count."""
    for first in range(1, count + 1, size):
        yield first, min(first + size - 1, count)
