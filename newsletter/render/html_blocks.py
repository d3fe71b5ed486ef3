"""Blocks -> HTML: each kind poured into templates/email/blocks/<kind>.html.j2, its place marked on its first tag."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

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
from newsletter.render.block_pictures import PORTRAIT, figure_picture, portrait
from newsletter.render.block_values import (
    GAP,
    column_widths,
    event_times,
    label_of,
    listed_headings,
    style_of,
    table_in,
    without_citations,
)
from newsletter.render.directions import turned
from newsletter.render.html_inlines import html_inlines
from newsletter.render.links import link_target, words_with_marks
from newsletter.render.scope import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.document import Block, Blocks, ListItem
    from newsletter.render.scope import Scope

Values = dict[str, Any]

#: paddings and borders of style.css.j2
_QUOTE_PADDING = 44
_CALLOUT_PADDING = 52
_LIST_PADDING = 28
_LEAF = 72
_PORTRAIT_PADDING = 88
#: how wide a picture gets on a phone where columns stand below each other
_PHONE = 400
_LAST_LEVEL = 6


def html_blocks(blocks: Blocks, scope: Scope, around: Surroundings | None = None) -> Markup:
    """Blocks in order, each on its own line."""
    where = around or Surroundings()
    return Markup("\n").join(_block(block, scope, where) for block in blocks)


def _block(block: Block, scope: Scope, around: Surroundings) -> Markup:
    name, values = _values(block, scope, around)
    turn = turned(block, scope.translations.right_to_left) if isinstance(block, Heading | Paragraph | List) else ""
    shared = {"tone": around.tone, "column": around.column, "turned": turn, "direction": scope.translations.direction}
    shared |= {"layout": scope.issue.template}
    html = scope.html(f"blocks/{name}", shared | values)
    return scope.origins.on(html, block.at)


def _values(block: Block, scope: Scope, around: Surroundings) -> tuple[str, Values]:
    match block:
        case Heading():
            return "heading", _heading(block, scope, around)
        case Paragraph():
            return "paragraph", {"content": html_inlines(block.content, scope)}
        case List():
            return "list", _list(block, scope, around)
        case BlockQuote():
            inside = around.narrowed(_QUOTE_PADDING)
            return "block_quote", {"content": html_blocks(block.blocks, scope, inside)}
        case CodeBlock():
            return "code", {"content": block.text.rstrip("\n")}
        case Divider():
            return "divider", {}
        case Table():
            return "table", _table(block, scope)
        case TypedBlock():
            return block.name, _TYPED[block.name](block, scope, around)


def _heading(heading: Heading, scope: Scope, around: Surroundings) -> Values:
    level = min(heading.level + around.shift, _LAST_LEVEL)
    anchor = "" if around.shift else heading.anchor
    return {"level": level, "anchor": anchor, "content": html_inlines(heading.content, scope)}


def _list(block: List, scope: Scope, around: Surroundings) -> Values:
    inside = around.narrowed(_LIST_PADDING)
    items = [_item(item, block.tight, scope, inside) for item in block.items]
    return {"items": items, "start": block.start, "tight": block.tight}


def _item(item: ListItem, tight: bool, scope: Scope, around: Surroundings) -> Markup:
    """The paragraphs of a tight list stand bare in their item."""
    if not tight:
        return html_blocks(item.blocks, scope, around)
    pieces = (
        html_inlines(block.content, scope) if isinstance(block, Paragraph) else _block(block, scope, around)
        for block in item.blocks
    )
    return Markup("\n").join(pieces)


def _table(table: Table, scope: Scope) -> Values:
    return {
        "caption": "",
        "header": [html_inlines(cell, scope) for cell in table.header],
        "rows": [[html_inlines(cell, scope) for cell in row] for row in table.rows],
        "align": [align.value if align else None for align in table.align],
    }


def _button(block: TypedBlock, scope: Scope, _: Surroundings) -> Values:
    return {
        "label": html_inlines(label_of(block), scope, linked=False),
        "href": link_target(block.attributes.get("href", ()), scope.marks, Context.URL),
        "style": style_of(block),
    }


def _callout(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    return {
        "title": words_with_marks(block.attributes.get("title", ()), scope.marks, Context.HTML),
        "style": style_of(block),
        "content": html_blocks(block.blocks, scope, around.narrowed(_CALLOUT_PADDING)),
    }


def _quote(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    inside = replace(around.narrowed(_QUOTE_PADDING), tone="quote")
    return {"content": html_blocks(block.blocks, scope, inside)} | _source(block, "attribution", scope)


def _figure(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    return (
        {
            "alt": words_with_marks(block.attributes.get("alt", ()), scope.marks, Context.ATTRIBUTE),
            "caption": html_inlines(label_of(block), scope),
        }
        | figure_picture(block, scope, around)
        | _source(block, "credit", scope)
    )


def _source(block: TypedBlock, name: str, scope: Scope) -> Values:
    """Who said or made it, and where it leads."""
    href = block.attributes.get("href", ())
    return {
        name: words_with_marks(block.attributes.get(name, ()), scope.marks, Context.HTML),
        "href": link_target(href, scope.marks, Context.URL) if plain_words(href) else "",
    }


def _columns(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    """Each with the pixels that it takes, and what it holds poured for the space that it has without its gap."""
    widths = column_widths(block.blocks, around.column)
    gaps = [GAP] * (len(widths) - 1) + [0]
    phone = min(around.column, _PHONE)
    made = [
        {"width": width, "html": _block(one, scope, replace(around, column=width - gap, gap=gap, stacked=phone))}
        for one, width, gap in zip(block.blocks, widths, gaps, strict=True)
    ]
    return {"columns": made}


def _column(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    return {"gap": around.gap, "content": html_blocks(block.blocks, scope, replace(around, gap=0))}


def _captioned_table(block: TypedBlock, scope: Scope, _: Surroundings) -> Values:
    caption = words_with_marks(block.attributes.get("caption", ()), scope.marks, Context.HTML)
    return _table(table_in(block), scope) | {"caption": caption}


def _contents(block: TypedBlock, scope: Scope, _: Surroundings) -> Values:
    """Links to the headings of the issue."""
    lines = [
        {
            "href": f"#{heading.anchor}",
            "level": heading.level,
            "label": html_inlines(without_citations(heading.content), scope, linked=False),
        }
        for heading in listed_headings(scope.issue.body)
    ]
    return {"title": words_with_marks(block.attributes.get("title", ()), scope.marks, Context.HTML), "lines": lines}


def _event(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    return (
        {
            "title": words_with_marks(block.attributes.get("title", ()), scope.marks, Context.HTML),
            "content": html_blocks(block.blocks, scope, around.narrowed(_LEAF)),
        }
        | event_times(block, scope)
        | _source(block, "place", scope)
    )


def _author(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    picture = portrait(block, scope)
    return {
        "url": picture.url if picture else "",
        "size": PORTRAIT,
        "alt": words_with_marks(block.attributes.get("alt", ()), scope.marks, Context.ATTRIBUTE),
        "role": words_with_marks(block.attributes.get("role", ()), scope.marks, Context.HTML),
        "content": html_blocks(block.blocks, scope, around.narrowed(_PORTRAIT_PADDING if picture else 0)),
    } | _source(block, "name", scope)


def _related(block: TypedBlock, scope: Scope, around: Surroundings) -> Values:
    return {
        "title": words_with_marks(block.attributes.get("title", ()), scope.marks, Context.HTML),
        "content": html_blocks(block.blocks, scope, around),
    }


_TYPED: Mapping[str, Callable[[TypedBlock, Scope, Surroundings], Values]] = {
    "button": _button,
    "callout": _callout,
    "figure": _figure,
    "quote": _quote,
    "columns": _columns,
    "column": _column,
    "table": _captioned_table,
    "contents": _contents,
    "event": _event,
    "author": _author,
    "related": _related,
}
