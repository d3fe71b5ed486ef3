"""What the bytes of a mail are spent on, whoever made it."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_STYLE = re.compile(r"<style[^>]*>.*?</style>", re.DOTALL)
_TAG = re.compile(r"<[!/a-z][^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s([a-z:-]+)=("[^"]*"|'[^']*')""", re.IGNORECASE)
_SPACES = re.compile(r"\s+")


def parts(html: str) -> dict[str, int]:
    """Name -> bytes; the sum is the whole. Style elements within comments, for Outlook, count as comments."""
    rest, comments = _without(_COMMENT, html)
    rest, styles = _without(_STYLE, rest)
    words, tags = _without(_TAG, rest)
    attributes = [(name, _size(whole)) for whole, name in _attributes(rest)]
    styled = sum(size for name, size in attributes if name.lower() == "style")
    others = sum(size for _, size in attributes) - styled
    shown = _size(_SPACES.sub(" ", words))
    return {
        "style elements": styles,
        "conditional comments, for Outlook": comments,
        "style attributes": styled,
        "other attributes": others,
        "tags without attributes": tags - styled - others,
        "words": shown,
        "white space": _size(words) - shown,
    }


def _attributes(html: str) -> list[tuple[str, str]]:
    """(as written, name) of every attribute."""
    return [(found[0], found[1]) for tag in _TAG.findall(html) for found in _ATTRIBUTE.finditer(tag)]


def _without(pattern: re.Pattern[str], html: str) -> tuple[str, int]:
    """The HTML without what matches, and the bytes of that."""
    rest = pattern.sub("", html)
    return rest, _size(html) - _size(rest)


def _size(text: str) -> int:
    return len(text.encode())
