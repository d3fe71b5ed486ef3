"""What only few readers share is not told by itself, nor may it be found by taking the rest away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from newsletter.model.reporting import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping


class Merged(NamedTuple):
    """The keys to tell one by one, the largest first, and those to tell as one."""

    apart: tuple[str, ...]
    others: tuple[str, ...]


def merged(sizes: Mapping[str, int], *, always: str | None = None, counts_only: bool = False) -> Merged:
    """Where the others are few themselves, the smallest of the large ones joins them: what became of a mail would else be
    found by taking the rest away. With `counts_only` nothing is told but how many they are. `always` is among the others.
    """
    in_order = sorted((key for key, size in sizes.items() if size), key=lambda key: (-sizes[key], key))
    apart = [key for key in in_order if sizes[key] >= FEW and key != always]
    others = [key for key in in_order if sizes[key] < FEW or key == always]
    while not counts_only and others and apart and sum(sizes[key] for key in others) < FEW:
        others.insert(0, apart.pop())
    return Merged(tuple(apart), tuple(others))
