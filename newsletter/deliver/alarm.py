"""The mailing stops by itself when too many of the last readers were refused: a wrong list, or a provider that had enough.

Counted are those whom the provider refused for good, among the last 1,000 readers that were settled. Twenty at least, so
that a few dead addresses in a small list stop nothing. Who was put off again and again, and given up in the end, is not
counted: they come together at the end of a mailing, and say nothing of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.deliver.fared import fared
from newsletter.deliver.moves import becomes_of_the_rest
from newsletter.model.mailing import ChunkState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Answer
    from newsletter.model.mailing import Chunk

#: how many of the last readers are looked at, and how many refusals are none too many
LAST, AT_LEAST = 1000, 20


@dataclass(kw_only=True)
class Alarm:
    """`percent` is how many of the last readers may be refused; 0: it never stops."""

    percent: float
    #: whether each of the last was refused
    _last: deque[bool] = field(default_factory=lambda: deque(maxlen=LAST))
    #: chunks of which some were blamed and the others still wait for their answer -> (how many, the others)
    _open: dict[int, tuple[int, int]] = field(default_factory=dict)

    def hear(self, chunk: Chunk, answer: Answer, numbers: Sequence[int]) -> None:
        """Note what an answer settled."""
        who = fared(answer, numbers)
        refused, others, left = len(who.blamed), len(who.taken) + len(who.doubtful), 0
        match becomes_of_the_rest(answer, who):
            case ChunkState.REFUSED:
                refused += len(who.rest)
            case ChunkState.PLANNED:
                left = len(who.rest)
            case _:
                others += len(who.rest)
        self.note(chunk.number, refused=refused, others=others, left=left)

    def note(self, chunk: int, *, refused: int, others: int, left: int) -> None:
        """So many of a chunk were settled; `left` are to be tried again at once.

        An ESP may name a few bad addresses of a request again and again until it takes the others. Until then the others
        count as if they were taken; else the few would be all that there is.
        """
        blamed, _ = self._open.pop(chunk, (0, 0))
        refused += blamed
        if refused and left and not others:
            self._open[chunk] = (refused, left)
            return
        self._last.extend([True] * refused)
        self._last.extend([False] * others)

    @property
    def reason(self) -> str:
        """Why the mailing has to stop, in words; empty while all is well."""
        refused = sum(self._last) + sum(blamed for blamed, _ in self._open.values())
        readers = len(self._last) + sum(blamed + left for blamed, left in self._open.values())
        if not self.percent or refused < AT_LEAST or refused * 100 <= self.percent * readers:
            return ""
        return f"{refused:,} of the last {readers:,} readers were refused, more than {self.percent:g} %"
