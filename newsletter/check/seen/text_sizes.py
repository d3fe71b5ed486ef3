"""Size and weight of an element's letters: what styles say, else old attributes, else what every browser does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.page import Element

_LENGTH = re.compile(r"(\d*\.?\d+)(px|pt|pc|rem|em|%|vw)?")
#: a share of the size around is None
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "rem": 16.0, "vw": 10.0, "": 1.0}
_NAMED = dict(
    zip(
        ["xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large"],
        (9, 10, 13, 16, 18, 24, 32),
        strict=True,
    )
)
_FONT_TAG = dict(zip("1234567", (10, 13, 16, 18, 24, 32, 48), strict=True))
#: https://html.spec.whatwg.org/multipage/rendering.html
_SHARES = {
    "h1": 2,
    "h2": 1.5,
    "h3": 1.17,
    "h4": 1,
    "h5": 0.83,
    "h6": 0.67,
    "small": 5 / 6,
    "sup": 5 / 6,
    "sub": 5 / 6,
    "big": 1.2,
}
_BOLD_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th"})


def font_size(element: Element, around: float, says: Mapping[str, str]) -> float:
    """In pixels; what cannot be known, such as `calc()`, leaves the size as it is around."""
    written = says.get("font-size")
    if written is None:
        if element.tag == "font":
            return _FONT_TAG.get(element.attributes.get("size", ""), around)
        return around * _SHARES.get(element.tag, 1)
    if written in _NAMED:
        return _NAMED[written]
    if written in {"smaller", "larger"}:
        return around * (5 / 6 if written == "smaller" else 1.2)
    length = _LENGTH.fullmatch(written)
    if not length:
        return around
    unit = length[2] or ""
    return float(length[1]) * (_PIXELS[unit] if unit in _PIXELS else around / (100 if unit == "%" else 1))


def is_bold(element: Element, around: bool, says: Mapping[str, str]) -> bool:
    """From a weight of 700 on."""
    written = says.get("font-weight")
    if written is None or written == "inherit":
        return around or element.tag in _BOLD_TAGS
    if written.isdecimal():
        return int(written) >= 700
    return written in {"bold", "bolder"}
