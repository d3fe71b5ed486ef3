"""Deliveries in chunks: ranges that go to the ESP together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def ranges(first: int, last: int, size: int) -> Iterator[tuple[int, int]]:
    """(first, last), both included, of the chunks that cover first..last."""
    for start in range(first, last + 1, size):
        yield start, min(start + size - 1, last)
