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
    #: the name of the sender that it is handed to
    sender: str = ""
    #: whether opens and clicks may be noted: the chunk is planned so, and everybody in it agrees still
    tracked: bool = False


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The moves after one attempt. `ranges` replaces the chunk's own range when it had to be split."""

    state: ChunkState
    #: deliveries refused one by one: n -> reason
    refused: Mapping[int, str] = field(default_factory=dict)
    #: deliveries accepted, or in doubt, one by one, where the chunk fares otherwise
    accepted: frozenset[int] = frozenset()
    doubtful: Mapping[int, str] = field(default_factory=dict)
    ranges: tuple[tuple[int, int], ...] = ()
    wait: timedelta = timedelta(0)
    #: whether all chunks of the mailing wait as long (the provider is away or busy), or this one only
    all_wait: bool = True
    #: whether this counts as a try of the chunk
    counts: bool = False
    #: not empty: the mailing pauses, and this says why
    pause: str = ""
