"""The words of the HTML and of the text part, levelled so that what the two may write differently is the same.

A word is its letters in small; characters of scripts without spaces stand singly; a slot is a word. Addresses, citation marks,
numbers of lists and links within the mail are left out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.page import Element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


#: how many words in a row are compared
ROW = 3

#: elements that end a line, and those of citation marks
_BLOCK = re.compile(
    "address|article|blockquote|body|caption|center|d[dlt]|div|fig(?:caption|ure)|footer|h[1-6r]|header|html|li|main|ol|p|pre|"
    "section|sup|table|t(?:body|d|foot|h|head|r)|ul"
)
_SPACED = frozenset({"br", "img"})
_UNSEEN = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
_URL = re.compile(r"<?\b(?:https?://|mailto:|tel:|www\.)[^\s<>]*>?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"<[^<>\s]{1,2000}>|(?<!\S)[^\s@]{1,200}@\S{1,200}|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}(?:/\S*)?",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\[(?:\d[\d,\- ]{0,60}|\?)\]")
_LIST_NUMBER = re.compile(r"^[ \t>|]{0,40}\d{1,9}\.[ \t]", re.MULTILINE)
#: where the text part may put together what stands apart in the HTML
_JOINT = re.compile(r"\n[ \t>|]*\n|\n[=~-]{3,}\n|\n[ \t>|]*-[ \t]|:[ \t\n]|[ \t]{2,}|[\[\]·]")
_WORD = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[\U0010f000-\U0010ffff]|[^\\W\\d_]+|\\d+"
)


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Words that stand together, and where in the part."""

    words: tuple[str, ...]
    offset: int
    #: a citation mark, which the other part may write in another way
    is_mark: bool = False


def levelled(text: str) -> tuple[str, ...]:
    """The words of a text without addresses."""
    return all_words(_ADDRESS.sub(" ", _URL.sub(" ", text)))


def all_words(text: str) -> tuple[str, ...]:
    """Those of addresses too."""
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()))


def html_passages(root: Element) -> list[Passage]:
    """What readers see of each paragraph, cell or heading, and the descriptions of images."""
    found: list[Passage] = []
    texts: list[str] = []
    start, is_mark = 0, False
    for around, text in _flow(root):
        if text is not None:
            start, is_mark = (start, is_mark) if texts else (around.offset, around.tag == "sup" or _in_mark(around))
            texts.append(text)
        elif texts:
            pieces = map(levelled, "".join(texts).split("·"))
            found += [Passage(words=words, offset=start, is_mark=is_mark) for words in pieces if words]
            texts = []
    return found


def _in_mark(element: Element) -> bool:
    return any(around.tag == "sup" for around in element.up())


def text_passages(text: str) -> list[Passage]:
    """The same of the text part: paragraphs, cut where it joins what stands apart in the HTML."""
    bare = _LIST_NUMBER.sub(_blank, _MARKS.sub(_blank, _URL.sub(_blank, text)))
    cuts = [0, *(place for found in _JOINT.finditer(bare) for place in found.span()), len(bare)]
    pieces = ((start, levelled(bare[start:end])) for start, end in pairwise(cuts))
    return [Passage(words=words, offset=start) for start, words in pieces if words]


def rows(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every ROW of words side by side, without numbers, which marks and lists put between words."""
    letters = [word for word in words if not word.isdigit()]
    return zip(*(letters[shift:] for shift in range(ROW)), strict=False)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _flow(root: Element) -> Iterator[tuple[Element, str | None]]:
    """Pieces of visible text with the element that they stand in; None where a paragraph begins or ends."""
    waiting: list[tuple[Element, Element | str | None]] = [(root, None), (root, root)]
    while waiting:
        around, inner = waiting.pop()
        if not isinstance(inner, Element):
            yield around, inner
        elif not inner.hidden and not _is_within(inner):
            edge = None if _BLOCK.fullmatch(inner.tag) else " " if inner.tag in _SPACED else ""
            yield inner, f" {inner.attributes.get('alt', '')} " if inner.tag == "img" else edge
            waiting.append((inner, edge))
            waiting += [(inner, deeper) for deeper in reversed(inner.content)]


def _is_within(element: Element) -> bool:
    """A link to another place of the same mail, such as "back to top", unless it is a citation's."""
    return element.attributes.get("href", "").startswith("#") and not _in_mark(element)
