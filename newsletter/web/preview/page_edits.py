"""A mail's HTML -> the same with its styles edited or taken away, without images, or cut: the steps of emulation.py's views."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.web.preview.html_tokens import EndTag, OpenElements, RawText, StartTag, Text, tokens
from newsletter.web.preview.style_edits import StyleEdit, edited_media, edited_sheet, edited_value, exchanged, parsed

if TYPE_CHECKING:
    from newsletter.web.preview.html_tokens import Token
    from newsletter.web.preview.style_edits import Node

#: attributes beside `style` that hold one value of CSS
_VALUES = ("fill", "stroke", "stop-color", "flood-color", "lighting-color")
#: a picture that every browser fails to show, without asking anybody for it
_NO_PICTURE = "data:,"
#: seen, and taking no room
_FRAME = "outline:1px solid #9aa0a6;outline-offset:-1px"
_PICTURES = frozenset(["url", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade"])
#: letters of the longest entity that a cut may fall into
_LONGEST_ENTITY = 33

#: the same styles stand in hundreds of attributes
_edited_attribute = lru_cache(maxsize=2000)(edited_sheet)


def with_styles(html: str, edit: StyleEdit) -> str:
    """Its sheets, style attributes, conditions and declared schemes edited."""
    return "".join(edited(token, edit).source for token in tokens(html))


def without_sheets(html: str) -> str:
    """Without `style` elements and links to sheets."""
    return "".join(token.source for token in tokens(html) if not _is_of_sheet(token))


def without_style_attributes(html: str) -> str:
    return "".join(
        (token.having(style=None) if isinstance(token, StartTag) else token).source for token in tokens(html)
    )


def without_images(html: str) -> str:
    """Each image is a box of its size with its alt text; pictures behind texts are gone."""
    edit = _NoPictures()
    return "".join(_without_image(edited(token, edit)).source for token in tokens(html))


def cut(html: str, limit: int, note: str) -> str:
    """What fits into so many bytes, its elements closed, and the note behind it; the whole page where it fits."""
    if len(html.encode()) <= limit:
        return html
    around, kept = OpenElements(), []
    for token in tokens(html):
        limit -= len(token.source.encode())
        if limit < 0:
            kept.append(_beginning(token, limit))
            break
        kept.append(token.source)
        follow(around, token)
    closing = "".join(f"</{name}>" for name in reversed(around.names) if name not in {"html", "body"})
    return "".join([*kept, closing, note])


def follow(around: OpenElements, token: Token, kept: object = None) -> None:
    """Opens or closes an element as the token does."""
    if isinstance(token, StartTag):
        around.begin(token, kept)
    elif isinstance(token, EndTag):
        around.end(token.name)


def edited(token: Token, edit: StyleEdit) -> Token:
    """The token with what is CSS in it edited."""
    if isinstance(token, RawText) and token.element == "style":
        css = edited_sheet(token.source, edit)
        return RawText("" if "</style" in css.lower() else css, "style")  # what is left out may have stood in between
    return _edited_tag(token, edit) if isinstance(token, StartTag) else token


def _edited_tag(tag: StartTag, edit: StyleEdit) -> StartTag:
    values: dict[str, str | None] = {
        name: edited_value(name, each.value, edit) for name in _VALUES if (each := tag.attributes.get(name))
    }
    if "style" in tag.attributes:
        values["style"] = _edited_attribute(tag.get("style"), edit)
    if "media" in tag.attributes:
        values["media"] = edited_media(tag.get("media"), edit)
    if tag.name == "meta" and tag.get("name").lower() == "color-scheme":
        values["content"] = edited_value("color-scheme", tag.get("content"), edit)
    return tag.having(**values) if values else tag


def _is_of_sheet(token: Token) -> bool:
    if isinstance(token, RawText):
        return token.element == "style"
    if isinstance(token, EndTag):
        return token.name == "style"
    return isinstance(token, StartTag) and (
        token.name == "style" or (token.name == "link" and "stylesheet" in token.get("rel").lower())
    )


def _without_image(token: Token) -> Token:
    if not isinstance(token, StartTag):
        return token
    if token.name == "img":
        style = f"{token.get('style').rstrip('; ')};{_FRAME}".lstrip(";")
        framed = style if token.get("alt").strip() else token.get("style") or None
        return token.having(src=_NO_PICTURE, srcset=None, style=framed)
    if token.name == "source":
        return token.having(srcset=None)
    if token.name == "input" and token.get("type").lower() == "image":
        return token.having(src=_NO_PICTURE)
    return token.having(background=None, poster=None)


def _beginning(token: Token, beyond: int) -> str:
    """What is left of a token that ends so many bytes (below zero) behind the limit: nothing of a tag, no half entity."""
    if not isinstance(token, Text) or token.silent:
        return ""
    text = token.source.encode()[:beyond].decode(errors="ignore")
    entity = text.rfind("&", max(0, len(text) - _LONGEST_ENTITY))
    return text if entity < 0 or ";" in text[entity:] else text[:entity]


class _NoPictures(StyleEdit):
    words = ("url", "image", "cross-fade")

    def value(self, name: str, nodes: list[Node]) -> list[Node]:
        return nodes if name == "src" else exchanged(nodes, _no_picture)  # the src of @font-face


def _no_picture(node: Node) -> list[Node] | None:
    is_picture = node.type == "url" or (node.type == "function" and node.lower_name in _PICTURES)
    return parsed("none") if is_picture else None
