"""/d/{token}: a copy of what is stored of somebody, for whoever has the mail that was sent to their address for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from newsletter.compose.links import DATA
from newsletter.deliver.notices import life_of
from newsletter.errors import SubscriberNotFound
from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.access import all_about
from newsletter.store import notices
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.routing import Route

    from newsletter.model.notice_mail import NoticeMail
    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: nothing of the person: it lies in the folder of downloads
_FILE = {"Content-Disposition": 'attachment; filename="newsletter-data.json"'}


def routes(site: Site) -> list[Route]:
    return [route(site, f"{DATA}{{key}}", show, submit)]


def notice_of(site: Site, token: str, kind: NoticeKind) -> NoticeMail | None:
    """The mail that the link stands in, while the link works."""
    notice = site.notice(token, kind)
    if notice is None or site.clock() >= notice.created_at + life_of(kind, site.settings.signup.confirm_days):
        return None
    return notice


def show(site: Site, visit: Visit) -> Response:
    notice = notice_of(site, visit.key, NoticeKind.DATA)
    return site.pages.show("data", notice.language) if notice else site.unknown_link(visit)


def submit(site: Site, visit: Visit, _form: Form) -> Response:
    """As a file. As often as they like, while the link works."""
    notice = notice_of(site, visit.key, NoticeKind.DATA)
    if notice is None or notice.address is None:
        return site.unknown_link(visit)
    with site.store.write() as connection:
        notices.use(connection, notice.number, site.clock())
    try:
        document = all_about(site.settings, site.store, site.keys, notice.address, site.clock())
    except SubscriberNotFound:  # erased meanwhile
        return site.unknown_link(visit)
    return Response(_json(document), media_type="application/json", headers=_FILE)


def _json(document: object) -> bytes:
    import orjson

    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
