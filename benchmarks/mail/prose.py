"""Paragraphs, lists, headings and what stands in them -> plain HTML tags, as an author types them into another maker's source.

No classes, no styles: those are for each maker to bring.
"""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from typing import TYPE_CHECKING

from newsletter.model.document import (
    Citation,
    Code,
    Emphasis,
    Heading,
    LineBreak,
    Link,
    List,
    MergeTag,
    Paragraph,
    Strong,
    Text,
    plain_words,
)
from newsletter.render.html_page import link_label

if TYPE_CHECKING:
    from newsletter.model.document import Block, Inline, Inlines
    from newsletter.model.reference import Entry, Run
    from newsletter.render.numbers import CitationMark, Numbers


def inlines(content: Inlines, numbers: Numbers) -> str:
    """A citation's mark stands close to the word before it."""
    pieces = []
    for inline, following in zip_longest(content, content[1:]):
        piece = _inline(inline, numbers)
        pieces.append(piece.rstrip() if isinstance(inline, Text) and isinstance(following, Citation) else piece)
    return "".join(pieces)


def _inline(inline: Inline, numbers: Numbers) -> str:
    match inline:
        case Text() | Code():
            return escape(inline.text, quote=False)
        case LineBreak():
            return "<br />"
        case Emphasis():
            return f"<em>{inlines(inline.content, numbers)}</em>"
        case Strong():
            return f"<strong>{inlines(inline.content, numbers)}</strong>"
        case Link():
            return f'<a href="{escape(plain_words(inline.target))}">{inlines(inline.content, numbers)}</a>'
        case Citation():
            return f"<sup>{','.join(_mark(mark) for mark in numbers.marks(inline))}</sup>"
        case MergeTag():
            return escape(inline.fallback or "", quote=False)
        case _:
            raise NotImplementedError(f"the content has a {type(inline).__name__}")


def _mark(mark: CitationMark) -> str:
    ends = [mark.first] if mark.first == mark.last else [mark.first, mark.last]
    return "\N{EN DASH}".join(f'<a href="#ref-{number}">{number}</a>' for number in ends)


def prose(block: Block, numbers: Numbers, shift: int = 0) -> str | None:
    """One block of plain text with its tags; None for a block that is more than that."""
    match block:
        case Heading():
            level = block.level + shift
            return f"<h{level}>{inlines(block.content, numbers)}</h{level}>"
        case Paragraph():
            return f"<p>{inlines(block.content, numbers)}</p>"
        case List():
            tag = "ul" if block.start is None else "ol"
            points = "".join(f"<li>{_point(item.blocks, numbers)}</li>" for item in block.items)
            return f"<{tag}>{points}</{tag}>"
        case _:
            return None


def _point(blocks: tuple[Block, ...], numbers: Numbers) -> str:
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return inlines(blocks[0].content, numbers)
    return "".join(prose(block, numbers) or "" for block in blocks)


def reference(entry: Entry) -> tuple[str, str, str]:
    """A line of the reference list: its words, the address of its link and what the link says."""
    url = entry.url or ""
    label = link_label(url)
    return "".join(map(_run, entry.runs)).removesuffix(escape(label)).rstrip(), url, label


def _run(run: Run) -> str:
    return f"<em>{escape(run.text, quote=False)}</em>" if run.italic else escape(run.text, quote=False)
