"""Everything in words that an issue says, run by run: the lines of the inbox, then the passages of the body."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check.prose.passages import Kind, passages
from newsletter.check.written.prose import inbox_pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.problem import Place


@dataclass(frozen=True, kw_only=True)
class Run:
    """`place` tells where an offset of the text stands; in the front matter that is the place of its key."""

    text: str
    kind: Kind
    place: Callable[[int], Place]
    #: spans of the text that are quotations
    quotes: tuple[tuple[int, int], ...] = ()

    def is_quoted(self, offset: int) -> bool:
        """Whether these words are somebody else's."""
        return self.kind is Kind.QUOTE or any(start <= offset < end for start, end in self.quotes)


def every_run(content: Content) -> Iterator[Run]:
    """Title, subject, preheader, then the body in reading order."""
    for _, at, words in inbox_pieces(content.issue):
        yield Run(text=words, kind=Kind.HEADING, place=_always(at))
    for passage in passages(content):
        yield Run(text=passage.text, kind=passage.kind, place=passage.place, quotes=passage.quotes)


def _always(at: Place) -> Callable[[int], Place]:
    return lambda _offset: at
