"""A sentence and the citations around it: whether something nearby already names the source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.model.document import Link, List, Paragraph, Table, plain_text, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.prose.passages import Passage
    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block

#: more findings of one rule are not looked for: nobody reads so many
MANY = 200
#: more links of one paragraph are not looked at
_LINKS = 30
_OWN_WORDS = {Kind.PROSE, Kind.CELL, Kind.CAPTION}


@dataclass(frozen=True, kw_only=True, eq=False)
class Spot:
    """A sentence of the author's own prose, and where citations stand around it."""

    sentence: Sentence
    before: Sentence | None
    after: Sentence | None
    #: in the same paragraph, up to three sentences above
    shortly_before: bool
    #: somewhere above, since the last heading
    above: bool
    #: at the end of the same paragraph, and nowhere else in it
    is_cited_at_the_end: bool
    #: in the table it stands in, in the words that lead to its list, or in the list that it leads to
    around: bool
    #: whether the list that follows has citations, though perhaps for something else
    leads: bool
    #: the words of the links of the paragraph
    links: tuple[str, ...]

    @property
    def is_cited(self) -> bool:
        return bool(self.sentence.marks)

    @property
    def is_linked(self) -> bool:
        """Whether the sentence has a link, which may be its source."""
        return any(label in self.sentence.text for label in self.links)


def spots(content: Content) -> Iterator[Spot]:
    """Every sentence that is not a heading, a button, a quotation or a list of links, in reading order."""
    lists = _Lists(passages(content))
    above = False
    for passage in lists.passages:
        above = above and passage.kind is not Kind.HEADING
        if passage.kind in _OWN_WORDS and not _is_about_a_person(passage):
            yield from _spots(passage, above, lists)
        above = above or bool(passage.marks)


def _is_about_a_person(passage: Passage) -> bool:
    return any(getattr(block, "name", "") == "author" for block in passage.inside)


def _spots(passage: Passage, above: bool, lists: _Lists) -> Iterator[Spot]:
    found = sentences(passage)
    marked = [number for number, sentence in enumerate(found) if sentence.marks]
    at_the_end = marked == [len(found) - 1]
    around = lists.around(passage)
    links = _labels(passage.block)
    for number, sentence in enumerate(found):
        at = bisect_right(marked, number - 1)
        last = number == len(found) - 1
        leads = last and lists.leads_to_citations(passage)
        yield Spot(
            sentence=sentence,
            before=found[number - 1] if number else None,
            after=found[number + 1] if number + 1 < len(found) else None,
            shortly_before=at > 0 and number - marked[at - 1] <= 3,
            above=above or at > 0,
            is_cited_at_the_end=at_the_end,
            around=around or (leads and (sentence.text.endswith(":") or lists.leads_to_a_cited_item(passage))),
            leads=leads,
            links=links,
        )


class _Lists:
    """Citations of whole lists and tables, and of the words that lead to a list."""

    def __init__(self, found: tuple[Passage, ...]) -> None:
        self.passages = found
        self._cited = {id(_whole(passage)) for passage in found if passage.marks}
        self._led: set[int] = set()
        self._next: dict[int, Block] = {}
        self._first_cited: set[int] = set()
        for passage, following in pairwise(found):
            inner, outer = _whole(following), _whole(passage)
            if inner is not outer:
                self._next[id(passage)] = inner
                if isinstance(inner, List) and following.marks:
                    self._first_cited.add(id(inner))
                if passage.marks and passage.kind is not Kind.HEADING:
                    self._led.add(id(inner))

    def around(self, passage: Passage) -> bool:
        whole = _whole(passage)
        if isinstance(whole, Table):
            return id(whole) in self._cited or id(whole) in self._led
        return isinstance(whole, List) and id(whole) in self._led

    def leads_to_citations(self, passage: Passage) -> bool:
        """Whether a list or a table that cites stands right behind it."""
        following = self._next.get(id(passage))
        return isinstance(following, List | Table) and id(following) in self._cited

    def leads_to_a_cited_item(self, passage: Passage) -> bool:
        """Whether the list behind it cites in its first item, as one does that lists the studies just named, or a table cites."""
        following = self._next.get(id(passage))
        return id(following) in self._first_cited or (isinstance(following, Table) and id(following) in self._cited)


def _whole(passage: Passage) -> Block:
    """The outermost list that a passage stands in, else its own block."""
    return next((block for block in passage.inside if isinstance(block, List)), passage.block)


def _labels(block: Block) -> tuple[str, ...]:
    if not isinstance(block, Paragraph):
        return ()
    links = islice((inline for inline in walk_inlines(block.content) if isinstance(inline, Link)), _LINKS)
    return tuple(label for link in links if (label := plain_text(link.content).strip()))


def quoted(passage: Passage, offset: int) -> bool:
    """Whether the character at this offset of the passage stands in a quotation."""
    index = bisect_right(passage.quotes, (offset, len(passage.text) + 1)) - 1
    return index >= 0 and passage.quotes[index][0] <= offset < passage.quotes[index][1]
