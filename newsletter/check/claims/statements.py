"""Everything that readers get to read of an issue, sentence by sentence: title, subject and preheader, attributes, the body.

References are not among it: what the title of a study says is its author's word, not ours.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.check.claims.authors import authors_of
from newsletter.check.prose.covers import Covers, spelled_out
from newsletter.check.prose.passages import Kind, passages
from newsletter.check.prose.sentences import sentences
from newsletter.model.document import (
    BlockQuote,
    Image,
    TypedBlock,
    every_inline,
    plain_words,
    walk_blocks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsletter.check.prose.sentences import Sentence
    from newsletter.check.rulebook import Content
    from newsletter.model.document import Block
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place

#: attributes that readers see or hear
_SHOWN = frozenset({"title", "alt", "caption", "attribution", "role", "place", "credit"})
#: so much of a paragraph is shown in front of a sentence and behind it
_AROUND = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Statement:
    """One sentence; `quotes` are the spans of it that are quotations."""

    text: str
    place_at: Callable[[int], Place] = field(repr=False)
    #: keys of the references that it cites
    keys: tuple[str, ...] = ()
    quotes: tuple[tuple[int, int], ...] = ()
    #: names of the blocks around it, from the outside in
    inside: tuple[str, ...] = ()
    #: with words for merge tags and for authors who are cited in the sentence
    readable: str = ""
    #: what stands in front of it and behind it in the paragraph, as much as can be read at a glance
    before: str = ""
    after: str = ""
    #: the sentence behind it in the paragraph
    following: str = ""

    def is_quoted(self, offset: int) -> bool:
        number = bisect_right(self.quotes, (offset, len(self.text) + 1)) - 1
        return number >= 0 and self.quotes[number][0] <= offset < self.quotes[number][1]

    @property
    def is_question(self) -> bool:
        return self.text.rstrip("\"'”’»)] ").endswith("?")


def statements(content: Content) -> Iterator[Statement]:
    """All of them, the front matter's first."""
    yield from _front_matter(content.issue)
    yield from _attributes(content)
    library = content.knowledge.library or {one.key: one for one in content.references}
    covers = Covers(lambda citation: authors_of(citation, library))
    for passage in passages(content):
        yield from of_sentences(sentences(passage), covers.of(passage))


def of_sentences(found: Sequence[Sentence], covers: Mapping[int, str]) -> Iterator[Statement]:
    """The sentences of one passage."""
    for number, sentence in enumerate(found):
        following = found[number + 1].text if number + 1 < len(found) else ""
        yield _of(sentence, covers, following)


def _of(sentence: Sentence, covers: Mapping[int, str], following: str) -> Statement:
    passage = sentence.passage
    start, end = sentence.start, sentence.end
    first = max(0, bisect_right(passage.quotes, (start, start)) - 1)
    quotes = []
    for left, right in passage.quotes[first:]:
        if left >= end:
            break
        if right > start:
            quotes.append((max(left - start, 0), min(right, end) - start))
    keys = dict.fromkeys(item.key for mark in sentence.marks for item in mark.citation.items)
    around = passage.kind is not Kind.CELL
    return Statement(
        text=sentence.text,
        place_at=sentence.place_at,
        keys=tuple(keys),
        quotes=tuple(quotes),
        inside=tuple(_name(block) for block in passage.inside),
        readable=spelled_out(passage, covers, start, end),
        before=spelled_out(passage, covers, max(0, start - _AROUND), start) if around else "",
        after=spelled_out(passage, covers, end, end + _AROUND) if around else "",
        following=following,
    )


def _name(block: object) -> str:
    match block:
        case TypedBlock():
            return block.name
        case BlockQuote():
            return "quote"
        case _:
            return "list"


def _front_matter(issue: Issue) -> Iterator[Statement]:
    """What the inbox shows."""
    told: set[str] = set()
    texts = (
        ("title", issue.title),
        ("subject", plain_words(issue.subject)),
        ("preheader", plain_words(issue.preheader)),
    )
    for key, text in texts:
        if text.strip() and text not in told:
            told.add(text)
            yield _whole(text, issue.place(key))


def _attributes(content: Content) -> Iterator[Statement]:
    for block in walk_blocks(content.issue.body):
        yield from _of_block(block)
    for inline in every_inline(content.issue.body):
        if isinstance(inline, Image) and inline.alt.strip():
            yield _whole(inline.alt, inline.at)


def _of_block(block: Block) -> Iterator[Statement]:
    if isinstance(block, TypedBlock):
        for name, value in block.attributes.items():
            text = plain_words(value)
            if name in _SHOWN and text.strip():
                yield _whole(text, block.attribute_places.get(name, block.at), block.name)


def _whole(text: str, at: Place, *inside: str) -> Statement:
    return Statement(text=text, place_at=lambda _: at, inside=inside, readable=text)
