"""The widths of columns as an author writes them: `2` and `1` are two thirds and one third, `60%` is what it says."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARE = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*(%?)")
_FRACTION = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})")
#: a share smaller than this part of all is raised to it, or words would break
NARROWEST = Fraction(1, 8)

Share = Fraction


def read_share(text: str) -> Share | None:
    """`2`, `1.5`, `60%` (three fifths) or `2/3`; None for what is no positive share."""
    written = text.strip()
    if match := _FRACTION.fullmatch(written):
        return (Fraction(int(match[1]), int(match[2])) if int(match[2]) else None) or None
    match = _SHARE.fullmatch(written)
    return Fraction(match[1]) / (100 if match[2] else 1) or None if match else None


def parts_of(shares: Sequence[Share | None]) -> list[Fraction]:
    """The part of the whole that each column takes. Those without a share divide what is left, or count as 1."""
    given = [share for share in shares if share]
    missing = len(shares) - len(given)
    rest = 1 - sum(given, Fraction(0))
    usual = min(Fraction(1), sum(given, Fraction(0)) / len(given)) if given else Fraction(1)
    other = rest / missing if missing and given and rest > 0 else usual
    return _parts([share or other for share in shares])


def _parts(shares: Sequence[Fraction]) -> list[Fraction]:
    """Shares scaled to 1, the narrow ones widened."""
    least = sum(shares) * NARROWEST
    widened = [max(share, least) for share in shares]
    return [share / sum(widened) for share in widened]
