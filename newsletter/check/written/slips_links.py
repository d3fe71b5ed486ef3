"""Links and images that are nearly Markdown, so that readers see brackets: `[words] (address)`, `(words)[address]`, no end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rulebook import Finding, issue_rule
from newsletter.check.written.typed_text import typed_text
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.rulebook import Content

_ADDRESS = r"(?:https?:|www\.|mailto:|tel:|#[A-Za-z])"
_LABEL = r"\[[^\[\]\n]{1,300}\]"
_APART = re.compile(
    rf"(?<!\\)(!?)\[(?!@|\d+\])[^\[\]\n]{{1,300}}\][ \t]{{1,20}}\(({_ADDRESS}|[\w-]{{1,80}}\.\w{{2,5}}\))"
)
_SWAPPED = re.compile(rf"\([^()\n]{{1,300}}\)\[{_ADDRESS}[^\[\]\s]{{1,500}}\]")
_JOINED = re.compile(rf"(?<!\\)(!?){_LABEL}\((?=([^\s()]{{0,80}}))")
_BARE = re.compile(r"<www\.[^<>\s]{1,500}>")
#: what follows `](` of a link that Markdown reads (https://spec.commonmark.org/0.31.2/#links)
_REST = re.compile(
    r"\s{0,20}+(?:<[^<>\n]*+>|(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*+\))*+)"
    r"(?:\s{1,20}+(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+\s{0,20}+\)"
)
_FORM = "Write [words](https://example.org/page), without a space between the two brackets."
_IMAGE_FORM = "Write ![what it shows](photo.jpg), without a space between the brackets or in the name of the file."


@issue_rule("link-not-read", Level.WARNING)
def links_are_read(content: Content) -> Iterator[Finding]:
    """A link or an image that is nearly right, so that readers see its brackets.

    A link is written `[words](https://example.org/page)`: first the words in square brackets, then at once the address in round
    ones, without spaces in it. An image is the same with `!` in front.

    Bad:

        See the [opening hours] (https://example.org/hours).

    Good:

        See the [opening hours](https://example.org/hours).
    """
    typed = typed_text(content)
    for begin, words in typed.runs():
        if "](" in words or "] " in words or ")[" in words or "]\t" in words or "<www." in words:
            for offset, message, fix in sorted(_slips(words)):
                yield Finding(at=typed.at(begin + offset), message=message, fix=fix)


def _slips(words: str) -> Iterator[tuple[int, str, str]]:
    for found in _APART.finditer(words):
        if found[1] or re.match(_ADDRESS, found[2]):
            fix = _IMAGE_FORM if found[1] else _FORM
            yield found.start(), f"there is a space before the address: {_shown(words, found)}", fix
    for found in _SWAPPED.finditer(words):
        yield found.start(), f"the brackets of this link are swapped: {_shown(words, found)}", _FORM
    for found in _JOINED.finditer(words):
        if (found[1] or re.match(_ADDRESS, found[2])) and not _REST.match(words, found.end()):
            yield found.start(), *_unread(words, found)
    for found in _BARE.finditer(words):
        yield found.start(), f"{_shown(words, found)} is no link", f"Write <https://{found[0][1:-1]}>."


def _unread(words: str, found: re.Match[str]) -> tuple[str, str]:
    line = words[found.end() :].partition("\n")[0]
    kind = "image" if found[1] else "link"
    if ")" in line:
        return (
            f"this {kind} is not read, because there is a space in its address: {_shown(words, found)}",
            _IMAGE_FORM if found[1] else "Write %20 for a space in an address, or remove it.",
        )
    return f"the address of this {kind} is not closed: {_shown(words, found)}", "Add `)` behind the address."


def _shown(words: str, found: re.Match[str]) -> str:
    piece = words[found.start() : found.start() + 60].partition("\n")[0]
    return f'"{piece}"'


RULES = (links_are_read,)
