"""The body of an issue as runs of words that readers see as one, each character with its place in the author's file.

Rules on prose read these: where a citation stands, what is quoted, what is a heading. The file is searched word by word for
the places, each time behind the last word found, so that Markdown's own signs need not be understood again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.check.cover import COVER
from newsletter.check.remembered import remembered
from newsletter.check.written.typed_text import typed_text
from newsletter.model.document import (
    BlockQuote,
    Citation,
    Code,
    Emphasis,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    MergeTag,
    Paragraph,
    Strong,
    Table,
    Text,
    TypedBlock,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.check.written.typed_text import TypedText
    from newsletter.model.document import Block, Blocks, Inline, Inlines
    from newsletter.model.problem import Place

_WORD = re.compile(r"\S+")
#: how far behind the last word the next one is looked for
_FAR = 2_000
_LINK_END = re.compile(r"\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,2000})?\)")
#: no quotation is longer than 3,000 characters; an inch is no quotation mark
_QUOTED = re.compile(
    r"“[^“”]{1,3000}”|«[^«»]{1,3000}»|„[^„“”]{1,3000}[“”]|(?<![\w\"])\"[^\"]{1,3000}\"(?!\w)",
)


class Kind(StrEnum):
    """What a passage is to its readers."""

    PROSE = "prose"
    HEADING = "heading"
    CELL = "cell"
    CAPTION = "caption"
    #: within a `quote` block or a Markdown quotation
    QUOTE = "quote"
    #: on a button
    LABEL = "label"
    #: in a list of links to read on
    RELATED = "related"


_KIND_INSIDE = {"figure": Kind.CAPTION, "quote": Kind.QUOTE, "button": Kind.LABEL, "related": Kind.RELATED}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A citation: `at` is the offset in the text where it stands. `spaced` when white space stood before it."""

    at: int
    citation: Citation
    spaced: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Passage:
    """A paragraph, heading, cell, caption or item.

    A bracketed citation leaves nothing in `text`; a citation within the sentence, code and merge tags leave one COVER each.
    """

    text: str
    marks: tuple[Mark, ...]
    kind: Kind
    block: Block
    #: what it stands in, from the outside in
    inside: tuple[TypedBlock | BlockQuote | List, ...]
    #: spans of the text that are quotations, their quotation marks included
    quotes: tuple[tuple[int, int], ...]
    _typed: TypedText = field(repr=False)
    #: offsets of words in the text, and where each stands in the file; None where it is spelled otherwise there
    _starts: tuple[int, ...] = field(repr=False)
    _found: tuple[int, ...] = field(repr=False)

    def place(self, offset: int) -> Place:
        """Where the character at this offset of `text` stands in the author's file."""
        if not self._starts:
            return self.block.at
        index = max(bisect_right(self._starts, offset) - 1, 0)
        return self._typed.at(self._found[index] + max(offset - self._starts[index], 0))

    def is_quoted(self, offset: int) -> bool:
        return any(start <= offset < end for start, end in self.quotes)


@remembered
def passages(content: Content) -> tuple[Passage, ...]:
    """All passages of the body in reading order."""
    return tuple(_walk(content.issue.body, (), typed_text(content)))


def _walk(blocks: Blocks, inside: tuple[TypedBlock | BlockQuote | List, ...], typed: TypedText) -> Iterator[Passage]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                kind = Kind.HEADING if isinstance(block, Heading) else _kind(inside)
                yield _Run(typed, _offset(typed, block.at)).passage(block.content, kind, block, inside)
            case Table():
                run = _Run(typed, _offset(typed, block.at))
                for cell in (*block.header, *(cell for row in block.rows for cell in row)):
                    if cell:
                        yield run.passage(cell, Kind.CELL, block, inside)
            case List():
                for item in block.items:
                    yield from _walk(item.blocks, (*inside, block), typed)
            case BlockQuote() | TypedBlock():
                yield from _walk(block.blocks, (*inside, block), typed)


def _kind(inside: tuple[TypedBlock | BlockQuote | List, ...]) -> Kind:
    for block in reversed(inside):
        if isinstance(block, BlockQuote):
            return Kind.QUOTE
        if isinstance(block, TypedBlock) and block.name in _KIND_INSIDE:
            return _KIND_INSIDE[block.name]
    return Kind.PROSE


