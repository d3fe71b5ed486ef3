"""What both parts read from a typed block: its label, its style, its widths, its table, its times, the headings that it lists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.model.blocks import KINDS, LISTED_LEVELS
from newsletter.model.document import (
    Citation,
    Heading,
    Table,
    TypedBlock,
    inlines_of,
    plain_words,
    walk_blocks,
)
from newsletter.model.moments import read_moment
from newsletter.model.problem import error
from newsletter.model.shares import parts_of, read_share
from newsletter.render.times import leaf, when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.document import Block, Blocks, Inlines, Words
    from newsletter.model.problem import Problem
    from newsletter.render.scope import Scope

#: space between two columns, in pixels
GAP = 24


def label_of(block: TypedBlock) -> Inlines:
    """The one line that a button or figure has inside."""
    return tuple(inline for inner in block.blocks for inlines in inlines_of(inner) for inline in inlines)


def style_of(block: TypedBlock) -> str:
    """The named style, or the first of its kind."""
    choices = KINDS[block.name].choices["style"]
    style = plain_words(block.attributes.get("style", ()))
    return style if style in choices else choices[0]


def width_of(block: TypedBlock, problems: list[Problem]) -> int | None:
    """The width that an author gave, in pixels; what is not a number of pixels is told as a problem."""
    written = plain_words(block.attributes.get("width", ())).strip()
    if not written:
        return None
    digits = written.removesuffix("px").strip()
    if digits.isascii() and digits.isdigit() and int(digits):
        return int(digits)
    place = block.attribute_places.get("width", block.at)
    problems.append(error("image-width", place, f"`{written}` is not a width", 'Write pixels, such as width="300".'))
    return None


def column_widths(columns: Blocks, whole: int) -> list[int]:
    """The pixels of each column with the gap behind it; together they are never more than the whole."""
    shares = [read_share(plain_words(_attribute(column, "width"))) for column in columns]
    room = whole - GAP * (len(columns) - 1)
    widths = [int(room * part) for part in parts_of(shares)]
    return [width + GAP for width in widths[:-1]] + widths[-1:]


def _attribute(block: Block, name: str) -> Words:
    return block.attributes.get(name, ()) if isinstance(block, TypedBlock) else ()


def table_in(block: TypedBlock) -> Table:
    """The table of a `table` block; reading lets no other content through."""
    found = next((inner for inner in block.blocks if isinstance(inner, Table)), None)
    return found or Table(header=(), rows=(), align=(), at=block.at)


def listed_headings(blocks: Blocks) -> Iterator[Heading]:
    """What a `contents` block lists, in order."""
    for block in walk_blocks(blocks):
        if isinstance(block, Heading) and block.level in LISTED_LEVELS:
            yield block


def without_citations(inlines: Inlines) -> Inlines:
    """For a table of contents."""
    return tuple(inline for inline in inlines if not isinstance(inline, Citation))


def has_contents(blocks: Blocks) -> bool:
    """Whether the author has said where the table of contents stands."""
    return any(isinstance(block, TypedBlock) and block.name == "contents" for block in walk_blocks(blocks))


def event_times(block: TypedBlock, scope: Scope) -> dict[str, object]:
    """`when`: lines; `month`, `day`: a leaf of a calendar. As the author wrote it where that is no date."""
    written, locale = plain_words(_attribute(block, "start")), scope.translations.locale
    start, end = read_moment(written), read_moment(plain_words(_attribute(block, "end")))
    if start is None:
        return {"when": (written,) if written else (), "month": "", "day": ""}
    month, day = leaf(start, locale)
    return {"when": when(start, end, ZoneInfo(scope.settings.newsletter.timezone), locale), "month": month, "day": day}
