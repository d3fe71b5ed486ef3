"""/links: who lost their mails gets one with the links to their own pages. Whether the address is known is said only there."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.store import notices
from newsletter.store.people import consent, subscribers
from newsletter.web import bots
from newsletter.web.addresses import TypedAddress, shown_address, typed_address
from newsletter.web.limits import Limits
from newsletter.web.paths import LINKS, SUBSCRIBE, own_path
from newsletter.web.spoken import language_of
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit


def routes(site: Site) -> list[Route]:
    return [route(site, LINKS, show, partial(submit, Limits()), steady=True)]


def show(site: Site, visit: Visit) -> Response:
    return _form(site, language_of(site, visit), TypedAddress(text=""))


def submit(limits: Limits, site: Site, visit: Visit, form: Form) -> Response:
    language = language_of(site, visit, form)
    if wait := limits.per_hour("links", visit.ip, site.settings.signup.per_hour):
        headers = {"Retry-After": str(wait)}
        return site.pages.message("join_busy_title", ["join_busy_text"], language, status=429, headers=headers)
    address = typed_address(form.last("email"))
    if address.error:
        return _form(site, language, address, status=422, form=form)
    if not bots.is_robot(site, form):
        _order(site, address.text, language)
    return _done(site, language, address)


def _order(site: Site, address: str, language: str) -> None:
    """To the spelling that is stored. Nobody who is suppressed is mailed."""
    key = site.keys.identity_hash(identity(address))
    with site.store.write() as connection:
        consent.hold_tables(connection)
        person = subscribers.find(connection, key)
        if person is None:
            return
        consent.hold(connection, person.number)  # of two requests at once the second counts the mail of the first
        if subscribers.suppression_of(connection, key):
            return
        notices.order(
            connection,
            kind=NoticeKind.LINKS,
            identity_hash=key,
            address=person.address,
            cause=f"{NoticeKind.LINKS} {uuid.uuid4().hex}",
            now=site.clock(),
            language=person.language or site.pages.words(language).language,
        )
    site.wake()


def _form(site: Site, language: str, address: TypedAddress, status: int = 200, form: Form | None = None) -> Response:
    """`form` is what was sent in, where it is shown again."""
    return site.pages.show(
        "links",
        language,
        status=status,
        address=address,
        error=site.pages.sentence(language, address.error) if address.error else "",
        hidden=[("lang", site.pages.words(language).language), (bots.SHOWN, bots.shown(site, form))],
        trap=bots.TRAP,
        subscribe=own_path(site.settings, SUBSCRIBE),
    )


def _done(site: Site, language: str, address: TypedAddress) -> Response:
    say = partial(site.pages.sentence, language)
    sentences = (say(key) for key in ("join_links_done", "join_links_spam", "join_no_mail"))
    lines = [say("join_typed", address=shown_address(address.text)), *sentences]
    links = []
    if address.meant:
        lines.insert(1, say("join_meant", address=shown_address(address.meant)))
        links.append(("join_again_link", own_path(site.settings, LINKS)))
    return site.pages.message("join_links_title", lines, language, links=links)
