"""/archive/{issue}: the mail as it is stored, for everybody, under a bar that says where one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from newsletter.compose.slots import fill
from newsletter.model.rendered import PREFERENCES_URL, UNSUBSCRIBE_URL, VIEW_URL
from newsletter.store import archive, corrections, rendered
from newsletter.store.people.offered import offered
from newsletter.web.archive.addresses import issue_of
from newsletter.web.archive.frames import frame_of
from newsletter.web.archive.framing import first_picture
from newsletter.web.archive.reading import addresses_of, entry_of, shelf_of
from newsletter.web.conditional import conditional
from newsletter.web.headers import ARCHIVE, POLICY, UNLISTED, mail_policy

if TYPE_CHECKING:
    from starlette.responses import Response

    from newsletter.web.site import Site
    from newsletter.web.visit import Visit


def show(site: Site, visit: Visit) -> Response:
    """One page for what is hidden, was not sent, or is not there."""
    name = issue_of(visit.key)
    with site.store.read() as connection:
        issue = shelf_of(site.settings).find(connection, name) if name else None
        if issue is None:
            return site.unknown_link(visit)
        content = rendered.load(connection, issue.fingerprint)
        noted = corrections.shown(connection, [issue.issue]).get(issue.issue, [])
        joinable = bool(offered(connection))
        open_ = bool(archive.public_lists(connection))
    to = addresses_of(site.settings)
    url = to.issue(issue.issue)
    mail = fill(content.html, {UNSUBSCRIBE_URL: to.links, PREFERENCES_URL: to.links, VIEW_URL: url})
    frame = frame_of(
        site,
        entry_of(issue, content, url, noted),
        picture=first_picture(mail),
        index=to.index if open_ else "",
        subscribe=to.subscribe if joinable else "",
    )
    headers = {POLICY: mail_policy(to.base_url), **(ARCHIVE if issue.public else UNLISTED)}
    page = HTMLResponse(frame.around(mail), headers=headers)
    return conditional(page, visit.headers, changed=issue.updated_at)
