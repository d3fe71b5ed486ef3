"""The quotations of an issue, each with the citations that may be its source."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.model.document import BlockQuote, TypedBlock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.prose.passages import Mark, Passage
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content

_WORD = re.compile(r"\w[\w’'-]*")
#: at the end of a quoted block: "— Maren Ostrow"
SIGNED = re.compile(
    r"(?:^|\s)[—–]\s?(?:[^\W\d_a-z]|[\ue000-\uf8ff]).{0,150}$|^\s*-{1,3}\s?[^\W\d_a-z].{0,150}$", re.DOTALL
)
#: stands for the quotation in the words around it
INSTEAD = "∎"
#: so many characters on each side are looked at, and so many citations
_NEAR = 300
_MARKS = 20
#: "...," says Ada: the quotation goes on
_ENDS_IN_A_COMMA = re.compile(r"(?:[,?!][\"”»]|[\"”»],)(?=[^\"”»]*$)")
_IN_THE_TEXT = {Kind.PROSE, Kind.CELL, Kind.CAPTION}


@dataclass(frozen=True, kw_only=True, eq=False)
class Quotation:
    """Words in quotation marks within a passage: `start` and `end` are without the marks."""

    passage: Passage
    start: int
    end: int
    #: the sentences that it stands in, with INSTEAD in its place
    around: str
    #: the citations of these sentences
    marks: tuple[Mark, ...]
    #: those of the sentence before and the one behind
    neighbours: tuple[Mark, ...]
    #: for the second half of a split quotation: who said the first half, in the sentence before
    goes_on: str

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]

    @property
    def length(self) -> int:
        """In words."""
        return sum(1 for _ in _WORD.finditer(self.passage.text, self.start, self.end))


@dataclass(frozen=True, kw_only=True, eq=False)
class QuotedBlock:
    """A `quote` block, or a Markdown quotation, with the passage that leads to it."""

    block: TypedBlock | BlockQuote
    passages: tuple[Passage, ...]
    before: Passage | None
    after: Passage | None

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for passage in self.passages for mark in passage.marks)


def quotations(content: Content) -> Iterator[Quotation]:
    """Those within paragraphs, cells and captions."""
    for passage in passages(content):
        if passage.kind in _IN_THE_TEXT and passage.quotes:
            yield from _of(passage)


def _of(passage: Passage) -> Iterator[Quotation]:
    found = sentences(passage)
    ends, starts = [one.end for one in found], [one.start for one in found]
    for start, end in passage.quotes:
        first, last = bisect_right(ends, start), bisect_left(starts, end)
        near = found[first:last] or found[-1:]
        text = passage.text
        yield Quotation(
            passage=passage,
            start=start + 1,
            end=end - 1,
            around=_around(text, start, end, near),
            marks=_marks(near),
            goes_on=_first_half(found[first - 1]) if first and near and near[0].start >= start - 1 else "",
            neighbours=_marks((*found[max(0, first - 1) : first], *found[last : last + 1])),
        )


def _around(text: str, start: int, end: int, near: Sequence[Sentence]) -> str:
    if not near:
        return ""
    left = max(near[0].start, start - _NEAR)
    return f"{text[left:start]} {INSTEAD} {text[end : min(near[-1].end, end + _NEAR)]}"


def _first_half(before: Sentence) -> str:
    """What stands behind the quotation in the sentence before, where that may be the first half of this one."""
    end = before.passage.text[max(before.start, before.end - _NEAR) : before.end]
    close = _ENDS_IN_A_COMMA.search(end)
    return end[close.end() :] if close else ""


def _marks(found: Sequence[Sentence]) -> tuple[Mark, ...]:
    return tuple(islice((mark for sentence in found for mark in sentence.marks), _MARKS))


def quoted_blocks(content: Content) -> Iterator[QuotedBlock]:
    """Whole blocks that are quotations, in reading order."""
    groups = [tuple(inner) for _, inner in groupby(passages(content), key=lambda passage: id(_quoting(passage)))]
    for number, inner in enumerate(groups):
        block = _quoting(inner[0])
        if block is not None:
            before = groups[number - 1][-1] if number else None
            after = groups[number + 1][0] if number + 1 < len(groups) else None
            yield QuotedBlock(block=block, passages=inner, before=before, after=after)


def _quoting(passage: Passage) -> TypedBlock | BlockQuote | None:
    """The innermost quotation that a passage stands in."""
    for block in reversed(passage.inside):
        if isinstance(block, BlockQuote) or (isinstance(block, TypedBlock) and block.name == "quote"):
            return block
    return None
