"""/u/{token}: the page with one button, and the POST that leaves, from that page or from a mail program (RFC 8058).

A GET never changes anything: scanners follow every link of a mail. A POST is answered with 200 once it is recorded,
also the second time and for tokens that we do not know; no cookie, no redirect, no question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.keys import PROBE
from newsletter.model.subscriber import ConsentSource
from newsletter.probe.pages import DATABASE_HEADER, HEARD, PROBE_HEADER, SEEN
from newsletter.store.mark import mark_of
from newsletter.store.people import consent
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.web.forms import Form
    from newsletter.web.site import Reader, Site
    from newsletter.web.visit import Visit


def routes(site: Site) -> list[Route]:
    return [route(site, "/u/{key}", show, submit, cross_site=True)]


def show(site: Site, visit: Visit) -> Response:
    """The page that asks; for our own probe, the sign that it reached the right server with the right secret."""
    token = visit.key
    if site.keys.read_token(token) == PROBE:
        return site.pages.show("home", headers={PROBE_HEADER: SEEN, DATABASE_HEADER: _mark(site)})
    reader = site.reader(token)
    return _question(site, reader, token) if reader else site.pages.unknown_link()


def _mark(site: Site) -> str:
    with site.store.read() as connection:
        return mark_of(connection)


def submit(site: Site, visit: Visit, form: Form) -> Response:
    """Leave every list of the mailing, or everything. Our own probe learns whether its body arrived, and changes nothing."""
    token = visit.key
    if site.keys.read_token(token) == PROBE:
        heard = HEARD if _source(form) is ConsentSource.ONE_CLICK else "nothing"
        return site.pages.show("home", headers={PROBE_HEADER: heard})
    reader = site.reader(token)
    if reader is None:
        return site.pages.unknown_link(status=200)
    source = _source(form)
    if source is None:
        return _question(site, reader, token, status=400)
    if form.has("everything", "1"):
        leave_everything(site, reader, source)
        return everything_left(site, reader)
    with site.store.write() as connection:
        numbers = [entry.number for entry in reader.lists]
        consent.leave(connection, reader.subscriber.number, numbers, source, reader.mailing, site.clock())
    titles = site.pages.titles(reader.language, reader.lists)
    done = site.pages.sentence(reader.language, "unsubscribe_done", newsletter=titles)
    return site.pages.message("unsubscribe_title", [done, "unsubscribe_delay"], reader.language)


def leave_everything(site: Site, reader: Reader, source: ConsentSource) -> None:
    with site.store.write() as connection:
        consent.leave_everything(connection, reader.subscriber.number, source, reader.mailing, site.clock())


def everything_left(site: Site, reader: Reader) -> Response:
    sender = site.settings.sender.organisation or site.settings.sender.name
    done = site.pages.sentence(reader.language, "unsubscribe_everything_done", sender=sender)
    return site.pages.message("unsubscribe_title", [done, "unsubscribe_delay"], reader.language)


def _source(form: Form) -> ConsentSource | None:
    """How the reader said it; None for a body that says nothing."""
    if form.has("List-Unsubscribe", "One-Click"):
        return ConsentSource.ONE_CLICK
    return ConsentSource.PAGE if form.has("from", "page") else None


def _question(site: Site, reader: Reader, token: str, status: int = 200) -> Response:
    return site.pages.show(
        "unsubscribe",
        reader.language,
        status=status,
        titles=site.pages.titles(reader.language, reader.lists),
        several=len(reader.lists) > 1,
        token=token,
    )
