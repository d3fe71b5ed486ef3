"""The few addresses that belong to no reader: /, /healthz and /robots.txt."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import PlainTextResponse

from newsletter.compose.links import PATHS
from newsletter.errors import DatabaseReplaced
from newsletter.store.tables import facts
from newsletter.web.guard import log_failure
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.web.site import Site
    from newsletter.web.visit import Visit


def routes(site: Site) -> list[Route]:
    return [route(site, "/", home), route(site, "/healthz", health), route(site, "/robots.txt", robots)]


def home(site: Site, _visit: Visit) -> Response:
    return site.pages.show("home")


def health(site: Site, _visit: Visit) -> Response:
    """Whether the database answers, and is the one that we opened: what is stored in another one would be lost."""
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
    return PlainTextResponse("ok")


def _unwell(why: str) -> Response:
    return PlainTextResponse(why, 503, {"Retry-After": "30"})


def robots(site: Site, _visit: Visit) -> Response:
    """RFC 9309: no crawler has business at readers' pages."""
    prefix = urlsplit(site.settings.newsletter.base_url).path
    rules = "".join(f"Disallow: {prefix}{path}\n" for path in PATHS.values())
    return PlainTextResponse(f"User-agent: *\n{rules}")
