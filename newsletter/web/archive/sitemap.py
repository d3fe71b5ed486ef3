"""/sitemap.xml: the public pages of the archive, for search engines (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from starlette.responses import Response

from newsletter.store import archive
from newsletter.web.archive.reading import addresses_of, shelf_of
from newsletter.web.conditional import conditional
from newsletter.web.headers import ARCHIVE

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: the protocol allows no more addresses in one file, and one of them is the index
_MOST = 49_999


def show(site: Site, visit: Visit) -> Response:
    to = addresses_of(site.settings)
    with site.store.read() as connection:
        since = archive.opened_at(connection)
        issues = shelf_of(site.settings).changed(connection, most=_MOST)
    if since is None:
        return site.unknown_link(visit)
    root = etree.fromstring(f'<urlset xmlns="{_SPACE}"/>')
    newest = max((one.updated_at for one in issues), default=since)
    _add(root, to.index, newest)
    for one in issues:
        _add(root, to.issue(one.issue), one.updated_at)
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return conditional(Response(body, media_type="application/xml", headers=ARCHIVE), visit.headers, changed=newest)


def _add(root: etree._Element, address: str, changed: datetime) -> None:
    url = etree.SubElement(root, f"{{{_SPACE}}}url")
    etree.SubElement(url, f"{{{_SPACE}}}loc").text = address
    etree.SubElement(url, f"{{{_SPACE}}}lastmod").text = changed.replace(microsecond=0).isoformat()
