"""HTML -> its tokens in order, which joined again give the same text: for changing a page here and there.

A small part of the HTML standard's tokenizer (https://html.spec.whatwg.org/multipage/parsing.html#tokenization), made to be
linear in the length of the page whatever stands in it, which `html.parser` is not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape, unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: elements without content and end tag
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: elements whose content is text up to their own end tag
_RAW = ("iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}

_NAME = re.compile(r"[^\s/>]+")
_GAP = re.compile(r"[\s/]+")
_ATTRIBUTE_NAME = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*+=\s*+")
_BARE_VALUE = re.compile(r"[^\s>]*")
_COMMENT_END = re.compile(r"--!?>")


class Text(NamedTuple):
    """Words with their entities; `silent` are comments, declarations and what a browser drops."""

    source: str
    silent: bool = False


class RawText(NamedTuple):
    """The content of an element such as `style`, as it stands there."""

    source: str
    element: str


class EndTag(NamedTuple):
    source: str
    name: str


class Attribute(NamedTuple):
    """`name` is in lower case, `value` without entities, `source` as it stands in the tag."""

    name: str
    value: str
    source: str


@dataclass(frozen=True)
class StartTag:
    """Of two attributes alike the first one counts."""

    source: str
    name: str
    attributes: Mapping[str, Attribute]

    def get(self, name: str) -> str:
        """The value of an attribute; "" where there is none."""
        return self.attributes[name].value if name in self.attributes else ""

    @property
    def is_void(self) -> bool:
        return self.name in _VOID

    def having(self, **values: str | None) -> StartTag:
        """It with these attributes set, or taken away where the value is None; the rest stays as it was written."""
        changed = {name: value for name, value in values.items() if value != self._value(name)}
        if not changed:
            return self
        written = {name: _attribute(name, value) for name, value in changed.items() if value is not None}
        attributes = {
            name: each for name, each in {**self.attributes, **written}.items() if values.get(name, "") is not None
        }
        end = " />" if self.source.endswith("/>") else ">"
        source = f"<{self.name}{''.join(f' {each.source}' for each in attributes.values())}{end}"
        return StartTag(source, self.name, attributes)

    def _value(self, name: str) -> str | None:
        return self.attributes[name].value if name in self.attributes else None


def _attribute(name: str, value: str) -> Attribute:
    return Attribute(name, value, f'{name}="{escape(value)}"')


Token = Text | RawText | StartTag | EndTag


class OpenElements:
    """The elements around a place of the page, each with something that the caller keeps for it."""

    def __init__(self) -> None:
        self._open: list[tuple[str, object]] = []
        self._count: Counter[str] = Counter()

    def begin(self, tag: StartTag, kept: object = None) -> None:
        if not tag.is_void:
            self._open.append((tag.name, kept))
            self._count[tag.name] += 1

    def end(self, name: str) -> None:
        """Closes what is open within the element too; an end without a beginning is passed over."""
        while self._count[name]:
            closed, _ = self._open.pop()
            self._count[closed] -= 1
            if closed == name:
                return

    @property
    def kept(self) -> object:
        """What is kept for the innermost one; None outside of all."""
        return self._open[-1][1] if self._open else None

    @property
    def names(self) -> list[str]:
        """From the outside in."""
        return [name for name, _ in self._open]


def tokens(html: str) -> Iterator[Token]:
    """All of the page. What is not closed at its end is text that nobody sees, as in a browser."""
    at, raw = 0, ""
    while at < len(html):
        token = _raw_text(html, at, raw) if raw else _token(html, at)
        yield token
        at += len(token.source)
        raw = token.name if isinstance(token, StartTag) and token.name in _RAW_END else ""


def _raw_text(html: str, at: int, element: str) -> RawText:
    found = _RAW_END[element].search(html, at)
    return RawText(html[at : found.start() if found else len(html)], element)


def _token(html: str, at: int) -> Token:
    if html[at] != "<":
        start = html.find("<", at)
        return Text(html[at : len(html) if start < 0 else start])
    after = html[at + 1 : at + 2]
    if after.isascii() and after.isalpha():
        return _start_tag(html, at)
    if html.startswith("<!--", at):
        return Text(html[at : _comment_end(html, at)], silent=True)
    if after == "/":
        return _end_tag(html, at)
    if after in ("!", "?"):
        return Text(html[at : _behind(html, ">", at)], silent=True)
    return Text("<")


def _behind(html: str, what: str, at: int) -> int:
    """The place behind the next `what`; the end of the page where there is none."""
    found = html.find(what, at)
    return len(html) if found < 0 else found + len(what)


def _comment_end(html: str, at: int) -> int:
    for empty in ("<!-->", "<!--->"):
        if html.startswith(empty, at):
            return at + len(empty)
    found = _COMMENT_END.search(html, at + 4)
    return found.end() if found else len(html)


def _end_tag(html: str, at: int) -> Token:
    source = html[at : _behind(html, ">", at)]
    name = _NAME.match(source, 2)
    if name and name[0][0].isascii() and name[0][0].isalpha():
        return EndTag(source, name[0].lower())
    return Text(source, silent=True)


def _start_tag(html: str, at: int) -> Token:
    named = _NAME.match(html, at + 1)
    name, place = (named[0], named.end()) if named else ("", at + 1)
    attributes: dict[str, Attribute] = {}
    while place < len(html):
        if gap := _GAP.match(html, place):
            place = gap.end()
        if html.startswith(">", place):
            return StartTag(html[at : place + 1], name.lower(), attributes)
        each = _attribute_at(html, place)
        attributes.setdefault(each.name, each)
        place += len(each.source)
    return Text(html[at:], silent=True)


def _attribute_at(html: str, start: int) -> Attribute:
    named = _ATTRIBUTE_NAME.match(html, start)
    name, place = (named[0].lower(), named.end()) if named else ("", start)
    equals = _EQUALS.match(html, place)
    if not equals:
        return Attribute(name, "", html[start:place])
    place = equals.end()
    quote = html[place : place + 1]
    if quote in ('"', "'"):
        end = _behind(html, quote, place + 1)
        return Attribute(name, unescape(html[place + 1 : end].removesuffix(quote)), html[start:end])
    bare = _BARE_VALUE.match(html, place)
    end = bare.end() if bare else place
    return Attribute(name, unescape(html[place:end]), html[start:end])
