"""The ways in which a mail takes a text out of sight, told by the declarations that its element ends up with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.page import Element

NEVER_SEEN = frozenset({"head", "style", "script", "template", "title"})
#: boxes up to this many pixels show no line of text
_NOTHING = 5
#: and this far from where it belongs a text is outside of every window
_FAR = 500
_BOXES = ("max-height", "height", "max-width", "width")
_SIDES = ("left", "right", "top", "bottom", "margin-left", "margin-top")
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|vw|vh|%)?")
_PIXELS = {"em": 16, "rem": 16, "vw": 10, "vh": 10, "%": 10, "pt": 4 / 3}
_CUT = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)")
_CUT_PATH = re.compile(r"(?:inset\(\s*(?:50|100)%|circle\(\s*0(?:px|%)?\b)")
_SHRUNK = re.compile(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]")
_MOVED = re.compile(r"translate[xy]?\(\s*(-?\d+)(px|em|rem|vw|vh|%)?")
_FADED = re.compile(r"opacity\(\s*0(?:\.0+)?%?\s*\)")


def how_hidden(element: Element, says: Mapping[str, str]) -> str:
    """The declaration that hides the element with all that is in it, "" where none does."""
    if element.tag in NEVER_SEEN:
        return element.tag
    if says.get("display") == "none" or ("hidden" in element.attributes and "display" not in says):
        return "display:none"
    if says.get("content-visibility") == "hidden" or says.get("mso-hide") == "all":
        return "mso-hide:all" if says.get("mso-hide") == "all" else "content-visibility:hidden"
    if share(says.get("opacity", "1")) < 0.1 or _FADED.search(says.get("filter", "")):
        return "opacity:0"
    return _boxed(says) or _moved(says) or _cut(says)


def share(value: str) -> float:
    """An opacity, from 0 to 1."""
    number = _LENGTH.fullmatch(value)
    if not number or number[2] not in {None, "%"}:
        return 1
    return min(max(float(number[1]) / (100 if number[2] else 1), 0), 1)


def _boxed(says: Mapping[str, str]) -> str:
    clips = any(
        says.get(name, "").split()[:1] in (["hidden"], ["clip"]) for name in ("overflow", "overflow-x", "overflow-y")
    )
    for name in _BOXES:
        length = _pixels(says.get(name, ""))
        # max-height:0 is never written for anything else
        if length is not None and 0 <= length <= _NOTHING and (clips or (name == "max-height" and length == 0)):
            return f"{name}:{says[name]}"
    return ""


def _moved(says: Mapping[str, str]) -> str:
    placed = says.get("position") in {"absolute", "fixed", "relative"}
    for name in _SIDES:
        length = _pixels(says.get(name, ""))
        if length is not None and length <= -_FAR and (placed or name.startswith("margin")):
            return f"{name}:{says[name]}"
    indent = _pixels(says.get("text-indent", ""))
    if indent is not None and abs(indent) >= _FAR:
        return f"text-indent:{says['text-indent']}"
    transform = says.get("transform", "")
    far = any(abs(float(found[1]) * _PIXELS.get(found[2] or "", 1)) >= _FAR for found in _MOVED.finditer(transform))
    return f"transform:{transform}" if far or _SHRUNK.search(transform) else ""


def _cut(says: Mapping[str, str]) -> str:
    if _CUT.search(says.get("clip", "")) and says.get("position") in {"absolute", "fixed"}:
        return f"clip:{says['clip']}"
    return f"clip-path:{says['clip-path']}" if _CUT_PATH.search(says.get("clip-path", "")) else ""


def _pixels(value: str) -> float | None:
    found = _LENGTH.fullmatch(value)
    return float(found[1]) * _PIXELS.get(found[2] or "", 1) if found else None
