"""Which features a reader cannot do without, what is lost, what to do instead; and whether a declaration has a fallback.

All others are silent: without rounded corners, shadows or a dark palette a mail reads as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.check.clients.css import Declared


@dataclass(frozen=True)
class Loss:
    """What readers without a feature get instead (goes on after "where it is missing,"), and what to do about it."""

    what: str
    fix: str


_COLUMNS = "Set columns with cells of a table, or with the `columns` block."
_VALUE = "Write the value in pixels before it, as a fallback, or instead of it."
_LENGTH = Loss("the size or distance falls back to the program's own", _VALUE)
_BACKGROUND = Loss(
    "the ground is missing, and what stands on it may be illegible",
    "Give the same element a `background-color`, and show what matters as an image with alt text.",
)
_PICTURE = Loss("readers see a broken image", "Save the image as PNG or JPEG and put that in.")
_LAYERS = "Leave it where it stands in the text; let nothing lie on top of something else."
_COLOUR = Loss("the colour is missing", "Write the colour with six digits before it, as a fallback.")
_FILM = Loss("nothing is shown", "Put a still image into it that links to the film on the web.")

LOSSES: Mapping[str, Loss] = {
    "css-at-font-face": Loss(
        "the text gets the program's own font", "Name fonts that everybody has behind it: Georgia, serif."
    ),
    "css-at-import": Loss("all styles of that file are missing", "Copy the styles into the template."),
    "css-background-image": _BACKGROUND,
    "css-conic-gradient": _BACKGROUND,
    "css-display-flex": Loss("what stands side by side falls apart", _COLUMNS),
    "css-display-grid": Loss("what stands side by side falls apart", _COLUMNS),
    "css-float": Loss("what stands side by side stands one below the other", _COLUMNS),
    "css-function-clamp": _LENGTH,
    "css-function-light-dark": _COLOUR,
    "css-function-max": _LENGTH,
    "css-function-min": _LENGTH,
    "css-linear-gradient": _BACKGROUND,
    "css-modern-color": _COLOUR,
    "css-nesting": Loss("the inner rule is missing", "Write each rule by itself, with its whole selector."),
    "css-position": Loss("things lie elsewhere, or on top of each other", _LAYERS),
    "css-pseudo-element-after": Loss("its words are missing", "Write the words into the mail itself."),
    "css-pseudo-element-before": Loss("its words are missing", "Write the words into the mail itself."),
    "css-radial-gradient": _BACKGROUND,
    "css-unit-calc": _LENGTH,
    "css-unit-ch": _LENGTH,
    "css-unit-rem": _LENGTH,
    "css-unit-vh": _LENGTH,
    "css-unit-vmax": _LENGTH,
    "css-unit-vmin": _LENGTH,
    "css-unit-vw": _LENGTH,
    "css-variables": Loss("the declaration is missing", "Write the value itself, at least before it as a fallback."),
    "html-audio": Loss("nothing is shown", "Put a link into it that leads to the recording on the web."),
    "html-background": _BACKGROUND,
    "html-image-maps": Loss("its links are missing", "Cut the image in pieces, or put links below it."),
    "html-picture": Loss("nothing is shown", "Put an <img> with a PNG or JPEG into it, last."),
    "html-svg": Loss("nothing is shown", "Export the drawing as PNG and put it in as an image."),
    "html-video": _FILM,
    "image-avif": _PICTURE,
    "image-base64": Loss("readers see a broken image", "Put the image in as a file, so that it has an address."),
    "image-bmp": _PICTURE,
    "image-heif": _PICTURE,
    "image-ico": _PICTURE,
    "image-mp4": Loss(
        "readers see a broken image", "Save it as an animated GIF, or show a still image that links to it."
    ),
    "image-svg": _PICTURE,
    "image-tiff": _PICTURE,
    "image-webp": _PICTURE,
}

GROUNDS = frozenset({name for name, loss in LOSSES.items() if loss is _BACKGROUND})
_LENGTHS = frozenset({name for name, loss in LOSSES.items() if loss is _LENGTH})
#: a length matters here; elsewhere, as in letter-spacing, it is a nicety
_SIZES = re.compile(r"font-size|line-height|width|height|(?:padding|margin)(?:-(?:top|right|bottom|left))?")
_COLOURED = frozenset({"color", "background", "background-color"})
_PLAIN_COLOUR = re.compile(r"(?:^|[\s,)])(?:#[0-9a-f]{3,8}|(?!url|var|light)[a-z]{3,20})(?:[\s,]|$)", re.IGNORECASE)
_NO_COLOURS = re.compile(
    r"\b(?:none|cover|contain|center|left|right|top|bottom|fixed|scroll|(?:no-)?repeat(?:-[xy])?|transparent|inherit|"
    r"initial)\b",
    re.IGNORECASE,
)
_CALL = re.compile(r"[a-z-]+\([^()]*\)", re.IGNORECASE)


#: what a declaration of text in a single font is counted as; it is one of the web where the mail brings it
FACE = "css-at-font-face"


@lru_cache(maxsize=4096)
def losing(declarations: tuple[Declared, ...]) -> tuple[tuple[str, Declared], ...]:
    """The declarations whose loss a reader would notice, with the feature; those with a fallback are left out."""
    return tuple(
        (feature, declared)
        for place, declared in enumerate(declarations)
        for feature in _features(declared)
        if _matters(feature, declared) and not _has_fallback(feature, declared, declarations[:place], declarations)
    )


def _features(declared: Declared) -> list[str]:
    if declared.name == "font-family" and "," not in declared.value:
        return [FACE]
    return sorted(declared.features & LOSSES.keys())


def _matters(feature: str, declared: Declared) -> bool:
    name, value = declared.name, declared.value.lower()
    if feature in _LENGTHS:
        return bool(_SIZES.fullmatch(name))
    if LOSSES[feature] is _COLOUR:
        return name in _COLOURED
    match feature:
        case "css-position":
            return value in {"absolute", "fixed", "sticky"}
        case "css-float":
            return value not in {"none", "inherit", "initial"}
        case "css-background-image":
            return "url(" in value
        case "css-variables":
            return not name.startswith("--")
    return True


def _has_fallback(feature: str, declared: Declared, before: Sequence[Declared], around: Sequence[Declared]) -> bool:
    """The same property before it in a way that all know, or, for a ground, a plain colour as well."""
    if feature == FACE:
        return False  # any font of the web is taken where the mail names it; what is missing is a second one
    if feature in GROUNDS and any(has_plain_colour(one) for one in around):
        return True
    return any(one.name == declared.name and not one.features & LOSSES.keys() for one in before)


def has_plain_colour(declared: Declared) -> bool:
    """Whether it gives a background colour that every program knows."""
    if declared.name not in {"background", "background-color"}:
        return False
    value = declared.value
    while (shorter := _CALL.sub(" ", value)) != value:
        value = shorter
    return bool(_PLAIN_COLOUR.search(_NO_COLOURS.sub(" ", value)))
