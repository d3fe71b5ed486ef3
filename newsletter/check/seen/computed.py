"""The small cascade: how every element of a page looks, as far as reading its text depends on it, in each view of a reader's.

In go the page's `<style>` elements, style attributes and old attributes such as bgcolor; out comes a Look for each element
in light and in dark, on a phone and on wide screens (https://www.w3.org/TR/css-cascade-4/). What a mail does not tell, such
as the colours of a picture behind a text, is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.check.seen.colours import ratio, read_colour, system_colour
from newsletter.check.seen.declarations import read_style
from newsletter.check.seen.hiding import NEVER_SEEN, how_hidden, share
from newsletter.check.seen.media_queries import WIDE, View, holds, widths_in
from newsletter.check.seen.stylesheet import read_sheet
from newsletter.check.seen.text_sizes import font_size, is_bold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.check.page import Element, Page
    from newsletter.check.seen.colours import Colour
    from newsletter.check.seen.stylesheet import StyleRule

_PHONE = 375
#: more break points than any sheet has that a person wrote
_MOST_WIDTHS = 24
#: less than this, and nobody sees that there is a text
_UNSEEN = 1.25
#: smaller letters are there to hide a text, such as a preheader
_DOT = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Look:
    """How one element looks in one view."""

    #: of its letters, not yet laid over anything
    colour: Colour | None
    ground: Colour | None
    #: in pixels
    size: float
    bold: bool
    align: str
    invisible: bool
    #: how it, or something around it, is taken out of sight, in CSS; "" where it is not
    hidden_by: str
    opacity: float

    @cached_property
    def letters(self) -> Colour | None:
        """The colour of its letters as the eye gets it, on its ground."""
        if self.colour is None or self.ground is None:
            return None
        return self.colour.faded(self.opacity).over(self.ground)

    @cached_property
    def out_of_sight(self) -> str:
        """How its text is hidden, whatever its colours, in the words of CSS; "" where it is not."""
        if self.hidden_by or self.invisible:
            return self.hidden_by or "visibility:hidden"
        return f"font-size:{self.size:g}px" if self.size < _DOT else ""

    @cached_property
    def unseen(self) -> str:
        """Why nobody sees its text, in the words of CSS; "" where it can be seen."""
        if not self.out_of_sight and self.letters and self.ground and ratio(self.letters, self.ground) < _UNSEEN:
            return f"{self.letters} on {self.ground}"
        return self.out_of_sight


@dataclass(frozen=True, kw_only=True)
class Written:
    """A stretch of text of the page, hidden or not."""

    text: str
    element: Element


class Styles:
    """The looks of a page; each view is computed when it is first asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sheet = read_sheet(page)
        self._matching = {element: self._sheet.matching(element) for element in page.elements()}
        self._told = {element: _told(element) for element in page.root.walk()}
        self._looks: dict[View, dict[Element, Look]] = {}

    @cached_property
    def views(self) -> tuple[View, ...]:
        """Every view that the page tells apart: wide and light first."""
        media = self._sheet.media
        bounds = {width for one in media for width in widths_in(one) if _PHONE < width < WIDE}
        widths = (WIDE, _PHONE, *sorted(bounds)[:_MOST_WIDTHS])
        found: dict[tuple[bool, ...], View] = {}
        for view in (View(dark=dark, width=width) for dark in (False, True) for width in widths):
            found.setdefault((self._is_dark(view), *(holds(one, view) for one in sorted(media))), view)
        return tuple(found.values())

    @cached_property
    def texts(self) -> tuple[Written, ...]:
        """All text that is no white space, in document order."""
        return tuple(_texts(self._page.root))

    def look(self, element: Element, view: View) -> Look:
        """How an element looks."""
        if view not in self._looks:
            self._looks[view] = dict(self._computed(view))
        return self._looks[view][element]

    def _computed(self, view: View) -> Iterator[tuple[Element, Look]]:
        is_dark = self._is_dark(view)
        looks: dict[Element, Look] = {}
        known: dict[tuple[object, ...], Look] = {}  # brothers mostly look alike
        media = {one: holds(one, view) for one in self._sheet.media}
        for element in self._page.root.walk():
            around = looks[element.parent] if element.parent else _first_look(dark=is_dark)
            rules = self._matching.get(element, ())
            key = (around, rules, self._told[element])
            if key not in known:
                holding = [rule for rule in rules if all(media[one] for one in rule.media)]
                known[key] = _look(element, around, _winners(element, holding), dark=is_dark)
            looks[element] = known[key]
            yield element, looks[element]

    def _is_dark(self, view: View) -> bool:
        """Whether `light-dark()` and the colours that nobody named are dark: only in pages that say they can be."""
        return view.dark and self._knows_dark

    @cached_property
    def _knows_dark(self) -> bool:
        for element, rules in self._matching.items():
            given = element.attributes
            if element.tag == "meta" and given.get("name", "").lower() == "color-scheme" and _is_dark_too(given):
                return True
            if element.tag in {"html", "body"} and "dark" in _winners(element, rules).get("color-scheme", ""):
                return True
        return False


