"""Words for what stands covered in a passage: a citation in the sentence, a merge tag, code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.model.document import Citation, Code, MergeTag, inlines_of, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.check.prose.passages import Passage
    from newsletter.model.document import Block

_COVER = re.compile(COVER)


class Covers:
    """`authors` names those of a citation, `reader` what a merge tag without a fallback stands for.

    Passages have to be asked for in reading order: the cells of a table share one block.
    """

    def __init__(self, authors: Callable[[Citation], str], reader: Callable[[MergeTag], str] = lambda _: "…") -> None:
        self._authors = authors
        self._reader = reader
        self._waiting: dict[int, Iterator[str]] = {}

    def of(self, passage: Passage) -> dict[int, str]:
        """The words at each cover, by its offset."""
        waiting = self._waiting.setdefault(id(passage.block), self._words(passage.block))
        return {match.start(): next(waiting, "…") for match in _COVER.finditer(passage.text)}

    def _words(self, block: Block) -> Iterator[str]:
        for inlines in inlines_of(block):
            for inline in walk_inlines(inlines):
                match inline:
                    case Code():
                        yield inline.text
                    case MergeTag():
                        yield inline.fallback or self._reader(inline)
                    case Citation() if inline.in_text:
                        yield self._authors(inline)


def spelled_out(passage: Passage, covers: Mapping[int, str], start: int, end: int) -> str:
    """A stretch of the passage with words for its covers."""
    text = passage.text[start:end]
    return _COVER.sub(lambda match: covers.get(start + match.start(), "…"), text) if COVER in text else text
