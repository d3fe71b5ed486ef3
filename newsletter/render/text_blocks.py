"""Blocks -> plain text of a given width: each kind poured into templates/email/blocks/<kind>.txt.j2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.model.document import (
    BlockQuote,
    CodeBlock,
    Divider,
    Heading,
    List,
    Paragraph,
    Table,
    TypedBlock,
    plain_words,
)
from newsletter.model.rendered import Context
from newsletter.render.block_values import (
    event_times,
    label_of,
    listed_headings,
    style_of,
    table_in,
    without_citations,
)
from newsletter.render.links import link_target, words_with_marks
from newsletter.render.text_inlines import labelled, text_inlines
from newsletter.render.text_table import table_text
from newsletter.render.text_wrap import prefixed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.document import Block, Blocks
    from newsletter.render.scope import Scope

Values = dict[str, Any]

#: however deep lists and quotes nest, some words must fit on a line
_NARROWEST = 24


def text_blocks(blocks: Blocks, scope: Scope, width: int, gap: str = "\n\n") -> str:
    """Blocks in order, an empty line between them unless in a tight list."""
    texts = (_block(block, scope, max(width, _NARROWEST)) for block in blocks)
    return gap.join(text for text in texts if text)


def _block(block: Block, scope: Scope, width: int) -> str:
    name, values = _values(block, scope, width)
    return scope.text(f"blocks/{name}", {"width": width} | values)


def _values(block: Block, scope: Scope, width: int) -> tuple[str, Values]:
    match block:
        case Heading():
            return "heading", {"level": block.level, "content": text_inlines(block.content, scope)}
        case Paragraph():
            return "paragraph", {"content": text_inlines(block.content, scope)}
        case List():
            return "list", {"content": _list(block, scope, width)}
        case BlockQuote():
            return "block_quote", {"content": text_blocks(block.blocks, scope, width - 2)}
        case CodeBlock():
            return "code", {"content": block.text.rstrip("\n").expandtabs(4)}
        case Divider():
            return "divider", {}
        case Table():
            return "table", {"caption": "", "content": _table(block, scope, width)}
        case TypedBlock():
            return block.name, _TYPED[block.name](block, scope, width)


def _list(block: List, scope: Scope, width: int) -> str:
    """Items with a hanging indent; a loose list has an empty line between its items."""
    numbers = range(block.start, block.start + len(block.items)) if block.start is not None else None
    markers = [f"{number}. " for number in numbers] if numbers else ["- "] * len(block.items)
    indent = max(map(len, markers), default=2)
    gap = "\n" if block.tight else "\n\n"
    items = (
        prefixed(text_blocks(item.blocks, scope, width - indent, gap), marker.ljust(indent), " " * indent)
        for item, marker in zip(block.items, markers, strict=True)
    )
    return gap.join(items)


def _table(table: Table, scope: Scope, width: int) -> str:
    header = [text_inlines(cell, scope) for cell in table.header]
    rows = [[text_inlines(cell, scope) for cell in row] for row in table.rows]
    return table_text(header, rows, table.align, width)


def _button(block: TypedBlock, scope: Scope, _: int) -> Values:
    href = link_target(block.attributes.get("href", ()), scope.marks, Context.TEXT_URL)
    return {"label": text_inlines(label_of(block), scope), "href": href}


def _callout(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {
        "title": _words(block, "title", scope),
        "style": style_of(block),
        "content": text_blocks(block.blocks, scope, width - 2),
    }


def _quote(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {"content": text_blocks(block.blocks, scope, width - 2), "attribution": _source(block, "attribution", scope)}


def _figure(block: TypedBlock, scope: Scope, _: int) -> Values:
    return {
        "alt": _words(block, "alt", scope),
        "caption": text_inlines(label_of(block), scope),
        "credit": _words(block, "credit", scope),
        "href": _href(block, scope),
    }


def _in_order(block: TypedBlock, scope: Scope, width: int) -> Values:
    """Columns one below the other, and what stands in each."""
    return {"content": text_blocks(block.blocks, scope, width)}


def _captioned_table(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {"caption": _words(block, "caption", scope), "content": _table(table_in(block), scope, width)}


def _contents(block: TypedBlock, scope: Scope, _: int) -> Values:
    lines = [
        {"level": heading.level, "label": text_inlines(without_citations(heading.content), scope)}
        for heading in listed_headings(scope.issue.body)
    ]
    return {"title": _words(block, "title", scope), "lines": lines}


def _event(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {
        "title": _source(block, "title", scope),
        "place": _words(block, "place", scope),
        "content": text_blocks(block.blocks, scope, width - 2),
    } | event_times(block, scope)


def _author(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {
        "name": _source(block, "name", scope),
        "role": _words(block, "role", scope),
        "alt": _words(block, "alt", scope),
        "content": text_blocks(block.blocks, scope, width),
    }


def _related(block: TypedBlock, scope: Scope, width: int) -> Values:
    return {"title": _words(block, "title", scope), "content": text_blocks(block.blocks, scope, width)}


def _words(block: TypedBlock, name: str, scope: Scope) -> str:
    return words_with_marks(block.attributes.get(name, ()), scope.marks, Context.TEXT)


def _source(block: TypedBlock, name: str, scope: Scope) -> str:
    words = _words(block, name, scope)
    href = _href(block, scope)
    return labelled(words, href) if href else words


def _href(block: TypedBlock, scope: Scope) -> str:
    href = block.attributes.get("href", ())
    return link_target(href, scope.marks, Context.TEXT_URL) if plain_words(href) else ""


_TYPED: Mapping[str, Callable[[TypedBlock, Scope, int], Values]] = {
    "button": _button,
    "callout": _callout,
    "figure": _figure,
    "quote": _quote,
    "columns": _in_order,
    "column": _in_order,
    "table": _captioned_table,
    "contents": _contents,
    "event": _event,
    "author": _author,
    "related": _related,
}