def _told(element: Element) -> tuple[str | None, ...]:
    """What decides how an element looks, besides rules and what is around it."""
    return (element.tag, *map(element.attributes.get, _TELLING))


_TELLING = ("style", "bgcolor", "background", "color", "text", "size", "hidden", "href", "align")


def _is_dark_too(meta: Mapping[str, str]) -> bool:
    return "dark" in meta.get("content", "").lower()


def _texts(root: Element) -> Iterator[Written]:
    waiting: list[tuple[Element, Element | str]] = [(root, one) for one in reversed(root.content)]
    while waiting:
        around, one = waiting.pop()
        if isinstance(one, str):
            if one.strip():
                yield Written(text=one, element=around)
        elif one.tag not in NEVER_SEEN:
            waiting += [(one, deeper) for deeper in reversed(one.content)]


def _winners(element: Element, rules: Iterable[StyleRule]) -> dict[str, str]:
    """Property -> value: the important win over the others, a style attribute over rules, the specific over the general."""
    given = element.attributes
    found = [
        ((one.important, False, rule.selector.specificity, rule.order), one)
        for rule in rules
        for one in rule.declarations
    ]
    found += [((one.important, True, (0, 0, 0), 0), one) for one in read_style(given.get("style", ""))]
    hints = {"background-color": given.get("bgcolor"), "text-align": given.get("align")}
    hints["color"] = (
        given.get("color") if element.tag == "font" else given.get("text") if element.tag == "body" else None
    )
    hints["background-image"] = "picture" if given.get("background") else None
    winners = {name: value.lower() for name, value in hints.items() if value}
    return winners | {one.name: one.value for _, one in sorted(found, key=lambda pair: pair[0])}


def _first_look(*, dark: bool) -> Look:
    return Look(
        colour=system_colour("canvastext", dark=dark),
        ground=system_colour("canvas", dark=dark),
        size=16,
        bold=False,
        align="",
        invisible=False,
        hidden_by="",
        opacity=1,
    )


def _look(element: Element, around: Look, says: Mapping[str, str], *, dark: bool) -> Look:
    opacity = around.opacity * share(says.get("opacity", "1"))
    ground = _ground(around, says, opacity, dark=dark)
    colour = _letters(element, around, says, dark=dark)
    visibility = says.get("visibility", "inherit")
    return Look(
        colour=colour,
        ground=ground,
        size=font_size(element, around.size, says),
        bold=is_bold(element, around.bold, says),
        align=says.get("text-align", around.align),
        invisible=around.invisible if visibility == "inherit" else visibility in {"hidden", "collapse"},
        hidden_by=around.hidden_by or how_hidden(element, says),
        opacity=opacity,
    )


def _letters(element: Element, around: Look, says: Mapping[str, str], *, dark: bool) -> Colour | None:
    """The colour of its letters, not yet laid over anything."""
    written = says.get("-webkit-text-fill-color") or says.get("color")
    if written in {None, "inherit", "unset", "currentcolor"}:
        is_link = element.tag == "a" and "href" in element.attributes and written is None
        return system_colour("linktext", dark=dark) if is_link else around.colour
    if written in {"initial", "revert"}:
        return system_colour("canvastext", dark=dark)
    return read_colour(written or "", dark=dark)


def _ground(around: Look, says: Mapping[str, str], opacity: float, *, dark: bool) -> Colour | None:
    image = says.get("background-image", "none")
    if image not in {"none", "initial", "unset", "inherit"}:
        return None
    written = says.get("background-color", "transparent")
    if written in {"transparent", "initial", "unset", "revert", "inherit"}:
        return around.ground
    own = read_colour(written, dark=dark) if written != "currentcolor" else None
    if own is None:
        return None
    own = own.faded(opacity)
    if own.alpha == 1:
        return own
    return own.over(around.ground) if around.ground and own.alpha else around.ground
