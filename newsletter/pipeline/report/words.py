"""A stretch of a passage as readers see it: with the numbers of its references, and the words that merge tags stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.prose.covers import Covers, spelled_out
from newsletter.pipeline.report.facts import Piece, PieceKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.render.numbers import CitationMark, Numbers

#: letters of the paragraph that are shown before and behind a sentence
_AROUND = 160


def uncovered(text: str) -> str:
    """Where it does not matter which merge tag or code stood there."""
    return text.replace(COVER, "…")


class Words:
    """Passages have to be asked for in reading order: the cells of a table share one block."""

    def __init__(self, numbers: Numbers, *, raised: bool) -> None:
        self._numbers = numbers
        self._raised = raised
        self._words = Covers(numbers.authors, lambda tag: f"({tag.name})")
        self._covers: dict[int, dict[int, str]] = {}

    def learn(self, passage: Passage) -> None:
        """What stands at each cover of the passage."""
        self._covers[id(passage)] = self._words.of(passage)

    def pieces(self, passage: Passage, start: int, end: int, marks: Sequence[Mark]) -> tuple[Piece, ...]:
        found: list[Piece] = []
        done = start
        for mark in marks:
            # behind the author's name of a bare @key; never in front of what is shown, nor behind it
            at = min(max(mark.at + mark.citation.in_text, done), end)
            found += self._text(passage, done, at)
            found += self._mark(mark, after_mark=bool(found) and at == done and found[-1].kind is not PieceKind.WORDS)
            done = at
        return (*found, *self._text(passage, done, end))

    def plain(self, passage: Passage, start: int, end: int) -> str:
        return spelled_out(passage, self._covers.get(id(passage), {}), start, end)

    def before(self, passage: Passage, start: int) -> str:
        text = self.plain(passage, max(0, start - _AROUND), start)
        return f"… {text.partition(' ')[2]}" if start > _AROUND else text

    def after(self, passage: Passage, end: int) -> str:
        text = self.plain(passage, end, min(len(passage.text), end + _AROUND))
        return f"{text.rpartition(' ')[0]} …" if len(passage.text) > end + _AROUND else text

    def _text(self, passage: Passage, start: int, end: int) -> list[Piece]:
        text = self.plain(passage, start, end)
        return [Piece(text=text)] if text else []

    def _mark(self, mark: Mark, *, after_mark: bool) -> Iterator[Piece]:
        if self._raised and after_mark:
            yield Piece(text=",", kind=PieceKind.MARK)
        if not self._raised:
            yield Piece(text=" [", kind=PieceKind.MARK)
        for number, one in enumerate(self._numbers.marks(mark.citation)):
            if number:
                yield Piece(text=", " if one.prefix else ",", kind=PieceKind.MARK)
            yield from _numbers_of(one)
        if not self._raised:
            yield Piece(text="]", kind=PieceKind.MARK)


def _numbers_of(mark: CitationMark) -> Iterator[Piece]:
    if mark.prefix:
        yield Piece(text=f"{mark.prefix} ", kind=PieceKind.MARK)
    yield Piece(text=str(mark.first or "?"), kind=PieceKind.NUMBER, number=mark.first)
    if mark.last != mark.first:
        yield Piece(text="\N{EN DASH}", kind=PieceKind.MARK)
        yield Piece(text=str(mark.last), kind=PieceKind.NUMBER, number=mark.last)
    if mark.suffix:
        yield Piece(text=f"({mark.suffix})", kind=PieceKind.MARK)
