"""Many values for one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: values in one IN (...): the oldest SQLite takes 999 parameters
_IN = 900


def parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Values in portions that fit an IN (...)."""
    return (values[start : start + _IN] for start in range(0, len(values), _IN))
