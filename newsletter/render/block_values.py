"""What both parts read from a typed block: its label, its style, its width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.blocks import KINDS
from newsletter.model.document import inlines_of, plain_words
from newsletter.model.problem import error

if TYPE_CHECKING:
    from newsletter.model.document import Inlines, TypedBlock
    from newsletter.model.problem import Problem


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
