"""Citations -> numbers: the reference list's order, clusters put in order and collapsed (1,2,3 -> 1-3), AMA's locators.

Source: AMA Manual of Style, 11th edition, 3.6 (citations in text). HTML and text print the same marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.model.document import Citation, CitationItem
    from newsletter.model.reference import Entry

_PAGE = re.compile(r"\b(pp?)\.\s*")
_RANGE = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
#: shown for a key that has no entry; reading has reported it
UNKNOWN = 0


@dataclass(frozen=True, kw_only=True)
class CitationMark:
    """One number, or a range of at least three; a number that stands for itself may carry words around it."""

    first: int
    last: int
    prefix: str = ""
    suffix: str = ""

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)


class Numbers:
    """The numbers of an issue's references: their position in the list of entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: Mapping[str, Entry] = {entry.key: entry for entry in entries}
        self._numbers = {key: number for number, key in enumerate(self.entries, 1)}

    def number(self, key: str) -> int:
        return self._numbers.get(key, UNKNOWN)

    def authors(self, citation: Citation) -> str:
        """Who wrote what a bare `@key` cites, as it stands in the sentence; sources in a bracket behind it are not named."""
        entry = self.entries.get(citation.items[0].key)
        return entry.authors if entry else ""

    def marks(self, citation: Citation) -> tuple[CitationMark, ...]:
        """By rising number, collapsed; in the author's order where words lead in (`see @a; but @b`)."""
        singles = list(dict.fromkeys(self._single(item) for item in citation.items))
        if not any(mark.prefix for mark in singles):
            singles.sort(key=lambda mark: (mark.first, bool(mark.suffix)))
        runs = groupby(enumerate(singles), key=_run)
        return tuple(mark for _, run in runs for mark in _collapsed([single for _, single in run]))

    def _single(self, item: CitationItem) -> CitationMark:
        number = self.number(item.key)
        return CitationMark(first=number, last=number, prefix=item.prefix.strip(), suffix=_locator(item.suffix))


def _run(numbered: tuple[int, CitationMark]) -> tuple[int, str, str, int]:
    """The same for neighbours whose numbers rise by one and that carry no words."""
    index, mark = numbered
    own = index if mark.prefix or mark.suffix else -1
    return mark.first - index, mark.prefix, mark.suffix, own


def _collapsed(run: list[CitationMark]) -> list[CitationMark]:
    if len(run) < 3:
        return run
    return [CitationMark(first=run[0].first, last=run[-1].last)]


def _locator(suffix: str) -> str:
    """`, p. 4` -> `p4`; `pp. 33-35` -> `pp33-35` with an en dash, as in AMA."""
    return _RANGE.sub("\N{EN DASH}", _PAGE.sub(r"\1", suffix.strip(" ,;")))