def _offset(typed: TypedText, at: Place) -> int:
    if at.file != typed.file or not 0 < at.line <= len(typed.starts):
        return len(typed.prose)
    return typed.starts[at.line - 1] + max(at.column - 1, 0)


class _Run:
    """Follows the words of inlines through the file; `cursor` is how far it came."""

    def __init__(self, typed: TypedText, cursor: int) -> None:
        self._typed = typed
        self._cursor = cursor
        self._text: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []
        self._starts: list[int] = []
        self._found: list[int] = []

    def passage(
        self,
        inlines: Inlines,
        kind: Kind,
        block: Block,
        inside: tuple[TypedBlock | BlockQuote | List, ...],
    ) -> Passage:
        self._text, self._length, self._marks, self._starts, self._found = [], 0, [], [], []
        self._inlines(inlines)
        text = "".join(self._text)
        quotes = ((0, len(text)),) if kind is Kind.QUOTE else tuple(match.span() for match in _QUOTED.finditer(text))
        return Passage(
            text=text,
            marks=tuple(self._marks),
            kind=kind,
            block=block,
            inside=inside,
            quotes=quotes,
            _typed=self._typed,
            _starts=tuple(self._starts),
            _found=tuple(self._found),
        )

    def _inlines(self, inlines: Inlines) -> None:
        for inline in inlines:
            self._inline(inline)

    def _inline(self, inline: Inline) -> None:
        match inline:
            case Text():
                self._words(inline.text)
            case LineBreak():
                self._add(" ")
            case Code() | MergeTag():
                self._covered(inline)
            case Image():
                self._move(inline.at)
            case Emphasis() | Strong():
                self._inlines(inline.content)
            case Link():
                self._move(inline.at)
                self._inlines(inline.content)
                if end := _LINK_END.search(self._typed.prose, self._cursor, self._cursor + _FAR):
                    self._cursor = end.end()
            case Citation():
                self._citation(inline)

    def _covered(self, inline: Code | MergeTag) -> None:
        if isinstance(inline, MergeTag):
            self._move(inline.at)
        found = self._typed.prose.find(COVER, self._cursor, self._cursor + _FAR)
        self._known(found if found >= 0 else self._cursor)
        self._add(COVER)
        while found >= 0 and self._typed.prose.startswith(COVER, found):
            found += 1
        self._cursor = max(self._cursor, found)

    def _citation(self, citation: Citation) -> None:
        self._move(citation.at)
        if citation.in_text:
            self._known(self._cursor)
            self._marks.append(Mark(at=self._length, citation=citation, spaced=True))
            self._add(COVER)
            return
        spaced = bool(self._text) and self._text[-1][-1:].isspace()
        if spaced:
            self._strip()
        self._marks.append(Mark(at=self._length, citation=citation, spaced=spaced))

    def _strip(self) -> None:
        stripped = self._text[-1].rstrip()
        self._length -= len(self._text[-1]) - len(stripped)
        self._text[-1] = stripped

    def _words(self, text: str) -> None:
        if self._marks and self._marks[-1].at == self._length and not self._marks[-1].citation.in_text:
            text = self._joint(text)
        begin = self._length
        self._add(text)
        for word in _WORD.finditer(text):
            found = self._typed.prose.find(word[0], self._cursor, self._cursor + _FAR)
            if found < 0:
                found = self._in_pieces(word[0])
            if found >= 0:
                self._starts.append(begin + word.start())
                self._found.append(found)
                self._cursor = found + len(word[0])

    def _in_pieces(self, word: str) -> int:
        """A word that is typed with escapes or entities in it is found by its first letters."""
        piece = re.match(r"\w+", word)
        return self._typed.prose.find(piece[0], self._cursor, self._cursor + _FAR) if piece else -1

    def _joint(self, text: str) -> str:
        """Behind a citation that left nothing: no space at the beginning, none doubled, none lost between words."""
        if not self._length:
            return text.lstrip()
        last = self._marks[-1]
        return f" {text}" if last.spaced and text[:1].isalnum() else text

    def _known(self, offset: int) -> None:
        self._starts.append(self._length)
        self._found.append(offset)

    def _move(self, at: Place) -> None:
        """To something whose place is known."""
        self._cursor = max(self._cursor, min(_offset(self._typed, at), len(self._typed.prose)))

    def _add(self, text: str) -> None:
        if text:
            self._text.append(text)
            self._length += len(text)
