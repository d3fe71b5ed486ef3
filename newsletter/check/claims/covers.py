"""Words for what stands covered in a passage: the authors of a citation, the fallback of a merge tag, code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.model.document import Citation, Code, MergeTag, inlines_of, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.prose.passages import Passage
    from newsletter.model.document import Block
    from newsletter.model.reference import Reference

_COVER = re.compile(COVER)


class Covers:
    """Passages have to be asked for in reading order: the cells of a table share one block."""

    def __init__(self, library: Mapping[str, Reference]) -> None:
        self._library = library
        self._waiting: dict[int, Iterator[str]] = {}

    def of(self, passage: Passage) -> dict[int, str]:
        """The words at each cover, by its offset."""
        if COVER not in passage.text:
            return {}
        waiting = self._waiting.setdefault(id(passage.block), self._words(passage.block))
        return {match.start(): next(waiting, "…") for match in _COVER.finditer(passage.text)}

    def _words(self, block: Block) -> Iterator[str]:
        for inlines in inlines_of(block):
            for inline in walk_inlines(inlines):
                match inline:
                    case Code():
                        yield inline.text
                    case MergeTag():
                        yield inline.fallback or "…"
                    case Citation() if inline.in_text:
                        yield " ".join(self._authors(item.key) for item in inline.items) or "…"

    def _authors(self, key: str) -> str:
        """`Sample`, `Sample and Example`, `Sample et al`; the key where nobody is known."""
        reference = self._library.get(key)
        people = reference.csl.get("author") if reference else None
        names = [_family(one) for one in people if isinstance(one, dict)] if isinstance(people, list) else []
        match [name for name in names if name]:
            case []:
                return f"@{key}"
            case [one]:
                return one
            case [one, two]:
                return f"{one} and {two}"
            case [one, *_]:
                return f"{one} et al"
        return f"@{key}"


def _family(name: Mapping[str, object]) -> str:
    family = name.get("family")
    parts = (name.get("non-dropping-particle"), family) if family else (name.get("literal"),)
    return " ".join(" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip())


def spelled_out(passage: Passage, covers: Mapping[int, str], start: int, end: int) -> str:
    """A stretch of the passage with words for its covers."""
    text = passage.text[start:end]
    return _COVER.sub(lambda match: covers.get(start + match.start(), "…"), text) if covers else text
