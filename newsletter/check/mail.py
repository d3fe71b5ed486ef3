"""A rendered mail opened up for the checks: what a reader sees of the HTML, its links, and the author's place for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import accumulate
from typing import TYPE_CHECKING

from newsletter.model.rendered import Slot, slots_of

if TYPE_CHECKING:
    from newsletter.model.disclaimer import Disclaimer
    from newsletter.model.issue import Issue
    from newsletter.model.problem import Place
    from newsletter.model.reference import Reference
    from newsletter.model.rendered import ImageFile, Origins, Parts, Rendered
    from newsletter.settings import Settings

#: each slot is one private character, so that the same slot is the same text in both parts
_FIRST_SLOT = 0x10F000
_SLOT_CHARACTER = re.compile(f"[{chr(_FIRST_SLOT)}-{chr(_FIRST_SLOT + 0xFFF)}]")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A stretch of text that a reader sees; `size` is its font size in pixels where the mail says it."""

    text: str
    size: float | None


@dataclass(frozen=True, kw_only=True)
class LinkTarget:
    """The href of a link and where its tag begins in the flat HTML."""

    url: str
    offset: int


@dataclass(frozen=True, kw_only=True)
class Mail:
    """Everything that the rules about a rendered mail look at."""

    issue: Issue
    rendered: Rendered
    origins: Origins
    disclaimers: tuple[Disclaimer, ...]
    references: tuple[Reference, ...]
    settings: Settings
    images: tuple[ImageFile, ...] = ()

    @cached_property
    def html(self) -> str:
        return self._flat(self.rendered.html)

    @cached_property
    def text(self) -> str:
        return self._flat(self.rendered.text)

    @cached_property
    def page(self) -> Page:
        return read_page(self.html)

    @cached_property
    def squashed_html(self) -> str:
        return squashed("".join(shown.text for shown in self.page.shown))

    @cached_property
    def squashed_text(self) -> str:
        """The text part without the ` <url>` behind the words of links."""
        return squashed(re.sub(r"\s*<[^<>\s]+>", "", self.text))

    def place(self, offset: int) -> Place:
        """The author's place for an offset into the flat HTML."""
        without_slots = len(_SLOT_CHARACTER.sub("", self.html[:offset]))
        return self.origins.at(without_slots) or self.issue.place("title")

    @cached_property
    def _characters(self) -> dict[str, str]:
        names = dict.fromkeys(slot.name for slot in slots_of(self.rendered.html, self.rendered.text))
        return {name: chr(_FIRST_SLOT + number) for number, name in enumerate(names)}

    def _flat(self, parts: Parts) -> str:
        return "".join(self._characters[part.name] if isinstance(part, Slot) else part for part in parts)


def squashed(text: str) -> str:
    """Without white space, emphasis marks and invisible characters: equal however the text is wrapped or marked up."""
    return re.sub(r"[\s*_\u00ad\u200b-\u200f\u2060\ufeff]", "", text)


def has_slot(text: str) -> bool:
    """Whether a flat text has a slot in it."""
    return bool(_SLOT_CHARACTER.search(text))


@dataclass(kw_only=True)
class Page:
    """What a reader sees and can click in an HTML page, and the ids that links can lead to."""

    shown: list[Shown] = field(default_factory=list)
    links: list[LinkTarget] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


def read_page(html: str) -> Page:
    """The page read once, from its bytes, as a mail program would; comments and hidden parts are not seen."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    return reader.page


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


@dataclass(frozen=True, kw_only=True)
class _Open:
    tag: str
    hidden: bool
    size: float | None


class _Reader(HTMLParser):
    """Keeps what is open, so that hiding and sizes are inherited."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._open: list[_Open] = []
        self._line_starts = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]  # as HTMLParser counts

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.page.ids.add(attributes["id"])
        if tag == "a" and "href" in attributes:
            line, column = self.getpos()
            offset = self._line_starts[line - 1] + column
            self.page.links.append(LinkTarget(url=attributes["href"].strip(), offset=offset))
        if tag not in _VOID:
            self._open.append(self._opened(tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        here = self._open[-1] if self._open else None
        if here is None or not here.hidden:
            self.page.shown.append(Shown(text=data, size=here.size if here else None))

    def _opened(self, tag: str, attributes: dict[str, str]) -> _Open:
        around = self._open[-1] if self._open else None
        style = attributes.get("style", "")
        size = _FONT_SIZE.search(style)
        hidden = tag in _NEVER_SEEN or "hidden" in attributes or bool(_HIDDEN.search(style))
        inherited = around.size if around else None
        return _Open(
            tag=tag,
            hidden=hidden or bool(around and around.hidden),
            size=_pixels(float(size[1]), size[2].lower(), inherited) if size else inherited,
        )


def _pixels(number: float, unit: str, around: float | None) -> float:
    """A font size in pixels; where nothing is said about the text around, it has a browser's 16."""
    return number * _PIXELS[unit] if unit in _PIXELS else number * (around or 16) / (100 if unit == "%" else 1)
