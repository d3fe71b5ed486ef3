"""One reason why real mail must not leave yet, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """`why` is a sentence without its end; neither holds an address of a reader, a link's token or a secret."""

    why: str
    next_step: str
