"""/c/{token}: whoever asked to join confirms it, by a button: scanners follow every link of a mail.

The second time the page is the same. What cannot be confirmed any more, since they left or were erased, is a link that
does not work like any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.compose.links import CONFIRM
from newsletter.deliver.notices import life_of
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import Archive, ConsentSource
from newsletter.pipeline.joining import confirm, to_confirm
from newsletter.subscribers.consent import said_on_page
from newsletter.web.pages import isolated
from newsletter.web.paths import ARCHIVE, LINKS, SUBSCRIBE, own_path
from newsletter.web.visit import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.notice_mail import NoticeMail
    from newsletter.model.subscriber import MailingList
    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit


def routes(site: Site) -> list[Route]:
    return [route(site, f"{CONFIRM}{{key}}", show, submit)]


def show(site: Site, visit: Visit) -> Response:
    notice = site.notice(visit.key, NoticeKind.CONFIRMATION)
    if notice is None:
        return site.unknown_link(visit)
    with site.store.read() as connection:
        lists = to_confirm(connection, notice)
    if not lists:
        return site.unknown_link(visit)
    if _expired(site, notice):
        return _ask_again(site, notice)
    sender = site.settings.sender
    return site.pages.show(
        "confirm",
        notice.language,
        titles=site.pages.titles(notice.language, lists),
        from_whom=isolated(sender.organisation or sender.name),
    )


def submit(site: Site, visit: Visit, _form: Form) -> Response:
    notice = site.notice(visit.key, NoticeKind.CONFIRMATION)
    if notice is None:
        return site.unknown_link(visit)
    if _expired(site, notice):
        with site.store.read() as connection:
            known = to_confirm(connection, notice)
        return _ask_again(site, notice) if known else site.unknown_link(visit)
    said = said_on_page(site.settings.consent, site.clock(), wording="", ip=visit.ip, user_agent=visit.user_agent)
    said = replace(said, source=ConsentSource.CONFIRMATION)
    with site.store.write() as connection:
        confirmed = confirm(connection, notice, said, welcome=site.settings.signup.welcome)
    if not confirmed.lists:
        return site.unknown_link(visit)
    if confirmed.notice is not None:
        site.wake()
    return _done(site, notice, confirmed.lists)


def _expired(site: Site, notice: NoticeMail) -> bool:
    """A link that was used stays good for whoever is still on its lists."""
    lives = life_of(notice.kind, site.settings.signup.confirm_days)
    return notice.used_at is None and site.clock() >= notice.created_at + lives


def _ask_again(site: Site, notice: NoticeMail) -> Response:
    links = [("join_again_link", own_path(site.settings, SUBSCRIBE))]
    lines = ["join_expired_text"]
    return site.pages.message("join_expired_title", lines, notice.language, status=410, links=links)


def _done(site: Site, notice: NoticeMail, lists: Sequence[MailingList]) -> Response:
    titles = site.pages.titles(notice.language, lists)
    done = site.pages.sentence(notice.language, "join_confirmed", list=titles)
    links = [("join_links_link", own_path(site.settings, LINKS))]
    if any(entry.archive is Archive.PUBLIC for entry in lists):
        links.insert(0, ("join_archive_link", own_path(site.settings, ARCHIVE)))
    lines = [done, "join_confirmed_leave"]
    return site.pages.message("join_confirmed_title", lines, notice.language, links=links)
