"""Colours turned the way Gmail's apps turn a mail that they show in dark: light grounds become dark, and dark letters on them light.

Gmail does not publish what it does. This keeps the hue (in Oklab, https://bottosson.github.io/posts/oklab/), leaves grounds
that are dark already, and what stands on them, and leaves pictures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import cbrt
from typing import TYPE_CHECKING

from newsletter.check.seen.colours import Colour, read_colour
from newsletter.web.preview.html_tokens import OpenElements, StartTag, Text, tokens
from newsletter.web.preview.page_edits import edited, follow
from newsletter.web.preview.style_edits import StyleEdit, declarations, exchanged, parsed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.web.preview.style_edits import Node

#: lightness of Oklab, from 0 to 1, above which a ground counts as light; about #818181
_LIGHT = 0.6
#: a ground is not made darker than this, about #161616
_DARKEST = 0.2
#: what a page is turned to that names no colours
_CANVAS = ":where(html){color:#fff}:where(body){background-color:#161616}:where(a[href]){color:#9db8ff}"

#: a word that old attributes take for a colour, and sheets do not
_HEX_WORD = re.compile(r"[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}")
_GROUNDS = frozenset({"background", "background-color"})
_INKS = ("color", "border", "outline", "text-decoration", "text-emphasis", "column-rule", "shadow", "fill", "stroke")


@dataclass(frozen=True)
class Inverted(StyleEdit):
    """Of what stands on a ground that was light, or dark."""

    on_light: bool = True

    def value(self, name: str, nodes: list[Node]) -> list[Node]:
        if name in _GROUNDS:
            return exchanged(nodes, _exchange(inverted_ground))
        if self.on_light and any(word in name for word in _INKS):
            return exchanged(nodes, _exchange(inverted))
        return nodes

    def within(self, declared: Mapping[str, list[Node]]) -> StyleEdit:
        """A block that names its own ground decides for its letters."""
        light = is_light_ground(declared)
        return self if light is None else Inverted(light)


def is_light_ground(declared: Mapping[str, list[Node]]) -> bool | None:
    """Whether it names a ground that is light; None where it names none that covers what is behind it."""
    found = [
        colour for name, nodes in declared.items() if name in _GROUNDS for node in nodes if (colour := _colour(node))
    ]
    opaque = [colour for colour in found if colour.alpha > 0.5]
    return is_light(opaque[-1]) if opaque else None


def is_light(colour: Colour) -> bool:
    return _to_oklab(colour)[0] > _LIGHT


@lru_cache(maxsize=2000)
def inverted(colour: Colour) -> Colour:
    """Light for dark and dark for light; its hue stays, and as much of its strength as a screen can show."""
    lightness, green_red, blue_yellow = _to_oklab(colour)
    turned = min(max(1 + _DARKEST - lightness, _DARKEST), 1)
    for sixteenths in range(16, 0, -1):
        strength = sixteenths / 16
        found = _from_oklab(turned, green_red * strength, blue_yellow * strength, colour.alpha)
        if all(-0.5 <= part <= 255.5 for part in (found.red, found.green, found.blue)):
            return found
    return _from_oklab(turned, 0, 0, colour.alpha)


def inverted_ground(colour: Colour) -> Colour:
    """Only a light one is turned."""
    return inverted(colour) if is_light(colour) else colour


def inverted_page(html: str) -> str:
    """A mail that knows nothing of dark mode, turned."""
    around = OpenElements()
    out: list[str] = []
    for token in tokens(html):
        on_light = around.kept is not False
        if isinstance(token, StartTag):
            on_light = _ground(token, on_light=on_light)
            out.append(_turned_tag(token, on_light=on_light).source)
        else:
            out.append(edited(token, Inverted()).source)
        follow(around, token, on_light)
    return _with_sheet("".join(out), _CANVAS)


def _ground(tag: StartTag, *, on_light: bool) -> bool:
    """Whether what stands in the element is on a ground that was light."""
    own = is_light_ground(declarations(tag.get("style"))) if tag.get("style") else None
    if own is None and (colour := read_colour(tag.get("bgcolor"), dark=False)):
        own = is_light(colour)
    return on_light if own is None else own


def _turned_tag(tag: StartTag, *, on_light: bool) -> StartTag:
    found = edited(tag, Inverted(on_light))
    turns: dict[str, Callable[[Colour], Colour]] = {"bgcolor": inverted_ground}
    if on_light:
        turns |= {"color": inverted, "text": inverted}
    values = {name: _turned(tag.get(name), turn) for name, turn in turns.items() if name in tag.attributes}
    return found.having(**values) if isinstance(found, StartTag) else tag


def _turned(value: str, turn: Callable[[Colour], Colour]) -> str:
    """The value of an old attribute."""
    colour = read_colour(value, dark=False)
    return str(turn(colour)) if colour else value


def _with_sheet(html: str, css: str) -> str:
    """With a sheet before all others, behind what may only stand at the beginning."""
    at = 0
    for token in tokens(html):
        is_beginning = isinstance(token, StartTag) and token.name in {"html", "head"}
        if not is_beginning and not (isinstance(token, Text) and (token.silent or not token.source.strip())):
            break
        at += len(token.source)
    return f"{html[:at]}<style>{css}</style>{html[at:]}"


def _exchange(turn: Callable[[Colour], Colour]) -> Callable[[Node], Sequence[Node] | None]:
    """Every colour that is not of a gradient, which is a picture."""

    def exchange(node: Node) -> Sequence[Node] | None:
        if node.type == "function" and node.lower_name.endswith("gradient"):
            return [node]
        colour = _colour(node)
        turned = turn(colour) if colour else None
        return None if turned is None or turned == colour else parsed(_written(turned))

    return exchange


def _colour(node: Node) -> Colour | None:
    """None too for what nobody can see."""
    if node.type not in {"hash", "ident", "function"} or (node.type == "ident" and _HEX_WORD.fullmatch(node.value)):
        return None
    found = read_colour(node.serialize(), dark=False)
    return found if found and found.alpha else None


def _written(colour: Colour) -> str:
    return str(colour) if colour.alpha == 1 else f"{colour}{round(colour.alpha * 255):02x}"


def _to_oklab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(part / 255) for part in (colour.red, colour.green, colour.blue))
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _from_oklab(lightness: float, green_red: float, blue_yellow: float, alpha: float) -> Colour:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return Colour(
        red=255 * _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        green=255 * _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        blue=255 * _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
        alpha=alpha,
    )


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
