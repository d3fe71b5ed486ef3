"""Shares in words: always with their two numbers, and never rounded to none or all where it is neither."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """`part` of `whole`. Of nobody there is no rate."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def percent(self) -> str:
        """Such as 95.8 %; under one in a hundred to two places. Empty where there is no whole."""
        if not self.whole:
            return ""
        exact = Fraction(self.part * 100, self.whole)
        if 0 < exact < Fraction(1, 100):
            return "under 0.01 %"
        if Fraction(9995, 100) <= exact < 100:
            return "over 99.9 %"
        return f"{float(exact):.{2 if 0 < exact < 1 else 1}f} %"

    def __str__(self) -> str:
        said = f"{self.part:,} of {self.whole:,}"
        return f"{said} ({self.percent})" if self.percent else said


def counted(count: int, word: str, words: str = "") -> str:
    """Such as: 1 reader, 1,200 readers."""
    return f"{count:,} {word if count == 1 else words or f'{word}s'}"
