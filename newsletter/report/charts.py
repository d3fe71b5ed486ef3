"""Charts as places on a drawing that may be as wide as it likes: in percent from left to right, in pixels from top to bottom.

What a chart says by colour it says by place or words as well. `says` is what it comes to, in a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.report.figures import Share


@dataclass(frozen=True)
class Bar:
    """`size` is the bar; `within` the frame around it, none where it is 0."""

    label: str
    size: int
    words: str
    within: int = 0


@dataclass(frozen=True)
class Bars:
    """One bar under its label, and the next."""

    title: str
    says: str
    bars: tuple[Bar, ...]
    kind: str = field(default="bars", init=False)

    @property
    def largest(self) -> int:
        return max((max(bar.size, bar.within) for bar in self.bars), default=0)

    def percent(self, size: int) -> float:
        return part_of(size, self.largest)


@dataclass(frozen=True)
class Panel:
    """One row of columns; `below` hang from the line, with the same scale."""

    name: str
    values: tuple[int, ...]
    below: tuple[int, ...] = ()
    below_name: str = ""

    @property
    def largest(self) -> int:
        return max((*self.values, *self.below), default=0)

    def percent(self, value: int) -> float:
        """Of the height of a panel."""
        return part_of(value, self.largest)


@dataclass(frozen=True)
class Columns:
    """Panels above each other over the same intervals. `ticks` name the first, the middle and the last of them."""

    title: str
    says: str
    panels: tuple[Panel, ...]
    ticks: tuple[str, ...]
    kind: str = field(default="columns", init=False)

    @property
    def count(self) -> int:
        return max((len(panel.values) for panel in self.panels), default=0)

    def left(self, place: int) -> float:
        return round(100 * place / max(self.count, 1), 3)

    @property
    def width(self) -> float:
        """A gap is left between two columns."""
        return round(86 / max(self.count, 1), 3)


@dataclass(frozen=True)
class Limits:
    """A rate on a scale that has lines: fraction and words of each."""

    title: str
    says: str
    share: Share
    lines: tuple[tuple[float, str], ...]
    kind: str = field(default="limits", init=False)

    @property
    def end(self) -> float:
        """What the scale ends with."""
        return max((self.share.rate or 0.0) * 1.15, max(at for at, _ in self.lines) * 4 / 3)

    def percent(self, rate: float) -> float:
        return round(min(100 * rate / self.end, 100.0), 3)


Chart = Bars | Columns | Limits


def part_of(size: int, largest: int) -> float:
    """In percent; what is there at all can be seen."""
    if size <= 0 or largest <= 0:
        return 0.0
    return round(max(100 * min(size, largest) / largest, 0.5), 3)


def listed(bars: Iterable[Bar]) -> str:
    """What a chart of bars says, for those who do not see it."""
    return " ".join(f"{bar.label}: {bar.words}." for bar in bars)
