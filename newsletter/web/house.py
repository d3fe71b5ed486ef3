"""The few addresses that belong to no reader: /, /healthz and /robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse

from newsletter.compose.links import CONFIRM, DATA, ERASE, PATHS
from newsletter.errors import DatabaseReplaced
from newsletter.store import archive
from newsletter.store.people.offered import offered
from newsletter.store.tables import facts
from newsletter.web.archive.addresses import SITEMAP
from newsletter.web.guard import log_failure
from newsletter.web.paths import ARCHIVE, LINKS, SUBSCRIBE, own_path
from newsletter.web.spoken import language_of
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: pages of one reader, and what is for programs
_NOT_FOR_CRAWLERS = (*PATHS.values(), CONFIRM, DATA, ERASE, "/api/", "/hooks/")


def routes(site: Site) -> list[Route]:
    return [route(site, "/", home), route(site, "/healthz", health), route(site, "/robots.txt", robots)]


def home(site: Site, visit: Visit) -> Response:
    """What the newsletter is called, and what one can do here."""
    with site.store.read() as connection:
        joinable, open_ = bool(offered(connection)), bool(archive.public_lists(connection))
    doors = [("join_title", SUBSCRIBE)] if joinable else []
    if open_:
        doors.append(("join_archive_link", ARCHIVE))
    return site.pages.show(
        "home",
        language_of(site, visit),
        tagline=site.settings.sender.tagline,
        doors=[(words, own_path(site.settings, path)) for words, path in (*doors, ("join_links_title", LINKS))],
    )


def health(site: Site, _visit: Visit) -> Response:
    """Whether the database answers, and is the one that we opened: what is stored in another one would be lost.

    And whether what goes on beside the pages goes on.
    """
    try:
        site.store.refuse_if_replaced()
        with site.store.read() as connection:
            connection.execute(select(facts.c.name).limit(1))
    except SQLAlchemyError as failure:
        log_failure("the database does not answer", failure)
        return _unwell("the database does not answer")
    except DatabaseReplaced as failure:
        log_failure("the database was moved away or replaced", failure)
        return _unwell("the database was moved away or replaced: stop the server, then start it again")
    if ailing := [state.ailing for state in site.jobs() if state.ailing]:
        return _unwell("; ".join(ailing))
    return PlainTextResponse("ok")


def _unwell(why: str) -> Response:
    return PlainTextResponse(why, 503, {"Retry-After": "30"})


def robots(site: Site, _visit: Visit) -> Response:
    """RFC 9309: no crawler has business at readers' pages. Where there is a public archive, its sitemap is named."""
    base_url = site.settings.newsletter.base_url
    prefix = urlsplit(base_url).path
    rules = "".join(f"Disallow: {prefix}{path}\n" for path in _NOT_FOR_CRAWLERS)
    with site.store.read() as connection:
        listed = bool(archive.public_lists(connection))
    sitemap = f"Allow: {prefix}{ARCHIVE}\n\nSitemap: {base_url}{SITEMAP}\n" if listed else ""
    return PlainTextResponse(f"User-agent: *\n{rules}{sitemap}")
