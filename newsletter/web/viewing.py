"""/v/{token}: the mail in the browser, exactly as it was sent; /i/{name}: the images of sent mails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from newsletter.compose.links import delivery_links
from newsletter.compose.slots import fill
from newsletter.model.subscriber import field_values
from newsletter.store import rendered
from newsletter.web.headers import IMAGE, POLICY, mail_policy

if TYPE_CHECKING:
    from newsletter.web.site import Site

_IMAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def show(site: Site, token: str) -> Response:
    """The stored bytes, filled with the reader's values and the very links of the mail."""
    reader = site.reader(token)
    if reader is None:
        return site.pages.unknown_link()
    with site.store.read() as connection:
        content = rendered.load(connection, reader.fingerprint)
    base_url = site.settings.newsletter.base_url
    values = field_values(reader.subscriber) | delivery_links(base_url, token)
    return HTMLResponse(fill(content.html, values), headers={POLICY: mail_policy(base_url)})


def image(site: Site, name: str) -> Response:
    """The image of exactly this name."""
    if not _IMAGE_NAME.fullmatch(name):
        return site.pages.unknown_link()
    with site.store.read() as connection:
        found = rendered.image(connection, name)
    if found is None:
        return site.pages.unknown_link()
    return Response(found.content, media_type=found.media_type, headers=IMAGE)
