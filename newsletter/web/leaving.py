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
from newsletter.store.people import consent, taking_back
from newsletter.web import left
from newsletter.web.pages import isolated
from newsletter.web.visit import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.subscriber import MailingList
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
    return _question(site, reader) if reader else site.unknown_link(visit)


def _mark(site: Site) -> str:
    with site.store.read() as connection:
        return mark_of(connection)


def submit(site: Site, visit: Visit, form: Form) -> Response:
    """What a mail program says goes before all else in the body. Our own probe learns whether it arrived, and changes nothing."""
    token = visit.key
    if site.keys.read_token(token) == PROBE:
        heard = HEARD if form.is_one_click else "nothing"
        return site.pages.show("home", headers={PROBE_HEADER: heard})
    reader = site.reader(token)
    if reader is None:
        return site.unknown_link(visit, 200)
    if form.is_one_click:
        return _one_click(site, reader)
    if form.has("from", "page"):
        return _from_page(site, token, reader, form)
    if undo := form.all(left.UNDO):
        return left.undone(site, visit, reader, undo[-1])
    if form.all(left.REASON) or form.all(left.WORDS):
        return left.told_why(site, token, reader, form)
    return _question(site, reader, status=400)


def _one_click(site: Site, reader: Reader) -> Response:
    """The whole mailing, whatever else the body says; a plain answer that a mail program does not show."""
    with site.store.write() as connection:
        numbers = [entry.number for entry in reader.lists]
        number = reader.subscriber.number
        consent.leave(connection, number, numbers, ConsentSource.ONE_CLICK, reader.mailing, site.clock())
    done = site.pages.sentence(reader.language, "unsubscribe_done", newsletter=left.named(site, reader, reader.lists))
    return site.pages.message("unsubscribe_title", [done, "unsubscribe_delay"], reader.language)


def _from_page(site: Site, token: str, reader: Reader, form: Form) -> Response:
    if form.has("everything", "1"):
        return leave_everything(site, token, reader)
    lists = _chosen(reader, form)
    if lists is None:
        return _question(site, reader, status=400)
    if not lists and reader.lists:
        return _question(site, reader, status=422)
    with site.store.write() as connection:
        numbers = [entry.number for entry in lists]
        gone = taking_back.leave(
            connection, reader.subscriber.number, numbers, ConsentSource.PAGE, reader.mailing, site.clock()
        )
    said = site.pages.sentence(reader.language, "unsubscribe_done", newsletter=left.named(site, reader, lists))
    return left.page(site, token, reader, left.Gone(left=gone, said=said))


def leave_everything(site: Site, token: str, reader: Reader, action: str = "") -> Response:
    """`action`: where the page is that takes it back, for a browser that is on another."""
    with site.store.write() as connection:
        number, mailing = reader.subscriber.number, reader.mailing
        gone = taking_back.leave_everything(connection, number, ConsentSource.PAGE, mailing, site.clock())
    sender = isolated(site.settings.sender.organisation or site.settings.sender.name)
    said = site.pages.sentence(reader.language, "unsubscribe_everything_done", sender=sender)
    return left.page(site, token, reader, left.Gone(left=gone, said=said), action=action)


def _chosen(reader: Reader, form: Form) -> Sequence[MailingList] | None:
    """All of them where none could be chosen; None where something else was posted as a list."""
    if not form.has("choose", "1"):
        return reader.lists
    offered = {str(entry.number): entry for entry in reader.lists}
    posted = dict.fromkeys(form.all("list"))
    return [offered[number] for number in posted] if posted.keys() <= offered.keys() else None


def _question(site: Site, reader: Reader, status: int = 200) -> Response:
    several = reader.lists_are_shown and len(reader.lists) > 1
    return site.pages.show(
        "unsubscribe",
        reader.language,
        status=status,
        titles=left.named(site, reader, reader.lists),
        choices=[(str(entry.number), isolated(entry.title), "") for entry in reader.lists] if several else [],
        nothing_chosen=status == 422,
    )
