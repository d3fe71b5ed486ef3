"""Web addresses that stand in the text without being links."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from newsletter.check.links.web_names import addresses_in, is_written_out
from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.document import Emphasis, Strong, Text, TypedBlock, inlines_of, plain_words, walk_blocks
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content
    from newsletter.model.document import Inlines
    from newsletter.model.problem import Place

#: what other rules tell: links that Markdown did not take for one (check/written/slips_links.py), and HTML
_TOLD = re.compile(
    r"(?:\][ \t]{0,20}\(<?|\)\[|<)(?:https?:|mailto:|tel:|www\.)[^()\]>\n]{0,500}|=[\"'][^\"'<>\n]{0,500}",
    re.IGNORECASE,
)
#: attributes of blocks that readers see; the href of the block makes a link of some
_SHOWN = frozenset({"title", "caption", "attribution", "credit", "place", "name", "role"})
_LINKED = frozenset({"attribution", "credit", "place", "name"})
#: what stands before an address that is part of a link, or of another address
_WITHIN = re.compile(r"[<\w/@.]$|\]\($|=[\"']$")
#: how far behind the beginning of a block its words are looked for, in characters
_NEAR = 20_000


@issue_rule("link-not-linked", Level.WARNING)
def addresses_are_linked(content: Content) -> Iterator[Finding]:
    """A web address in the text that is not a link.

    Some mail programs make a link of it and some do not, and where they do, they may take the full stop with it or leave the
    end off. Write `[words](https://...)`, or `<https://...>` to show the address itself. In `code` it may stand as it is.
    The bare name of a site, such as example.org in a sentence, is told as information only; with a capital letter, as in
    Booking.com, it is the name of a firm.

    Bad:

        You find the opening hours at www.example.org/hours.

    Good:

        You find the [opening hours](https://example.org/hours) on our pages, or at <https://example.org>.
    """
    source = _Source(typed_text(content).prose)
    for at, text in _bare_texts(content):
        for address in _plain_addresses(text):
            level = None if is_written_out(address) else Level.INFORMATION
            target = address if "://" in address else f"https://{address}"
            message = f"`{address[:60]}` is not a link here; only some mail programs make one of it"
            fix = f"Write [words]({target[:60]}), or <{target[:60]}> to show the address."
            yield Finding(at=source.place(address, at), message=message, fix=fix, level=level)


def _plain_addresses(text: str) -> Iterator[str]:
    told = deque(found.span() for found in _TOLD.finditer(text))
    for offset, address in addresses_in(text):
        while told and told[0][1] <= offset:
            told.popleft()
        if not told or offset < told[0][0]:
            yield address


def _bare_texts(content: Content) -> Iterator[tuple[Place, str]]:
    """Runs of text that are neither link nor code, each with the place of its block."""
    for block in walk_blocks(content.issue.body):
        for inlines in inlines_of(block):
            yield from ((block.at, text) for text in _texts(inlines))
        if isinstance(block, TypedBlock):
            yield from _attributes(block)


def _texts(inlines: Inlines) -> Iterator[str]:
    for inline in inlines:
        if isinstance(inline, Text):
            yield inline.text
        elif isinstance(inline, Emphasis | Strong):
            yield from _texts(inline.content)


def _attributes(block: TypedBlock) -> Iterator[tuple[Place, str]]:
    hidden = _LINKED if block.attributes.get("href") else frozenset[str]()
    for name in sorted(_SHOWN - hidden):
        if words := block.attributes.get(name):
            yield block.attribute_places.get(name, block.at), plain_words(words)


class _Source:
    """The file with its code covered, for the exact place of words of which the block is known."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._after: dict[Place, int] = {}

    def place(self, words: str, at: Place) -> Place:
        """Where the words next stand in that block other than in a link; the block's place if that is nowhere."""
        if not 0 < at.line < len(self._starts):
            return at
        begin = self._after.get(at, self._starts[at.line - 1])
        end = begin + _NEAR
        while (found := self._text.find(words, begin, end)) >= 0:
            begin = found + len(words)
            if not _WITHIN.search(self._text[max(0, found - 2) : found]):
                self._after[at] = begin
                line = bisect_right(self._starts, found)
                return replace(at, line=line, column=found - self._starts[line - 1] + 1)
        return at


RULES = (addresses_are_linked,)
