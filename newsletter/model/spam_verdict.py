"""What a spam filter says of a mail: its points, how many make spam, and the reasons."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SpamReason:
    """One test of the filter that fired. Negative points speak for the mail."""

    points: float
    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class SpamVerdict:
    """The sum, the points from which a mail is spam, and the reasons in the filter's order."""

    score: float
    threshold: float
    reasons: tuple[SpamReason, ...] = ()
