"""A rendered mail -> the features of caniemail.com that it uses, and where a reader who lacks one would lose something.

Looked at are elements and attributes, style attributes, every style block by itself, addresses of images. What only
Outlook sees, in its comments, is not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.clients.css import declarations_of, rules_of
from newsletter.check.clients.losses import FACE, GROUNDS, LOSSES, has_plain_colour, losing
from newsletter.check.clients.outlook import OUTLOOK, ForOutlook
from newsletter.check.clients.vocabulary import BY_ATTRIBUTE, BY_ELEMENT, BY_ENDING, BY_TYPE, MAPPED
from newsletter.check.page import Element

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.check.clients.css import Declared, Ruled
    from newsletter.check.page import Page


@dataclass(frozen=True, kw_only=True)
class Use:
    """A feature where its loss would be noticed: `seen` is how it is written, `pattern` finds it in a template."""

    feature: str
    offset: int
    seen: str
    pattern: str
    #: an image of the author's, as a rule
    of_image: bool = False
    #: programs that have a fallback of their own
    spared: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Features:
    """All features of a mail with how often each is used, and the uses that matter."""

    used: Mapping[str, int]
    uses: tuple[Use, ...]


_FILE_ENDING = re.compile(r"[^?#]*\.([a-z0-9]{2,5})(?:[?#]|$)", re.IGNORECASE)
_FLAT = frozenset({"video", "audio", "picture", "svg"})


def features_of(page: Page, html: str) -> Features:
    """What the mail uses. A style attribute or block that was seen before is not read again."""
    used: Counter[str] = Counter()
    uses: list[Use] = []
    faces: set[str] = set()
    for element in page.elements():
        used.update(_of_element(element))
        if element.tag == "style":
            rules = rules_of(_text(element))
            faces |= {face for rule in rules for face in _faces(rule)}
            for rule in rules:
                used.update(rule.features)
                used.update(feature for declared in rule.declarations for feature in declared.features)
            uses += _uses_of_rules(rules, element)
            continue
        style = element.attributes.get("style")
        if style:
            used.update(_features_of_style(style))
        if not element.hidden:
            uses += _uses_of_element(element)
            if style and (lost := losing(declarations_of(style))):
                uses += _uses_of_style(lost, element)
    named = {feature: count for feature, count in sorted(used.items()) if feature in MAPPED}
    kept = _without_known_fonts(uses, faces)
    return Features(used=named, uses=tuple(_with_fallbacks(kept, ForOutlook(html))))


def _with_fallbacks(uses: Iterable[Use], outlook: ForOutlook) -> Iterator[Use]:
    for use in uses:
        columns = use.feature in _COLUMNS and outlook.has_cells(use.offset)
        ground = use.feature in GROUNDS and outlook.has_ground()
        spared = columns or ground or outlook.is_hidden(use.offset)
        yield replace(use, spared=OUTLOOK) if spared else use


_COLUMNS = frozenset({"css-display-flex", "css-display-grid", "css-float"})


@lru_cache(maxsize=4096)
def _features_of_style(style: str) -> tuple[str, ...]:
    return tuple({feature for declared in declarations_of(style) for feature in declared.features})


def _of_element(element: Element) -> Iterator[str]:
    tag, attributes = element.tag, element.attributes
    if tag in BY_ELEMENT:
        yield BY_ELEMENT[tag]
    yield from (BY_ATTRIBUTE[name] for name in attributes if name in BY_ATTRIBUTE)
    match tag:
        case "a":
            yield from _link(attributes.get("href", ""))
        case "img" | "source":
            yield from _image(attributes.get("src", ""))
        case "input" | "button":
            kind = attributes.get("type", "text" if tag == "input" else "submit").lower()
            yield from (BY_TYPE[key] for key in ((tag, kind),) if key in BY_TYPE)
        case "meta" if attributes.get("name", "").lower() == "color-scheme":
            yield "html-meta-color-scheme"


def _link(target: str) -> Iterator[str]:
    if target.startswith("#"):
        yield "html-anchor-links"
    elif target[:7].lower() == "mailto:":
        yield "html-mailto-links"


def _image(source: str) -> Iterator[str]:
    if source[:5].lower() == "data:":
        yield "image-base64"
    elif (ending := _FILE_ENDING.match(source)) and ending[1].lower() in BY_ENDING:
        yield BY_ENDING[ending[1].lower()]


def _uses_of_element(element: Element) -> Iterator[Use]:
    """Things that are not shown at all where they are not known, and hold nothing that is."""
    tag, attributes = element.tag, element.attributes
    if tag == "img":
        for feature in _image(attributes.get("src", "")):
            if feature in LOSSES:
                pattern = r"data:image" if feature == "image-base64" else rf"\.{feature.removeprefix('image-')}"
                yield _use(feature, element, _shortened(attributes["src"]), pattern, of_image=True)
        if "usemap" in attributes:
            yield _use("html-image-maps", element, "<map>", r"\busemap\b")
    elif tag in _FLAT and not _has_something_else(element):
        yield _use(f"html-{tag}", element, f"<{tag}>", rf"<{tag}\b")
    elif attributes.get("background") and not _has_ground(element):
        yield _use("html-background", element, 'background="..."', r"\bbackground\s*=")


def _has_something_else(element: Element) -> bool:
    """What is shown instead; a drawing that nobody hears of is an ornament."""
    if element.tag == "svg":
        return element.attributes.get("aria-hidden") == "true" or element.attributes.get("role") == "presentation"
    wanted = {"img"} if element.tag == "picture" else {"img", "a", "p"}
    return any(inner.tag in wanted for inner in element.walk()) or bool(element.tag != "picture" and element.words)


def _uses_of_style(lost: Iterable[tuple[str, Declared]], element: Element) -> Iterator[Use]:
    for feature, declared in lost:
        if not _is_harmless_here(feature, declared, element):
            yield _declared_use(feature, declared, element)


def _is_harmless_here(feature: str, declared: Declared, element: Element) -> bool:
    match feature:
        case "css-display-flex" | "css-display-grid":
            return not _falls_apart(element)
        case "css-float":
            return element.tag == "img" or "align" in element.attributes
        case _ if feature in GROUNDS:
            return "bgcolor" in element.attributes
        case _ if declared.name in {"width", "height"}:
            return declared.name in element.attributes
    return False


def _falls_apart(element: Element) -> bool:
    """Two or more children side by side that do not stand so by themselves."""
    children = [inner for inner in element.content if isinstance(inner, Element) and inner.tag not in _INLINE]
    return len(children) > 1 and not all("inline" in child.attributes.get("style", "") for child in children)


_INLINE = frozenset({"a", "b", "br", "em", "i", "img", "small", "span", "strong", "sub", "sup", "style"})


def _uses_of_rules(rules: Iterable[Ruled], element: Element) -> Iterator[Use]:
    """A declaration with `!important` goes over the element's own style, which is its fallback."""
    for rule in rules:
        if rule.extra:
            continue
        if rule.at.startswith("import") and "font" not in rule.at:
            yield _use("css-at-import", element, "@import", r"@import\b")
        if rule.nested:
            yield _use("css-nesting", element, "a rule within a rule", r"\{[^}]*\{")
        words = [one for one in rule.declarations if one.name == "content" and any(map(str.isalnum, one.value))]
        for feature in sorted(rule.features & _PSEUDO) if words else ():
            seen = feature.replace("css-pseudo-element-", "::")
            yield _use(feature, element, f"{seen} with words in `content`", re.escape(seen[1:]))
        if not rule.at:
            for feature, declared in losing(rule.declarations):
                if "css-important" not in declared.features:
                    yield _declared_use(feature, declared, element)


