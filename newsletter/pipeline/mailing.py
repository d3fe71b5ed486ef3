"""From a prepared issue to a sent mailing: count, plan, send. Only stored bytes are ever sent."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.address.chunks import ranges
from newsletter.errors import SendingRefused
from newsletter.keys import MOST_LINKS
from newsletter.pipeline.addressing import envelopes, letter_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.deliver.engine import Engine
    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.model.rendered import Rendered
    from newsletter.model.subscriber import MailingList
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a mailing would do, counted now: who is subscribed, and who of them is left out."""

    subscribed: int
    suppressed: int
    already_sent: int
    #: mailings of this issue in which somebody may or may not have got it -> how many; they count as already sent
    in_doubt: Mapping[int, int] = field(default_factory=dict)

    @property
    def to_send(self) -> int:
        return self.subscribed - self.suppressed - self.already_sent


def foresee(store: Store, slug: str, lists: Sequence[MailingList], *, again: bool) -> Plan:
    """Count the audience without changing anything."""
    from newsletter.store import audience, mailings

    with store.read() as connection:
        counts = audience.foresee(connection, slug, [entry.number for entry in lists], again=again)
        in_doubt = mailings.in_doubt(connection, slug)
    return Plan(subscribed=counts[0], suppressed=counts[1], already_sent=counts[2], in_doubt=in_doubt)


def plan(
    store: Store,
    prepared: Prepared,
    rendered: Rendered,
    lists: Sequence[MailingList],
    sender: Sender,
    again: str,
    now: datetime,
) -> int:
    """Store the bytes and plan a mailing of them, audience and all, in one transaction; returns its number.

    Two that plan the same issue at once get the same mailing.
    """
    from newsletter.store import mailings
    from newsletter.store import rendered as stored

    with store.write() as connection:
        mailings.lock_planning(connection, prepared.slug)
        if known := mailings.unfinished(connection, prepared.slug):
            return known.number
        stored.keep(connection, prepared.slug, rendered, prepared.images, prepared.sources_digest, now)
        number = mailings.add(
            connection,
            link_number=secrets.randbelow(MOST_LINKS) + 1,
            issue=prepared.slug,
            fingerprint=rendered.fingerprint,
            lists=[entry.number for entry in lists],
            sender=sender.name,
            again=again,
            now=now,
        )
        mailings.start(connection, number, lambda count: ranges(count, sender.chunk_size), now)
    return number


def send(engine: Engine, store: Store, workspace: Workspace, keys: Keys, mailing: Mailing, owner: str) -> None:
    """Send what is left of a planned mailing, from the stored bytes.

    Raises:
        LeaseHeld, LeaseLost: another process sends it.
    """
    from newsletter.store import rendered as stored

    with store.read() as connection:
        rendered = stored.load(connection, mailing.fingerprint)
    letter = letter_of(workspace, rendered, mailing)
    engine.send(mailing.number, owner, letter, envelopes(workspace, keys, mailing.link_number))


def refuse_unless_reachable(workspace: Workspace, keys: Keys, sender: Sender) -> None:
    """A real sender is not used while readers' links would lead nowhere.

    Raises:
        SendingRefused: base_url is not https, not public, or does not answer with our secret.
    """
    from newsletter.keys import PROBE
    from newsletter.probe.pages import why_unreachable

    if not sender.real:
        return
    if why := why_unreachable(workspace.settings.newsletter.base_url, keys.token(PROBE)):
        raise SendingRefused(
            why, "Run `newsletter serve` behind that address, with the same NEWSLETTER_SECRET, and send again."
        )
