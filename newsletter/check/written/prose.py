"""The words of an issue piece by piece, without code, and the exact place of some of them: for rules about what authors left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.written.typed_text import typed_text
from newsletter.model.document import (
    Code,
    Emphasis,
    Heading,
    Link,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
    plain_words,
    walk_blocks,
)
from newsletter.model.visible import body_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Blocks, Inlines
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place
    from newsletter.model.visible import Piece

#: how far behind the place of its piece a word is looked for
_FAR = 20_000


def inbox_pieces(issue: Issue) -> Iterator[tuple[str, Place, str]]:
    """What the inbox shows: the key, its place and its words. A subject that is the title, or is not there, is left out."""
    subject, preheader = plain_words(issue.subject), plain_words(issue.preheader)
    yield "title", issue.place("title"), issue.title
    if "subject" in issue.places or subject != issue.title:
        yield "subject", issue.place("subject"), subject
    yield "preheader", issue.place("preheader"), preheader


def front_pieces(issue: Issue) -> Iterator[Piece]:
    """The front matter's words that readers see."""
    yield from ((at, words) for _, at, words in inbox_pieces(issue))
    yield from ((issue.place("authors"), author) for author in issue.authors)
    yield from ((issue.place("variables"), value) for value in issue.variables.values())


def prose_pieces(blocks: Blocks) -> Iterator[Piece]:
    """Texts, descriptions, attributes and link targets of a body, without what stands in code."""
    for block in walk_blocks(blocks):
        match block:
            case Heading() | Paragraph():
                yield from body_pieces((replace(block, content=_without_code(block.content)),))
            case Table():
                header = tuple(map(_without_code, block.header))
                rows = tuple(tuple(map(_without_code, row)) for row in block.rows)
                yield from body_pieces((replace(block, header=header, rows=rows),))
            case TypedBlock():
                yield from body_pieces((replace(block, blocks=()),))


def _without_code(inlines: Inlines) -> Inlines:
    """Code covered by one character, so that the words around it do not touch."""
    return tuple(
        Text(text=COVER)
        if isinstance(inline, Code)
        else replace(inline, content=_without_code(inline.content))
        if isinstance(inline, Emphasis | Strong | Link)
        else inline
        for inline in inlines
    )


class Finder:
    """Finds words again in the file, each time behind the last, for pieces in reading order."""

    def __init__(self, content: Content) -> None:
        self._typed = typed_text(content)
        self._source = content.source
        self._next: dict[str, int] = {}

    def place(self, at: Place, words: str) -> Place:
        """The place of these words of a piece that begins at `at`; `at` where they are spelled otherwise there."""
        typed = self._typed
        if at.file != typed.file or not 0 < at.line <= len(typed.starts) or not words:
            return at
        start = max(typed.starts[at.line - 1] + max(at.column - 1, 0), self._next.get(words, 0))
        text = typed.prose if at.line > typed.first_line else self._source
        found = text.find(words, start, start + _FAR)
        if found < 0:
            return at
        self._next[words] = found + len(words)
        return typed.at(found)
