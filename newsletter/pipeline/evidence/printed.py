"""References and disclaimers as readers saw them: read out of the stored mail, never made again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

#: the arrow back to the text, which is no part of a reference
_BACK = "\u21a9"


@dataclass(frozen=True, kw_only=True)
class PrintedDisclaimer:
    title: str
    text: str


def references_in(html: str) -> list[tuple[str, str]]:
    """(number, text with its address) of each line of the reference list; empty where a template prints it otherwise."""
    found = []
    for anchor in _tree(html).iter("a"):
        number = anchor.get("id", "").removeprefix("ref-")
        cell = anchor.getparent()
        beside = cell.getnext() if cell is not None and cell.tag == "td" else None
        if anchor.get("id", "").startswith("ref-") and number.isdigit() and beside is not None:
            found.append((number, _reference(beside)))
    return found


def disclaimers_in(html: str) -> list[PrintedDisclaimer]:
    """In their order; empty where a template prints them otherwise."""
    titles = [one for one in _tree(html).iter("h3") if "disclaimer-title" in one.get("class", "").split()]
    return [PrintedDisclaimer(title=_words(title), text="\n\n".join(_below(title))) for title in titles]


def _reference(cell: HtmlElement) -> str:
    links = [link for link in cell.iter("a") if link.get("href", "").startswith("http")]
    words = _words(cell).replace(_BACK, "").replace("\ufe0e", "").strip()
    addresses = [url for link in links if (url := link.get("href", "")) not in words]
    return "\n".join([words, *addresses])


def _below(title: HtmlElement) -> Iterator[str]:
    """The paragraphs up to the next title."""
    for one in title.itersiblings():
        if one.tag == "h3" and "disclaimer-title" in one.get("class", "").split():
            return
        if words := _words(one):
            yield words


def _words(element: HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def _tree(html: str) -> HtmlElement:
    from lxml.html import document_fromstring

    return document_fromstring(html)
