"""Where the archive's pages lie, as absolute URLs: feeds, social networks and search engines read them elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from newsletter.web.paths import ARCHIVE, LINKS, SUBSCRIBE

#: what is no issue's name in a path: the feed, and what browsers take for a folder
_TAKEN = frozenset({"feed.atom", ".", ".."})
_MARK = "~"
SITEMAP = "/sitemap.xml"


def key_of(issue: str) -> str:
    """What stands for an issue in a path, before it is percent-encoded."""
    return f"{_MARK}{issue}" if issue in _TAKEN or issue.startswith(_MARK) else issue


def issue_of(key: str) -> str | None:
    """The issue that a path means; None where no issue has this path."""
    issue = key.removeprefix(_MARK)
    return issue if key_of(issue) == key else None


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """`base_url` has no slash at its end."""

    base_url: str

    @property
    def index(self) -> str:
        return f"{self.base_url}{ARCHIVE}"

    def page(self, *, of: str = "", before: str = "", lang: str = "") -> str:
        """A part of the index; what is not asked for is left out."""
        query = {name: value for name, value in (("list", of), ("before", before), ("lang", lang)) if value}
        return f"{self.index}?{urlencode(query)}" if query else self.index

    def issue(self, issue: str) -> str:
        return f"{self.index}/{quote(key_of(issue), safe='~')}"

    def feed(self, of: str = "") -> str:
        """Of everything, or of the list of this name."""
        return f"{self.index}/lists/{quote(of, safe='')}/feed.atom" if of else f"{self.index}/feed.atom"

    @property
    def sitemap(self) -> str:
        return f"{self.base_url}{SITEMAP}"

    @property
    def subscribe(self) -> str:
        return f"{self.base_url}{SUBSCRIBE}"

    @property
    def links(self) -> str:
        """Where readers ask for their own links."""
        return f"{self.base_url}{LINKS}"
