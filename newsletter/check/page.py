"""An HTML page as the checks see it: a tree of elements with what a reader sees of them, and where each stands in the bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.seen.computed import Styles

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_NEVER_SEEN = frozenset({"head", "style", "script", "template", "title"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|"
    r"font-size\s*:\s*0(?:px)?\s*(?:;|$)|max-height\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_FONT_SIZE = re.compile(r"(?:^|[;\s])font-size\s*:\s*(\d*\.?\d+)(px|pt|rem|em|%)", re.IGNORECASE)
#: pixels of one unit; the other units are a share of the size around
_PIXELS = {"px": 1, "pt": 4 / 3, "rem": 16}


@dataclass(kw_only=True, eq=False)
class Element:
    """An element of the page; two are the same only when they are one."""

    tag: str
    attributes: dict[str, str]
    #: where its tag begins in the page's text
    offset: int
    parent: Element | None
    #: nobody sees it: it, or something around it, is hidden by its own style
    hidden: bool
    #: font size in pixels where the mail says it
    size: float | None
    content: list[Element | str] = field(default_factory=list)

    @cached_property
    def words(self) -> str:
        """The text that a reader sees of it, in one line."""
        return " ".join("".join(piece.text for piece in self.shown()).split())

    def walk(self) -> Iterator[Element]:
        """It and everything within, in document order."""
        waiting: list[Element] = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [inner for inner in reversed(element.content) if isinstance(inner, Element)]

    def shown(self) -> Iterator[Shown]:
        """The pieces of text that a reader sees within it."""
        waiting: list[tuple[Element, Element | str]] = [(self, inner) for inner in reversed(self.content)]
        while waiting:
            around, inner = waiting.pop()
            if isinstance(inner, Element):
                waiting += [(inner, deeper) for deeper in reversed(inner.content)]
            elif not around.hidden:
                yield Shown(text=inner, size=around.size, element=around)

    def up(self) -> Iterator[Element]:
        """The elements around it, from the inside out."""
        around = self.parent
        while around is not None:
            yield around
            around = around.parent


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A stretch of text that a reader sees; `size` is its font size in pixels where the mail says it."""

    text: str
    size: float | None
    element: Element


@dataclass(frozen=True, kw_only=True)
class LinkTarget:
    """The href of a link and where its tag begins in the page's text."""

    url: str
    offset: int
    element: Element


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a reader sees and can click, and the ids that links can lead to."""

    root: Element

    def elements(self) -> Iterator[Element]:
        """All of them in document order, without the root that stands for the page itself."""
        return (element for element in self.root.walk() if element is not self.root)

    @cached_property
    def shown(self) -> list[Shown]:
        return list(self.root.shown())

    @cached_property
    def styles(self) -> Styles:
        """How all of it looks: in light and in dark, on a phone and on wide screens."""
        from newsletter.check.seen.computed import Styles  # with its parser of CSS, only where a rule asks

        return Styles(self)

    @cached_property
    def links(self) -> list[LinkTarget]:
        return [
            LinkTarget(url=element.attributes["href"].strip(), offset=element.offset, element=element)
            for element in self.elements()
            if element.tag == "a" and "href" in element.attributes
        ]

    @cached_property
    def ids(self) -> set[str]:
        return {element.attributes["id"] for element in self.elements() if "id" in element.attributes}


def read_page(html: str) -> Page:
    """The page read once, from its bytes, as a mail program would; comments are not in it."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return Page(root=reader.root)


class _Reader(HTMLParser):
    """Keeps what is open, so that hiding and sizes are inherited."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element(tag="", attributes={}, offset=0, parent=None, hidden=False, size=None)
        self._open = [self.root]
        self._line_starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]  # as HTMLParser counts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        element = _element(tag, attrs, self._line_starts[line - 1] + column, self._open[-1])
        self._open[-1].content.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].content.append(data)


def _element(tag: str, attrs: list[tuple[str, str | None]], offset: int, around: Element) -> Element:
    attributes = {name: value or "" for name, value in reversed(attrs)}  # the first of two alike counts
    style = attributes.get("style", "")
    size = _FONT_SIZE.search(style)
    return Element(
        tag=tag,
        attributes=attributes,
        offset=offset,
        parent=around,
        hidden=around.hidden or tag in _NEVER_SEEN or "hidden" in attributes or bool(_HIDDEN.search(style)),
        size=_pixels(float(size[1]), size[2].lower(), around.size) if size else around.size,
    )


def _pixels(number: float, unit: str, around: float | None) -> float:
    """A font size in pixels; where nothing is said about the text around, it has a browser's 16."""
    return number * _PIXELS[unit] if unit in _PIXELS else number * (around or 16) / (100 if unit == "%" else 1)
