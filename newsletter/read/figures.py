"""An image alone in its paragraph -> a `figure` block, as if the author had written one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.document import Paragraph, TypedBlock
from newsletter.read.inlines import alternative
from newsletter.read.links import image_mistake, link_mistake
from newsletter.read.markdown import parse_inline
from newsletter.read.places import FixedPlace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from newsletter.model.document import Blocks, Words
    from newsletter.model.problem import Place
    from newsletter.read.inlines import InlineReader
    from newsletter.read.reading import Places, Reading


def lone_image(tokens: Sequence[Token], places: Places, reading: Reading, inlines: InlineReader) -> TypedBlock | None:
    """The figure that these inline tokens are, a linked one too; None when there is more than an image."""
    parts = [token for token in tokens if token.type != "text" or token.content.strip()]
    around = parts[0] if len(parts) == 3 and parts[0].type == "link_open" and parts[2].type == "link_close" else None
    image = parts[1] if around else parts[0] if len(parts) == 1 else None
    if image is None or image.type != "image":
        return None
    at = places.at((around or image).meta["at"])
    source, mistake = reading.address(str(image.attrs["src"]), image_mistake)
    if mistake:
        reading.error("image-source", at, *mistake)
    attributes = {"src": () if mistake else source, "alt": reading.words(alternative(image))}
    if around and (href := _href(around, at, reading)):
        inlines.tell_title(around, at, "link")
        attributes["href"] = href
    return TypedBlock(
        name="figure",
        attributes=attributes,
        blocks=_caption(str(image.attrs.get("title", "")), at, reading, inlines),
        at=at,
        attribute_places=dict.fromkeys(attributes, at),
    )


def _href(around: Token, at: Place, reading: Reading) -> Words:
    target, mistake = reading.address(str(around.attrs["href"]), link_mistake)
    if mistake:
        if "label" not in around.meta:
            reading.error("link-target", at, *mistake)
        return ()
    return target


def _caption(title: str, at: Place, reading: Reading, inlines: InlineReader) -> Blocks:
    """The title of a Markdown image is its caption, read as Markdown."""
    content = inlines.read(parse_inline(title, reading.keys), FixedPlace(at)) if title.strip() else ()
    return (Paragraph(content=content, at=at),) if content else ()
