"""Inline tokens of markdown-it -> nodes of the tree: text with merge tags put in, links judged, citations looked up."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.model.document import (
    Citation,
    CitationItem,
    Code,
    Emphasis,
    Image,
    LineBreak,
    Link,
    Strong,
    Text,
)
from newsletter.read.links import image_mistake, link_mistake
from newsletter.read.markdown import DEEPEST, parse_inline
from newsletter.read.merge_tags import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from newsletter.model.document import Inline, Inlines
    from newsletter.model.problem import Place
    from newsletter.read.citations import RawCitation, RawItem
    from newsletter.read.reading import Places, Reading

_TAG_NAME = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
_INSTEAD_OF_HTML = {
    "a": "Write [text](https://...).",
    "b": "Write **bold**.",
    "strong": "Write **bold**.",
    "i": "Write *italic*.",
    "em": "Write *italic*.",
    "br": "End the line with a backslash.",
    "img": "Write ![what it shows](image.png).",
    "hr": "Write a line ---.",
    "table": "Write a Markdown table, with | between the cells.",
}


@dataclass
class _Open:
    """A link or an emphasis that is not closed yet; `after` follows it (citations that stand in a link)."""

    token: Token | None
    at: Place | None = None
    content: list[Inline] = field(default_factory=list)
    after: list[Inline] = field(default_factory=list)


class InlineReader:
    """Reads the inline tokens of one body, one run after the other."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._open_html: Counter[str] = Counter()

    def read(self, tokens: Iterable[Token], places: Places) -> Inlines:
        """The nodes of one run of tokens."""
        stack = [_Open(None)]
        for token in tokens:
            if token.nesting > 0:
                stack.append(_Open(token, places.at(token.meta["at"]) if "at" in token.meta else None))
            elif token.nesting < 0:
                closed = stack.pop()
                stack[-1].content.extend(self._closed(closed, len(stack), places))
            else:
                self._leaf(token, stack, places)
        return _joined(stack[0].content)

    def _leaf(self, token: Token, stack: Sequence[_Open], places: Places) -> None:
        into = stack[-1].content
        match token.type:
            case "softbreak":
                into.append(Text(text=" "))
            case "hardbreak":
                into.append(LineBreak())
            case "code_inline":
                into.append(Code(text=self._reading.mask.restore(token.content)))
            case "image":
                into.append(self.image(token, places))
            case "citation":
                link = next((level for level in stack if level.token and level.token.type == "link_open"), None)
                (link.after if link else into).extend(self._citation(token.meta["citation"], token.meta["at"], places))
            case "raw_html":
                self._tell_html(token, places)
                into.extend(self.text(token.content))
            case _:
                into.extend(self.text(token.content))

    def text(self, masked: str) -> list[Inline]:
        """Masked text as Text and MergeTags."""
        found: list[Inline] = []
        for piece in self._reading.mask.pieces(masked):
            word = self._reading.tags.resolved(piece) if isinstance(piece, Tag) else piece
            found.append(Text(text=word) if isinstance(word, str) else word)
        return found

    def _closed(self, closed: _Open, depth: int, places: Places) -> list[Inline]:
        content = _joined(closed.content)
        kind = closed.token.type if closed.token else ""
        if depth > DEEPEST:
            self._reading.too_deep(closed.at or places.at(0))
            return [*content, *closed.after]
        if kind == "link_open" and closed.token:
            return [*self._link(closed.token, content, closed.at or places.at(0)), *closed.after]
        if not content:
            return []
        return [Strong(content=content) if kind == "strong_open" else Emphasis(content=content)]

    def _link(self, token: Token, content: Inlines, at: Place) -> list[Inline]:
        self.tell_title(token, at, "link")
        target, mistake = self._reading.address(str(token.attrs["href"]), link_mistake)
        # the target of a definition is judged where it is defined
        if mistake:
            if "label" not in token.meta:
                self._reading.error("link-target", at, *mistake)
            return list(content)
        if not content:
            what = "this link has no text, so nobody can see or press it"
            self._reading.error("link-empty", at, what, "Write its text between the brackets.")
            return []
        return [Link(target=target, content=content, at=at)]

    def image(self, token: Token, places: Places) -> Image:
        """An image as it stands in a line of text."""
        at = places.at(token.meta["at"])
        self.tell_title(token, at, "image")
        source, mistake = self._reading.address(str(token.attrs["src"]), image_mistake)
        if mistake:
            self._reading.error("image-source", at, *mistake)
        alt = self._reading.constant(self._reading.words(alternative(token)), at, "the description of an image")
        return Image(source=() if mistake else source, alt=alt, at=at)

    def tell_title(self, token: Token, at: Place, of: str) -> None:
        if token.attrs.get("title"):
            what = f"the title of this {of} is not shown: mail programs do not show it either"
            self._reading.warning("title-not-shown", at, what, "Put the words into the text, or take them out.")

    def _citation(self, raw: RawCitation, at: int, places: Places) -> list[Inline]:
        self._tell_citation(raw, places)
        known = [item for item in raw.items if item.key in self._reading.keys]
        for item in raw.items:
            if item.key not in self._reading.keys:
                self._reading.unknown_key(item.key, places.at(item.position), item.suffix)
        items = tuple(self._item(item, places) for item in known)
        # one without a known source stays, so that nobody is told that there is none
        return [Citation(items=items, at=places.at(at), in_text=raw.in_text)]

    def _tell_citation(self, raw: RawCitation, places: Places) -> None:
        for text, position in raw.stray:
            what = f"`{self._reading.mask.restore(text)[:40]}` in this citation names no source"
            fix = "Semicolons stand between sources; write pages after a comma, such as [@key, p. 4]."
            self._reading.error("citation-syntax", places.at(position), what, fix)
        for item in raw.crowded:
            what = f"there is no semicolon in front of `@{item.key}`"
            self._reading.error("citation-syntax", places.at(item.position), what, "Write [@one; @two].")

    def _item(self, item: RawItem, places: Places) -> CitationItem:
        at = places.at(item.position)
        prefix, suffix = (
            self._reading.constant(self._reading.words(_without_marks(text)), at, "a citation")
            for text in (item.prefix, item.suffix)
        )
        return CitationItem(key=item.key, at=at, prefix=prefix, suffix=suffix, suppress_author=item.suppress_author)

    def _tell_html(self, token: Token, places: Places) -> None:
        match = _TAG_NAME.match(token.content)
        name = match[2].lower() if match else ""
        if match and match[1] and self._open_html[name] > 0:
            self._open_html[name] -= 1  # its opening tag was told
            return
        if match and not match[1]:
            self._open_html[name] += 1
        shown = self._reading.mask.restore(token.content)[:40]
        fix = _INSTEAD_OF_HTML.get(name, "Delete it, or write it in Markdown.")
        what = f"HTML is not read here; readers would see `{shown}` as it stands"
        self._reading.warning("raw-html", places.at(token.meta["at"]), what, fix)


def _without_marks(text: str) -> str:
    """The words around a source, plain: a mark of their own has no room in a superscript."""
    return "".join(_plain(token) for token in parse_inline(text, ())) if text else ""


def alternative(token: Token) -> str:
    """The plain, still masked text of an image's description."""
    return "".join(_plain(child) for child in token.children or [])


def _plain(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return alternative(token) if token.type == "image" else token.content


def _joined(inlines: Iterable[Inline]) -> Inlines:
    """Neighbouring texts as one."""
    found: list[Any] = []
    run: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text):
            run.append(inline.text)
            continue
        if text := "".join(run):
            found.append(Text(text=text))
        run = []
        found.append(inline)
    if text := "".join(run):
        found.append(Text(text=text))
    return tuple(found)
