"""What a style attribute or a rule declares, as far as it decides whether a text can be seen and read; shorthands taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from newsletter.check.seen.colours import read_colour

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: the properties that the cascade keeps
KEPT = frozenset(
    [
        "color",
        "-webkit-text-fill-color",
        "color-scheme",
        "background-color",
        "background-image",
        "font-size",
        "font-weight",
        "text-align",
        "display",
        "visibility",
        "opacity",
        "content-visibility",
        "mso-hide",
        "max-height",
        "height",
        "max-width",
        "width",
        "overflow",
        "overflow-x",
        "overflow-y",
        "position",
        "left",
        "right",
        "top",
        "bottom",
        "margin-left",
        "margin-top",
        "text-indent",
        "transform",
        "clip",
        "clip-path",
        "filter",
    ]
)
_COLOURS = frozenset({"color", "background-color", "-webkit-text-fill-color"})
_SIZES = frozenset({"xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "smaller", "larger"})


@dataclass(frozen=True, kw_only=True)
class Declaration:
    name: str
    #: lower case
    value: str
    important: bool


@lru_cache(maxsize=4000)
def read_style(style: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute, in order."""
    from tinycss2 import parse_blocks_contents

    return read_declarations(parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


def read_declarations(nodes: Iterable[Any]) -> tuple[Declaration, ...]:
    """The same of nodes of tinycss2; what is broken, or of no use here, is left out, as browsers do."""
    return tuple(
        Declaration(name=name, value=value, important=node.important)
        for node in nodes
        if node.type == "declaration"
        for name, value in _longhands(node.lower_name, [t for t in node.value if t.type != "comment"])
        if name in KEPT and _is_sound(name, value)
    )


def _longhands(name: str, tokens: list[Any]) -> Iterator[tuple[str, str]]:
    from tinycss2 import serialize

    solid = [token for token in tokens if token.type != "whitespace"]
    if name == "background":
        yield from _background(solid)
    elif name == "font":
        yield from _font(solid)
    elif name == "margin" and len(solid) in {1, 2, 4}:
        yield from (("margin-top", serialize(solid[:1])), ("margin-left", serialize(solid[-1:])))
    else:
        yield name, serialize(tokens).strip().lower()


def _background(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """A colour that is not named is none; a picture or gradient counts as a picture."""
    from tinycss2 import serialize

    texts = [serialize([token]).lower() for token in tokens]
    is_picture = any(token.type == "url" or _is_picture(text) for token, text in zip(tokens, texts, strict=True))
    colours = (text for text in texts if text in {"inherit", "var(", "currentcolor"} or _is_colour(text))
    yield "background-image", "picture" if is_picture else "none"
    yield "background-color", next(colours, "transparent")


def _is_picture(text: str) -> bool:
    return "gradient(" in text or text.startswith(("url(", "image(", "image-set(", "var("))


def _is_colour(text: str) -> bool:
    return read_colour(text, dark=False) is not None


def _font(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """`bold 12px/1.5 Arial`: the first length is the size."""
    weight = "normal"
    for token in tokens:
        text = token.serialize().lower()
        if token.type in {"dimension", "percentage"} or text in _SIZES:
            yield from (("font-size", text), ("font-weight", weight))
            return
        if text in {"bold", "bolder", "lighter"} or token.type == "number":
            weight = text


def _is_sound(name: str, value: str) -> bool:
    """A word that is no colour is passed over by every browser; a function may be one that is not known here."""
    if name not in _COLOURS or "(" in value or value in {"inherit", "initial", "unset", "revert", "currentcolor"}:
        return True
    return _is_colour(value)
