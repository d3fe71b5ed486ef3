"""/p/{token}: leave single lists of the mailing, or everything.

The page shows no stored data, since a mail may have been forwarded: no name, no address, not which lists are joined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.subscriber import ConsentSource
from newsletter.store.people import consent
from newsletter.web.leaving import everything_left, leave_everything
from newsletter.web.pages import isolated
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.subscriber import MailingList
    from newsletter.web.forms import Form
    from newsletter.web.site import Reader, Site
    from newsletter.web.visit import Visit


def routes(site: Site) -> list[Route]:
    return [route(site, "/p/{key}", show, submit)]


def show(site: Site, visit: Visit) -> Response:
    reader = site.reader(visit.key)
    return _choices(site, reader) if reader else site.pages.unknown_link()


def submit(site: Site, visit: Visit, form: Form) -> Response:
    """Leave the lists whose numbers are posted; nothing at all changes if one of them is not of this mailing."""
    reader = site.reader(visit.key)
    if reader is None:
        return site.pages.unknown_link()
    if form.has("everything", "1"):
        leave_everything(site, reader, ConsentSource.PAGE)
        return everything_left(site, reader)
    chosen = _chosen(reader, form)
    if not chosen:
        return _choices(site, reader, status=400)
    with site.store.write() as connection:
        numbers = [entry.number for entry in chosen]
        consent.leave(connection, reader.subscriber.number, numbers, ConsentSource.PAGE, reader.mailing, site.clock())
    return _left(site, reader, chosen)


def _chosen(reader: Reader, form: Form) -> tuple[MailingList, ...]:
    """The lists that were posted; none if anything else was posted as a list."""
    offered = {str(entry.number): entry for entry in reader.lists}
    posted = dict.fromkeys(form.all("list"))
    return tuple(offered[number] for number in posted) if posted.keys() <= offered.keys() else ()


def _choices(site: Site, reader: Reader, status: int = 200) -> Response:
    choices = [(entry.number, isolated(entry.title)) for entry in reader.lists]
    return site.pages.show("preferences", reader.language, status=status, choices=choices)


def _left(site: Site, reader: Reader, lists: tuple[MailingList, ...]) -> Response:
    done = [site.pages.sentence(reader.language, "left_list_done", list=isolated(entry.title)) for entry in lists]
    return site.pages.message("preferences_title", [*done, "unsubscribe_delay"], reader.language)
