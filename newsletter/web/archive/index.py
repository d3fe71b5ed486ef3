"""/archive: the issues that everybody may read, the newest first, in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.store import archive
from newsletter.store.people.offered import offered
from newsletter.web.archive.reading import addresses_of, day_of, entry_of, shelf_of
from newsletter.web.conditional import conditional
from newsletter.web.headers import ARCHIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from newsletter.model.subscriber import MailingList
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: issues of one part
MOST = 30


def show(site: Site, visit: Visit) -> Response:
    """`?list=` the issues that went to one public list; `?before=` those that came out before an issue."""
    shelf, to = shelf_of(site.settings), addresses_of(site.settings)
    wanted, mark = visit.query.get("list", ""), visit.query.get("before", "")
    with site.store.read() as connection:
        lists = archive.public_lists(connection)
        of = next((entry for entry in lists if entry.name == wanted), None)
        before = shelf.find(connection, mark) if mark else None
        if not lists or (wanted and of is None) or (mark and not (before and before.public)):
            return site.unknown_link(visit)
        found = shelf.page(connection, most=MOST + 1, before=before, of=of)
        shown, more = found[:MOST], len(found) > MOST
        contents = archive.contents(connection, shown)
        joinable = bool(offered(connection))
    language = site.language(visit)
    lang = visit.query.get("lang", "")
    words = site.pages.words(language)
    entries = [
        (words.day(day_of(site.settings, one.sent_at)), entry_of(one, contents[one.fingerprint], to.issue(one.issue)))
        for one in shown
    ]
    page = site.pages.show(
        "archive",
        language,
        headers=ARCHIVE | {"Vary": "Accept-Language"},
        entries=entries,
        of=of,
        choices=_choices(site, lists, of, lang),
        canonical=to.page(of=wanted, before=mark),
        feed=to.feed(wanted),
        older=to.page(of=wanted, before=shown[-1].issue, lang=lang) if more else "",
        newest=to.page(of=wanted, lang=lang) if before else "",
        subscribe=to.subscribe if joinable else "",
    )
    return conditional(page, visit.headers)


def _choices(
    site: Site, lists: Sequence[MailingList], of: MailingList | None, lang: str
) -> list[tuple[str, str, bool]]:
    """(address, title, whether it is this page), where there is something to choose; everything has no title."""
    to = addresses_of(site.settings)
    if len(lists) < 2:
        return []
    everything = (to.page(lang=lang), "", of is None)
    return [everything, *((to.page(of=entry.name, lang=lang), entry.title, entry is of) for entry in lists)]
