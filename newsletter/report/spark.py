"""Columns of a chart in one line of text; what they say in words always stands beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_STEPS = "▁▂▃▄▅▆▇█"
_NONE = " "


def spark(values: Sequence[int], largest: int | None = None) -> str:
    """None at all is a space; the largest fills its place."""
    top = max(values, default=0) if largest is None else largest
    return "".join(_column(value, top) for value in values)


def _column(value: int, top: int) -> str:
    if value <= 0 or top <= 0:
        return _NONE
    return _STEPS[min((value * len(_STEPS) - 1) // top, len(_STEPS) - 1)]


def bar(size: int, largest: int, width: int) -> str:
    """One that lies; what is there at all can be seen."""
    if size <= 0 or largest <= 0:
        return ""
    return "█" * max(1, round(width * min(size, largest) / largest))