_PSEUDO = frozenset({"css-pseudo-element-before", "css-pseudo-element-after"})


def _faces(rule: Ruled) -> Iterator[str]:
    if rule.at.startswith("font-face"):
        yield from (_family(one.value) for one in rule.declarations if one.name == "font-family")


def _family(value: str) -> str:
    return value.strip("\"' ").casefold()


def _without_known_fonts(uses: Iterable[Use], faces: set[str]) -> Iterator[Use]:
    """A font of the web matters only where it is named alone; others have no say in it."""
    return (use for use in uses if use.feature != FACE or _family(use.seen.partition(":")[2]) in faces)


def _declared_use(feature: str, declared: Declared, element: Element) -> Use:
    piece = _PIECES.get(feature, "")
    pattern = rf"{re.escape(declared.name)}\s*:[^;]*{re.escape(piece)}" if declared.name else re.escape(piece)
    return _use(feature, element, _shortened(f"{declared.name}: {declared.value}"), pattern)


#: what tells the feature from another value of the same property
_PIECES = {
    "css-background-image": "url(", "css-conic-gradient": "conic-gradient", "css-display-flex": "flex",
    "css-display-grid": "grid", "css-function-clamp": "clamp(", "css-function-light-dark": "light-dark(",
    "css-function-max": "max(", "css-function-min": "min(", "css-linear-gradient": "linear-gradient",
    "css-radial-gradient": "radial-gradient", "css-unit-calc": "calc(", "css-unit-ch": "ch", "css-unit-rem": "rem",
    "css-unit-vh": "vh", "css-unit-vmax": "vmax", "css-unit-vmin": "vmin", "css-unit-vw": "vw", "css-variables": "var(",
}  # fmt: skip


def _use(feature: str, element: Element, seen: str, pattern: str, *, of_image: bool = False) -> Use:
    return Use(feature=feature, offset=element.offset, seen=seen, pattern=pattern, of_image=of_image)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _has_ground(element: Element) -> bool:
    own = declarations_of(element.attributes.get("style", ""))
    return "bgcolor" in element.attributes or any(has_plain_colour(one) for one in own)


def _text(element: Element) -> str:
    return "".join(piece for piece in element.content if isinstance(piece, str))
