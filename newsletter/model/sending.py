"""One attempt at a chunk: the right to make it, what is handed over, and what follows from the answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model.mailing import Chunk, ChunkState
    from newsletter.model.subscriber import Subscriber


@dataclass(frozen=True, kw_only=True)
class Lease:
    """The right to send one mailing. Every claim and answer is conditional on its generation."""

    mailing: int
    generation: int


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A chunk that is ours to hand over now: the attempt is stored already. `readers` are (n, subscriber)."""

    attempt: str
    chunk: Chunk
    readers: Sequence[tuple[int, Subscriber]]


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The moves after one attempt. `ranges` replaces the chunk's own range when it had to be split."""

    state: ChunkState
    #: deliveries refused one by one: n -> reason
    refused: Mapping[int, str] = field(default_factory=dict)
    ranges: tuple[tuple[int, int], ...] = ()
    wait: timedelta = timedelta(0)
    #: whether this counts as a try of the chunk
    counts: bool = False
    #: not empty: the mailing pauses, and this says why
    pause: str = ""
