"""How an operator wants it sent: how fast, when, and what is too much trouble."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from newsletter.deliver.window import Window

ALWAYS = Window()


@dataclass(frozen=True, kw_only=True)
class Terms:
    #: readers a second, readers an hour at most; None for any number
    per_second: float | None = None
    per_hour: int | None = None
    #: when mail may leave
    window: Window = ALWAYS
    #: the mailing stops when more of the last 1,000 readers were refused; 0: never
    refused_percent: float = 5
    #: how long the last sender is tried again before the mailing pauses
    retry: timedelta = timedelta(minutes=30)
    #: how long any other is, before the next sender takes over
    fallback_after: timedelta = timedelta(minutes=15)
    #: how long a run waits for what is due later, or for the pace; a provider in trouble is waited for as said above
    longest_wait: timedelta = timedelta(hours=1)
