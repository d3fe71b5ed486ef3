"""What the pages answer that a mail links to: asked only with `newsletter check --online`, through a port of this module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urldefrag

from newsletter.check.links.outgoing import Links
from newsletter.check.links.url import address_of, is_lost
from newsletter.check.rulebook import Finding, online_rule
from newsletter.model.problem import Level
from newsletter.model.visit import VisitOutcome

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from newsletter.check.links.outgoing import Linked
    from newsletter.check.mail import Mail
    from newsletter.check.rulebook import Online
    from newsletter.model.problem import Place
    from newsletter.model.visit import Visit


class LinkProbe(Protocol):
    """Looks at web addresses; newsletter/probe/links.py is one."""

    def look(self, urls: Sequence[str]) -> Mapping[str, Visit]:
        """What each address answered, without those that only samples use. Never raises for what an address does."""


def addresses(mails: Iterable[Mail]) -> list[str]:
    """What is worth a look, in the order of the mails: no reader's own links, no anchors, none that cannot be reached."""
    return list(dict.fromkeys(_page(linked) for mail in mails for linked in Links(mail) if _is_public(linked)))


def _is_public(linked: Linked) -> bool:
    return linked.scheme in {"http", "https"} and not linked.personal and not is_lost(address_of(linked.url))


def _page(linked: Linked) -> str:
    """Without the place within the page."""
    return urldefrag(linked.url).url


@online_rule("link-gone", Level.WARNING)
def pages_are_there(online: Online) -> Iterator[Finding]:
    """A link to a page that is not there any more.

    The site answers that it has no such page (404 or 410). Look for it on the site: it may have got another address, or the
    address has a slip. For a source that is gone, web.archive.org often has a copy.

    Bad:

        See the [opening hours](https://gone.example/hours).

    Good:

        See the [opening hours](https://good.example/hours).
    """
    for at, url, visit in _with(online, {VisitOutcome.GONE}):
        message = f"there is no page at `{address_of(url).short}` ({_status(visit)})"
        yield Finding(at=at, message=message, fix="Look for the page on its site, and put its address in.")


@online_rule("link-unreachable", Level.WARNING)
def servers_answer(online: Online) -> Iterator[Finding]:
    """A link to a site that does not answer, or only with an error.

    There is no such host, it does not answer in time, its certificate is not valid, or it has trouble of its own. Open the
    link in a browser. If it opens there, run the check again a little later; if not, put another address in.

    Bad:

        See the [opening hours](https://down.example/hours), or [how we walk](https://slow.example/walking).

    Good:

        See the [opening hours](https://good.example/hours).
    """
    for at, url, visit in _with(online, {VisitOutcome.FAILED, VisitOutcome.TIMEOUT}):
        late = visit.outcome is VisitOutcome.TIMEOUT
        why = visit.detail or ("it did not answer in time" if late else _status(visit))
        message = f"`{address_of(url).short}` cannot be reached: {why}"
        yield Finding(
            at=at, message=message, fix="Open it in a browser; if it does not open there, correct the address."
        )


@online_rule("link-moved", Level.INFORMATION)
def pages_have_not_moved(online: Online) -> Iterator[Finding]:
    """A link to a page that has moved for good.

    Readers still arrive, by a detour that its site may one day take away. Put the new address in.

    Bad:

        See the [opening hours](https://moved.example/hours).

    Good:

        See the [opening hours](https://good.example/hours).
    """
    for at, url, visit in _with(online, {VisitOutcome.MOVED}):
        message = f"`{address_of(url).short}` has moved to `{address_of(visit.where).short}`"
        yield Finding(at=at, message=message, fix="Put the new address in.")


@online_rule("link-not-checked", Level.INFORMATION)
def pages_could_be_looked_at(online: Online) -> Iterator[Finding]:
    """A link that could not be checked.

    Many sites turn programs away and show themselves only to people, and a run looks at a limited number of links for a
    limited time, never within private networks. Open the link yourself.

    Bad:

        See the [opening hours](https://refused.example/hours).

    Good:

        See the [opening hours](https://good.example/hours).
    """
    for at, url, visit in _with(online, {VisitOutcome.REFUSED, VisitOutcome.NOT_LOOKED}):
        refused = visit.outcome is VisitOutcome.REFUSED
        why = visit.detail or (f"the site turns programs away ({_status(visit)})" if refused else "nobody looked")
        message = f"`{address_of(url).short}` was not checked: {why}"
        yield Finding(at=at, message=message, fix="Open it in a browser and see for yourself.")


def _status(visit: Visit) -> str:
    return f"status {visit.status}" if visit.status else "no answer"


def _with(online: Online, outcomes: Collection[VisitOutcome]) -> Iterator[tuple[Place, str, Visit]]:
    """Each address with one of these outcomes, once, at its first place."""
    told: set[str] = set()
    for mail in online.mails:
        links = Links(mail)
        for linked in links:
            page = _page(linked)
            visit = None if linked.personal or page in told else online.visits.get(page)
            if visit and visit.outcome in outcomes:
                told.add(page)
                yield links.place(linked), linked.url, visit


RULES = (pages_are_there, servers_answer, pages_have_not_moved, pages_could_be_looked_at)
