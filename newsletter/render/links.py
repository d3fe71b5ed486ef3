"""Link targets: made harmless, pure ASCII (RFC 3986, RFC 3490), with the marks of personal slots in them.

ASCII, because an HTML serializer percent-encodes what is not, and a host name does not survive that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit, urlunsplit

from newsletter.compose.escaping import one_line, safe_url
from newsletter.model.document import MergeTag
from newsletter.model.rendered import Context

if TYPE_CHECKING:
    from newsletter.compose.slots import SlotMarks
    from newsletter.model.document import Words

#: every ASCII character that a URL may hold, and % for what is encoded already
_KEPT = "!#$%&'()*+,/:;=?@[]~"


def link_target(target: Words, marks: SlotMarks, whole: Context) -> str:
    """A target for the HTML (`whole` is Context.URL) or the text part (TEXT_URL), not yet escaped for HTML.

    A tag at its start takes a whole URL, one further on a piece. What a reader should not be sent to becomes `#`.
    """
    words = [word for word in target if word != ""]
    pieces = [_piece(word, marks, Context.URL_PART if index else whole) for index, word in enumerate(words)]
    text = "".join(pieces)
    if words and isinstance(words[0], MergeTag):
        return pieces[0] + quote(text[len(pieces[0]) :], safe=_KEPT)
    if text.startswith("#"):
        return "#" + quote(text[1:], safe=_KEPT)
    return ascii_url(text)


def ascii_url(url: str) -> str:
    """The same URL in ASCII, `#` for one that is none or that no reader should be sent to."""
    safe = safe_url(one_line(url))
    if safe == "#":
        return safe
    scheme, host, *rest = urlsplit(safe)
    return urlunsplit((scheme, _ascii_host(host), *(quote(part, safe=_KEPT) for part in rest)))


def _ascii_host(host: str) -> str:
    if host.isascii():
        return host
    name, colon, port = host.partition(":")
    try:
        return name.encode("idna").decode() + colon + port
    except UnicodeError:
        return quote(host, safe=_KEPT)


def _piece(word: str | MergeTag, marks: SlotMarks, context: Context) -> str:
    return word if isinstance(word, str) else marks.mark(word.name, context, word.fallback or "")


def words_with_marks(words: Words, marks: SlotMarks, context: Context) -> str:
    """A subject, a preheader or an attribute with its slots marked, not yet escaped for HTML."""
    return one_line("".join(_piece(word, marks, context) for word in words))
