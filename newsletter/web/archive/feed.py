"""/archive/feed.atom, and one for each public list (RFC 4287). Those issues come first that changed last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from starlette.responses import Response

from newsletter.store import archive, corrections
from newsletter.web.archive.identities import Identities
from newsletter.web.archive.reading import addresses_of, day_of, entry_of, shelf_of
from newsletter.web.archive.xml_text import said
from newsletter.web.conditional import conditional
from newsletter.web.headers import ARCHIVE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.subscriber import MailingList
    from newsletter.web.archive.reading import Entry
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: entries of a feed
MOST = 30
_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def show(site: Site, visit: Visit) -> Response:
    return _feed(site, visit, "")


def show_list(site: Site, visit: Visit) -> Response:
    return _feed(site, visit, visit.key)


def _feed(site: Site, visit: Visit, wanted: str) -> Response:
    to = addresses_of(site.settings)
    with site.store.read() as connection:
        of = next((entry for entry in archive.public_lists(connection) if entry.name == wanted), None)
        since = archive.opened_at(connection)
        if since is None or (wanted and of is None):
            return site.unknown_link(visit)
        issues = shelf_of(site.settings).changed(connection, most=MOST, of=of)
        contents = archive.contents(connection, issues)
        noted = corrections.shown(connection, [one.issue for one in issues])
    entries = [
        entry_of(one, contents[one.fingerprint], to.issue(one.issue), noted.get(one.issue, ())) for one in issues
    ]
    updated = max((one.updated_at for one in issues), default=since)
    body = etree.tostring(_root(site, of, entries, updated), encoding="utf-8", xml_declaration=True)
    response = Response(body, media_type="application/atom+xml", headers=ARCHIVE)
    return conditional(response, visit.headers, changed=updated)


def _root(site: Site, of: MailingList | None, entries: Sequence[Entry], updated: datetime) -> etree._Element:
    settings, to, ids = site.settings, addresses_of(site.settings), Identities(site.keys)
    name = of.name if of else ""
    feed = etree.fromstring(f'<feed xmlns="{_ATOM}"/>')
    feed.set(_LANG, settings.newsletter.language)
    _add(feed, "id", ids.feed(name))
    title = settings.newsletter.name
    _add(feed, "title", f"{title} · {of.title}" if of else title)
    if of and of.description:
        _add(feed, "subtitle", of.description)
    _add(feed, "updated", _moment(updated))
    _add(feed, "link", rel="self", type="application/atom+xml", href=to.feed(name))
    _add(feed, "link", rel="alternate", type="text/html", href=to.page(of=name))
    author = etree.SubElement(feed, f"{{{_ATOM}}}author")
    _add(author, "name", settings.sender.organisation or settings.sender.name)
    for entry in entries:
        feed.append(_entry(site, entry, ids))
    return feed


def _entry(site: Site, entry: Entry, ids: Identities) -> etree._Element:
    made = etree.Element(f"{{{_ATOM}}}entry", {_LANG: entry.language})
    _add(made, "id", ids.issue(entry.issue.issue))
    _add(made, "title", entry.title)
    _add(made, "published", _moment(entry.issue.sent_at))
    _add(made, "updated", _moment(entry.issue.updated_at))
    _add(made, "link", rel="alternate", type="text/html", hreflang=entry.language, href=entry.url)
    if summary := _summary(site, entry):
        _add(made, "summary", summary)
    return made


def _summary(site: Site, entry: Entry) -> str:
    """Corrections stand first, as on the page: who reads the feed has read the issue."""
    words = site.pages.words(entry.language)
    told = [
        f"{words.say('archive_correction', date=words.day(day_of(site.settings, one.at)))}\n{one.text}"
        for one in entry.corrections
    ]
    return "\n\n".join((*told, entry.preheader)).strip()


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> None:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", {key: said(value) for key, value in attributes.items()})
    made.text = said(text) or None


def _moment(moment: datetime) -> str:
    """RFC 3339, as RFC 4287 wants it."""
    return f"{moment.replace(microsecond=0, tzinfo=None).isoformat()}Z"
