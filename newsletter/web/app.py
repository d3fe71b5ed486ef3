"""A store, keys and settings -> the web application. The paths are the ones that sent mails link to: they never change."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Mount, Route, Router

from newsletter.errors import DatabaseReplaced
from newsletter.web import (
    archive,
    asking_links,
    confirming,
    erasing_page,
    hooks,
    house,
    joining,
    leaving,
    own_data,
    preferences,
    viewing,
)
from newsletter.web.guard import Guard, log_failure
from newsletter.web.logs import log_request
from newsletter.web.metrics import Metrics
from newsletter.web.observing import Observing
from newsletter.web.pages import Pages
from newsletter.web.proxies import Proxies
from newsletter.web.site import Site, not_set_up
from newsletter.web.visit import route, visit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from newsletter.keys import Keys
    from newsletter.settings import Settings
    from newsletter.store.database import Store
    from newsletter.web.worker import JobState


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(
    store: Store,
    keys: Keys,
    settings: Settings,
    template_folders: Sequence[Path] = (),
    clock: Callable[[], datetime] = _now,
    wake: Callable[[], None] = lambda: None,
    jobs: Callable[[], Sequence[JobState]] = tuple,
    erase: Callable[[str, datetime], None] = not_set_up,
    beat: float = 0.0,
) -> Starlette:
    """The pages of one workspace, and the hook that takes reports; `wake` is called when there is work to do beside them.

    `erase` is what erases who has an address, at a given time (`eraser` of eraser.py). `beat`: see Site.

    Raises:
        FileUnreadable: a template of the workspace has a mistake.
        NotAKey: what is set as the verification key is none.
    """
    pages = Pages(settings, template_folders)
    site = Site(
        store=store,
        keys=keys,
        settings=settings,
        pages=pages,
        clock=clock,
        wake=wake,
        jobs=jobs,
        erase=erase,
        beat=beat,
    )
    hook = hooks.Hook(store=store, verifier=hooks.verifier_of(settings), clock=clock, stored=wake)
    metrics = Metrics(store, clock, jobs)
    app = Starlette(
        routes=_routes_below(unquote(urlsplit(settings.newsletter.base_url).path), site, hook, metrics),
        middleware=[
            Middleware(Proxies, trusted=settings.web.trusted_proxies),
            Middleware(Observing, base_url=settings.newsletter.base_url, observers=(log_request, metrics.count)),
            Middleware(Guard, error_page=pages.failed(500)),
        ],
        exception_handlers={
            HTTPException: partial(_refused, site),
            SQLAlchemyError: partial(_not_stored, pages),
            DatabaseReplaced: partial(_not_stored, pages),
        },
    )
    # `/u/token/` is no page of ours, and a redirect would be one more copy of the token
    app.router.redirect_slashes = False
    return app


def _routes_below(prefix: str, site: Site, hook: hooks.Hook, metrics: Metrics) -> list[BaseRoute]:
    """The routes as they are and below the path of base_url: a proxy may strip it or not."""
    from newsletter.web.api.mount import mount

    routes = [*_routes(site), *metrics.routes(site), Route(hooks.PATH, hook.take, methods=["POST"]), mount(site)]
    if not prefix:
        return [*routes]
    mounted = Mount(prefix, app=Router(routes, redirect_slashes=False))
    return [*routes, route(site, prefix, house.home), mounted]


def _routes(site: Site) -> list[Route]:
    return [
        *leaving.routes(site),
        *preferences.routes(site),
        *own_data.routes(site),
        *erasing_page.routes(site),
        *viewing.routes(site),
        *archive.routes(site),
        *joining.routes(site),
        *confirming.routes(site),
        *asking_links.routes(site),
        *house.routes(site),
    ]


def _refused(site: Site, request: Request, why: Exception) -> Response:
    status = why.status_code if isinstance(why, HTTPException) else 400
    headers = getattr(why, "headers", None)
    if status in {404, 405}:
        response = site.unknown_link(visit_of(request), status)
        response.headers.update(headers or {})
        return response
    return site.pages.failed(status, headers)


def _not_stored(pages: Pages, _request: Request, failure: Exception) -> Response:
    """Mail programs try a one-click again later."""
    log_failure("the database did not take it", failure)
    return pages.failed(503, {"Retry-After": "120"})
