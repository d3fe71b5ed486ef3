"""/v/{token}: the mail in the browser, exactly as it was sent, below its corrections; /i/{name}: the images of sent mails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from newsletter.compose.links import notice_links
from newsletter.compose.slots import fill
from newsletter.keys import NOTICES
from newsletter.model.subscriber import field_values
from newsletter.store import corrections, delivered, notices, rendered
from newsletter.web.archive.frames import frame_of_mail
from newsletter.web.conditional import conditional
from newsletter.web.headers import IMAGE, POLICY, mail_policy
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.routing import Route

    from newsletter.web.site import Reader, Site
    from newsletter.web.visit import Visit

_IMAGE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_IMAGE_TYPE = re.compile(r"image/[a-z0-9.+-]+")


def routes(site: Site) -> list[Route]:
    return [route(site, "/v/{key}", show), route(site, "/i/{key}", image)]


def show(site: Site, visit: Visit) -> Response:
    """The stored bytes, filled with the reader's values and the very links of the mail."""
    token = visit.key
    if (reader := site.reader(token)) and reader.mailing is not None:
        return _mail(site, token, reader.fingerprint, _values_then(site, token, reader, reader.mailing), reader.mailing)
    if fingerprint := _fingerprint_of_notice(site, token):
        return _mail(site, token, fingerprint, {})
    return site.unknown_link(visit)


def _mail(site: Site, token: str, fingerprint: str, fields: dict[str, str], mailing: int = NOTICES) -> Response:
    with site.store.read() as connection:
        content = rendered.load(connection, fingerprint)
        noted = corrections.shown_above_mailing(connection, mailing)
    base_url = site.settings.newsletter.base_url
    mail = fill(content.html, fields | notice_links(base_url, token))
    frame = frame_of_mail(site, noted, content.language)
    return HTMLResponse(frame.around(mail), headers={POLICY: mail_policy(base_url)})


def _values_then(site: Site, token: str, reader: Reader, mailing: int) -> dict[str, str]:
    """What the mail showed of its reader, whatever was changed since."""
    meant = site.keys.read_token(token)
    n = meant.n if meant else 0
    with site.store.read() as connection:
        return field_values(delivered.as_sent(connection, mailing, n, reader.subscriber))


def _fingerprint_of_notice(site: Site, token: str) -> str | None:
    """What a notice showed: no reader's fields are filled in, since its link may be in anybody's hands by now."""
    meant = site.keys.read_token(token)
    if meant is None or meant.mailing != NOTICES:
        return None
    with site.store.read() as connection:
        notice = notices.find(connection, meant.n)
    return notice.fingerprint if notice and notice.address else None


def image(site: Site, visit: Visit) -> Response:
    """The image of exactly this name."""
    name = visit.key
    if not _IMAGE_NAME.fullmatch(name):
        return site.unknown_link(visit)
    with site.store.read() as connection:
        found = rendered.image(connection, name)
    if found is None or not _IMAGE_TYPE.fullmatch(found.media_type):
        return site.unknown_link(visit)
    response = Response(found.content, media_type=found.media_type, headers=IMAGE)
    return conditional(response, visit.headers, tag=name)
