"""A reader's value, made harmless for the place it goes into. Values are data: nothing in them is ever evaluated."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from newsletter.model.rendered import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_UNSAFE_IN_URL = re.compile(r"[\s<>\"'`\\{}|^\x00-\x20\x7f]")


def escape(value: str, context: Context) -> str:
    """The value as it may stand in that context. Control characters and line breaks become spaces everywhere."""
    return _ESCAPES[context](one_line(value))


def one_line(value: str) -> str:
    """Without control characters, line and paragraph separators, and direction overrides; each becomes a space."""
    if value.isprintable():  # much faster, and true of nearly every value
        return value.strip()
    return "".join(" " if _is_control(character) else character for character in value).strip()


def _is_control(character: str) -> bool:
    # embeddings and overrides (U+202A..U+202E, U+2066..U+2069) would turn the text around a name;
    # joiners (also Cf) are part of emoji and of Persian words and stay
    return unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} or character in _DIRECTION_CONTROLS


_DIRECTION_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe_url(value: str) -> str:
    """The URL percent-encoded where needed, or `#` when it is not one that a reader should be sent to."""
    try:
        scheme = urlsplit(value).scheme.lower()
    except ValueError:
        return "#"
    if scheme not in _SAFE_SCHEMES:
        return "#"
    return _UNSAFE_IN_URL.sub(lambda match: quote(match[0], safe=""), value)


def _url_in_attribute(value: str) -> str:
    return html.escape(safe_url(value), quote=True)


def _url_part(value: str) -> str:
    return quote(value, safe="")


def _same(value: str) -> str:
    return value


_ESCAPES: Mapping[Context, Callable[[str], str]] = {
    Context.HTML: html.escape,
    Context.ATTRIBUTE: html.escape,
    Context.URL: _url_in_attribute,
    Context.URL_PART: _url_part,
    Context.TEXT: _same,
    Context.TEXT_URL: safe_url,
    Context.HEADER: _same,
}
