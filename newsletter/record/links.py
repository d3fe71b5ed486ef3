"""A link that was followed, without what could tell by whom: it is counted as it stands in the mail, its personal slots left open."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from newsletter.compose.links import PATHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.model.rendered import Parts, Rendered

#: stands for a slot while links are looked for; no text of a mail holds it
_SLOT = "\ue000"
#: what is shown where a reader's own part was
_OWN = "..."
#: what does not stand in a slot: it is percent-encoded
_BREAK = re.compile(r"[/?#&]")
_HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_IN_TEXT = re.compile(rf"https?://[^\s<>\"{_SLOT}][^\s<>\"]*")
_TOKEN = re.compile(rf"(?:{'|'.join(map(re.escape, PATHS.values()))})[A-Za-z0-9_-]{{32}}/?")
_LONGEST = 1000


class Links(NamedTuple):
    """The links of a mailing."""

    #: those that are the same for everybody, compared as `_compared` makes them -> as they stand in the mail
    common: Mapping[str, str] = {}
    #: those with slots: the pieces between them
    personal: tuple[tuple[str, ...], ...] = ()

    def __or__(self, other: Links) -> Links:
        return Links({**self.common, **other.common}, tuple(dict.fromkeys(self.personal + other.personal)))

    def counted_as(self, url: str) -> str:
        """What to count it as; empty for no web address, and for our own pages, where everybody's link is another.

        Which link of the mail it was cannot be told of what a provider or a scanner changed: then its site is counted.
        """
        url = url.strip()
        site = _site(url)
        if not site:
            return ""
        known = self.common.get(_compared(url)) or self.common.get(_compared(_without_campaign(url)))
        fitting = (_OWN.join(pieces) for pieces in self.personal if _fits(url, pieces))
        shown = known or next(fitting, None) or ("" if _is_our_page(url) else site)
        return shown[:_LONGEST]


def links_of(rendered: Rendered) -> Links:
    common: dict[str, str] = {}
    personal: list[tuple[str, ...]] = []
    for link in dict.fromkeys((*_in_html(rendered.html), *_in_text(rendered.text))):
        if not _site(link):
            continue  # a slot takes all of it, or it leads to no page
        if _SLOT in link:
            personal.append(tuple(link.split(_SLOT)))
        else:
            common.setdefault(_compared(link), link)
    others = {_compared(_without_campaign(link)): link for link in reversed(common.values())}
    return Links(others | common, tuple(personal))


def _fits(url: str, pieces: Sequence[str]) -> bool:
    """Whether these are the pieces of it, in order: each as soon as it comes, so that no link takes long."""
    begin, *middle, end = pieces
    if not (url.startswith(begin) and url.endswith(end)):
        return False
    at, last = len(begin), len(url) - len(end)
    for piece in middle:
        found = url.find(piece, at, last)
        if found < 0 or _BREAK.search(url, at, found):
            return False
        at = found + len(piece)
    return at <= last and not _BREAK.search(url, at, last)


def _in_html(parts: Parts) -> Iterator[str]:
    for found in _HREF.findall(_joined(parts)):
        yield html.unescape("".join(found)).strip()


def _in_text(parts: Parts) -> Iterable[str]:
    return (found.rstrip(".,;:!?)") for found in _IN_TEXT.findall(_joined(parts)))


def _joined(parts: Parts) -> str:
    return "".join(part if isinstance(part, str) else _SLOT for part in parts)


def _site(url: str) -> str:
    """Scheme and host of a web address; empty for anything else."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or _SLOT in host or not host.isprintable():
        return ""
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _compared(url: str) -> str:
    """Providers and browsers write the same link in more than one way."""
    return unquote(url).rstrip("/")


def _without_campaign(url: str) -> str:
    """Providers add such parameters."""
    address, mark, rest = url.partition("?")
    query, hash_, fragment = rest.partition("#")
    kept = "&".join(one for one in query.split("&") if not one.lower().startswith("utm_"))
    return f"{address}{mark if kept else ''}{kept}{hash_}{fragment}"


def _is_our_page(url: str) -> bool:
    """By its path, whatever base_url was when it was sent."""
    return _TOKEN.search(urlsplit(url).path) is not None
