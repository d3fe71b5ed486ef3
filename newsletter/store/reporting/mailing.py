"""All that is counted of one mailing. Call it inside one `read()`: what is told belongs together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.mailing import Outcome
from newsletter.model.reporting import MailingFacts, Note
from newsletter.store import corrections, mailings, rendered, tallies, waivers
from newsletter.store.events.fates import fates
from newsletter.store.ledger.carriers import accepted_through
from newsletter.store.reporting import among, course, domains, left, noted, returned

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

#: earlier mailings that it is compared with
_BEFORE = 5


def facts(connection: Connection, number: int) -> MailingFacts:
    """Raises MailingNotFound."""
    mailing = mailings.get(connection, number)
    counted = domains.counts(connection, number)
    return MailingFacts(
        mailing=mailing,
        tally=tallies.tally(connection, number),
        through=accepted_through(connection, number),
        refusals=tallies.refusals(connection, number, (Outcome.REFUSED,)),
        fates=fates(connection, number),
        course=course.course(connection, number),
        domains=domains.by_domain(counted),
        returned=returned.returned(connection, number),
        left=left.left(connection, [number])[number],
        noted=noted.noted(connection, number),
        links=noted.links(connection, number),
        variants=mailings.readers_by_variant(connection, number),
        variant_fates=domains.by_variant(counted),
        before=among.fared(connection, among.earlier(connection, number, _BEFORE)),
        corrections=[
            Note(at=one.at, text=one.text, withdrawn=one.withdrawn_at is not None)
            for one in corrections.every(connection, mailing.issue)
        ],
        waivers=waivers.of_mailing(connection, number),
        subject=_subject(connection, mailing.fingerprint),
    )


def _subject(connection: Connection, fingerprint: str) -> str:
    try:
        parts = rendered.load(connection, fingerprint).subject
    except (KeyError, TypeError, ValueError):  # a damaged mail is for `newsletter evidence` to tell
        return ""
    return "".join(part if isinstance(part, str) else part.fallback for part in parts)
