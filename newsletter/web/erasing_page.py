"""/e/{token}: somebody has themselves erased, by a button behind the link of the mail that was sent to their address for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.compose.links import ERASE
from newsletter.errors import NewsletterError
from newsletter.model.notice_mail import NoticeKind
from newsletter.web.guard import log_failure
from newsletter.web.own_data import notice_of
from newsletter.web.visit import route

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from newsletter.model.notice_mail import NoticeMail
    from newsletter.web.forms import Form
    from newsletter.web.site import Site
    from newsletter.web.visit import Visit

#: seconds; a provider that does not answer is seldom back at once
_AGAIN = {"Retry-After": "300"}


def routes(site: Site) -> list[Route]:
    return [route(site, f"{ERASE}{{key}}", show, submit)]


def show(site: Site, visit: Visit) -> Response:
    notice = notice_of(site, visit.key, NoticeKind.ERASURE)
    return site.pages.show("erase", notice.language) if notice else site.unknown_link(visit)


def submit(site: Site, visit: Visit, _form: Form) -> Response:
    """Afterwards the link leads nowhere: the notice does not know its person any more.

    Where something has to be asked that does not answer, nothing is lost: the link stays, and the page has the button again.
    """
    notice = notice_of(site, visit.key, NoticeKind.ERASURE)
    if notice is None or notice.address is None:
        return site.unknown_link(visit)
    try:
        site.erase(notice.address, site.clock())
    except (NewsletterError, OSError, ValueError) as failure:
        log_failure("somebody who asked to be erased has to try again", failure)
        return _later(site, notice)
    return site.pages.message("erase_done_title", ["erase_done", "erase_stays"], notice.language)


def _later(site: Site, notice: NoticeMail) -> Response:
    return site.pages.show("erase", notice.language, status=503, headers=_AGAIN, later=True)
