"""The body of an issue as a tree: what Markdown, citations, merge tags and `:::` blocks become.

HTML and text are both rendered from this tree, so neither is ever derived from the other.
Merge tags that are the same for everybody (`issue.title`, variables) are already plain text here;
a MergeTag that is left is a field of the subscriber.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.problem import Place


@dataclass(frozen=True, kw_only=True)
class MergeTag:
    """`{{ name | default("fallback") }}`; fallback None when the author gave none."""

    name: str
    fallback: str | None
    at: Place


#: plain text with merge tags in it: a subject, a link target, an attribute of a block
Words = tuple["str | MergeTag", ...]


@dataclass(frozen=True, kw_only=True)
class Text:
    text: str


@dataclass(frozen=True, kw_only=True)
class Code:
    text: str


@dataclass(frozen=True, kw_only=True)
class LineBreak:
    pass


@dataclass(frozen=True, kw_only=True)
class Emphasis:
    content: Inlines


@dataclass(frozen=True, kw_only=True)
class Strong:
    content: Inlines


@dataclass(frozen=True, kw_only=True)
class Link:
    target: Words
    content: Inlines
    at: Place


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image inside a line of text; one alone in its paragraph is a `figure` block instead."""

    source: Words
    alt: str
    at: Place


@dataclass(frozen=True, kw_only=True)
class CitationItem:
    """One source within a citation: `see @key, p. 4` has prefix `see` and suffix `p. 4`."""

    key: str
    at: Place
    prefix: str = ""
    suffix: str = ""
    suppress_author: bool = False


@dataclass(frozen=True, kw_only=True)
class Citation:
    """`[@a; @b, p. 4]`, or a bare `@a` in the sentence (`in_text`). Without items where no key was known: that has been told."""

    items: tuple[CitationItem, ...]
    at: Place
    in_text: bool = False


Inline = Text | Code | LineBreak | Emphasis | Strong | Link | Image | Citation | MergeTag
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Level 2 to 6; the title of the issue is the only level 1. The anchor is unique within the issue."""

    level: int
    content: Inlines
    anchor: str
    at: Place


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    content: Inlines
    at: Place


@dataclass(frozen=True, kw_only=True)
class ListItem:
    blocks: Blocks
    at: Place


@dataclass(frozen=True, kw_only=True)
class List:
    """A bullet list when `start` is None, else numbered from `start`. Tight lists have no space between items."""

    items: tuple[ListItem, ...]
    at: Place
    start: int | None = None
    tight: bool = True


@dataclass(frozen=True, kw_only=True)
class BlockQuote:
    blocks: Blocks
    at: Place


@dataclass(frozen=True, kw_only=True)
class CodeBlock:
    text: str
    at: Place


@dataclass(frozen=True, kw_only=True)
class Divider:
    at: Place


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A Markdown table: header cells, rows of cells, one alignment per column (None: the client's own)."""

    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    align: tuple[Align | None, ...]
    at: Place


@dataclass(frozen=True, kw_only=True)
class TypedBlock:
    """A `::: name key="value"` block; see model/blocks.py for the names and their attributes."""

    name: str
    attributes: Mapping[str, Words]
    blocks: Blocks
    at: Place
    #: where each attribute stands, for problems
    attribute_places: Mapping[str, Place] = field(default_factory=dict)


Block = Heading | Paragraph | List | BlockQuote | CodeBlock | Divider | Table | TypedBlock
Blocks = tuple[Block, ...]


def walk_blocks(blocks: Blocks) -> Iterator[Block]:
    """Every block in reading order, the outer before the inner."""
    for block in blocks:
        yield block
        match block:
            case List():
                for item in block.items:
                    yield from walk_blocks(item.blocks)
            case BlockQuote() | TypedBlock():
                yield from walk_blocks(block.blocks)


def walk_inlines(inlines: Inlines) -> Iterator[Inline]:
    """Every inline in reading order, the outer before the inner."""
    for inline in inlines:
        yield inline
        if isinstance(inline, Emphasis | Strong | Link):
            yield from walk_inlines(inline.content)


def inlines_of(block: Block) -> tuple[Inlines, ...]:
    """The runs of inlines that stand directly in a block (cells of a table one by one)."""
    match block:
        case Heading() | Paragraph():
            return (block.content,)
        case Table():
            return (*block.header, *(cell for row in block.rows for cell in row))
        case _:
            return ()


def every_inline(blocks: Blocks) -> Iterator[Inline]:
    """Every inline of a tree in reading order."""
    for block in walk_blocks(blocks):
        for inlines in inlines_of(block):
            yield from walk_inlines(inlines)


def cited_keys(blocks: Blocks) -> tuple[str, ...]:
    """The keys of all citations in the order of their first appearance: position + 1 is a reference's number."""
    keys = (item.key for inline in every_inline(blocks) if isinstance(inline, Citation) for item in inline.items)
    return tuple(dict.fromkeys(keys))


def plain_words(words: Words) -> str:
    """Words with each merge tag shown by its fallback: what a check measures and a log prints."""
    return "".join(word if isinstance(word, str) else (word.fallback or "") for word in words)


def plain_text(inlines: Inlines) -> str:
    """The visible text of inlines without citations: what headings become as anchors and labels."""
    return "".join(_plain(inline) for inline in inlines)


def _plain(inline: Inline) -> str:
    match inline:
        case Text() | Code():
            return inline.text
        case LineBreak():
            return " "
        case MergeTag():
            return inline.fallback or ""
        case Image():
            return inline.alt
        case Emphasis() | Strong() | Link():
            return plain_text(inline.content)
        case Citation():
            return ""
