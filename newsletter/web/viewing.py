"""/v/{token}: the mail in the browser, exactly as it was sent; /i/{name}: the images of sent mails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from newsletter.compose.links import delivery_links
from newsletter.compose.slots import fill
from newsletter.keys import NOTICES
from newsletter.model.subscriber import field_values
from newsletter.store import notices, rendered
from newsletter.web.headers import IMAGE, POLICY, mail_policy
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.routing import Route

    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

_IMAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def routes(site: Site) -> list[Route]:
    return [route(site, "/v/{key}", show), route(site, "/i/{key}", image)]


def show(site: Site, visit: Visit) -> Response:
    """The stored bytes, filled with the reader's values and the very links of the mail."""
    token = visit.key
    if reader := site.reader(token):
        return _mail(site, token, reader.fingerprint, field_values(reader.subscriber))
    if fingerprint := _fingerprint_of_notice(site, token):
        return _mail(site, token, fingerprint, {})
    return site.pages.unknown_link()


def _mail(site: Site, token: str, fingerprint: str, fields: dict[str, str]) -> Response:
    with site.store.read() as connection:
        content = rendered.load(connection, fingerprint)
    base_url = site.settings.newsletter.base_url
    values = fields | delivery_links(base_url, token)
    return HTMLResponse(fill(content.html, values), headers={POLICY: mail_policy(base_url)})


def _fingerprint_of_notice(site: Site, token: str) -> str | None:
    """What a proof showed; it went to staff, so no reader's fields are filled in."""
    meant = site.keys.read_token(token)
    if meant is None or meant.mailing != NOTICES:
        return None
    with site.store.read() as connection:
        return notices.fingerprint_of(connection, meant.n)


def image(site: Site, visit: Visit) -> Response:
    """The image of exactly this name."""
    name = visit.key
    if not _IMAGE_NAME.fullmatch(name):
        return site.pages.unknown_link()
    with site.store.read() as connection:
        found = rendered.image(connection, name)
    if found is None:
        return site.pages.unknown_link()
    return Response(found.content, media_type=found.media_type, headers=IMAGE)
