"""/archive: the sent issues that everybody may read, their feed, and the sitemap. Use `routes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.web.archive import feed, index, issue, sitemap
from newsletter.web.archive.addresses import SITEMAP
from newsletter.web.paths import ARCHIVE
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.routing import Route

    from newsletter.web.site import Site

__all__ = ["routes"]


def routes(site: Site) -> list[Route]:
    return [
        route(site, ARCHIVE, index.show),
        route(site, f"{ARCHIVE}/feed.atom", feed.show),
        route(site, f"{ARCHIVE}/lists/{{key}}/feed.atom", feed.show_list),
        route(site, f"{ARCHIVE}/{{key}}", issue.show),
        route(site, SITEMAP, sitemap.show),
    ]
