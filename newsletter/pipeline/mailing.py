"""From a prepared issue to a sent mailing: count, plan, send. Only stored bytes are ever sent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from newsletter.address.chunks import ranges
from newsletter.address.sorting import sorting
from newsletter.errors import AudienceChanged, SendingRefused
from newsletter.keys import MOST_LINKS
from newsletter.pipeline.addressing import envelopes, letter_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.deliver.engine import Engine
    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.model.segment import Sorting
    from newsletter.model.subscriber import MailingList
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.settings.schema import Segment
    from newsletter.store.database import Store


Segments = Mapping[str, "Segment"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a mailing would do, counted now: who is subscribed, and who of them is left out."""

    subscribed: int
    suppressed: int
    already_sent: int
    #: mailings of this issue in which somebody may or may not have got it -> how many; they count as already sent
    in_doubt: Mapping[int, int] = field(default_factory=dict)
    #: every variant -> how many would get it
    variants: Mapping[str, int] = field(default_factory=dict)

    @property
    def to_send(self) -> int:
        return self.subscribed - self.suppressed - self.already_sent


def foresee(store: Store, prepared: Prepared, lists: Sequence[MailingList], segments: Segments, *, again: bool) -> Plan:
    """Count the audience without changing anything.

    Raises:
        AudienceNotFound: the issue has a part for readers of a segment or list that is not there.
        AudienceChanged: somebody is in segments together for which there is no variant.
    """
    from newsletter.store import audience, mailings
    from newsletter.store.segments import NO_VARIANT

    with store.read() as connection:
        sorted_by = sorting_of(connection, prepared.variants, segments)
        numbers = [entry.number for entry in lists]
        counts = audience.foresee(connection, prepared.slug, numbers, sorted_by, again=again)
        in_doubt = mailings.in_doubt(connection, prepared.slug)
    if NO_VARIANT in counts[3]:
        raise AudienceChanged(prepared.slug)
    variants = {one.variant: counts[3].get(one.variant, 0) for one in prepared.variants}
    return Plan(
        subscribed=counts[0], suppressed=counts[1], already_sent=counts[2], in_doubt=in_doubt, variants=variants
    )


def sorting_of(connection: Connection, variants: Sequence[Rendered], segments: Segments) -> Sorting:
    """Which readers get which of these variants.

    Raises:
        AudienceNotFound: one is for a segment or list that is not there.
    """
    from newsletter.store import lists

    return sorting(variants, segments, lists.every(connection))


def plan(
    store: Store,
    prepared: Prepared,
    lists: Sequence[MailingList],
    segments: Segments,
    sender: Sender,
    again: str,
    now: datetime,
) -> int:
    """Store the bytes and plan a mailing of them, audience and all, in one transaction; returns its number.

    Two that plan the same issue at once get the same mailing.

    Raises:
        AudienceNotFound: the issue has a part for readers of a segment or list that is not there.
    """
    from newsletter.store import mailings, waivers
    from newsletter.store import rendered as stored

    with store.write() as connection:
        mailings.lock_planning(connection, prepared.slug)
        if known := mailings.unfinished(connection, prepared.slug):
            return known.number
        sorted_by = sorting_of(connection, prepared.variants, segments)
        stored.keep(connection, prepared.slug, prepared.variants, prepared.images, prepared.sources_digest, now)
        number = mailings.add(
            connection,
            link_number=secrets.randbelow(MOST_LINKS) + 1,
            issue=prepared.slug,
            variants={rendered.variant: rendered.fingerprint for rendered in prepared.variants},
            lists=[entry.number for entry in lists],
            sender=sender.name,
            again=again,
            now=now,
        )
        waivers.keep(connection, number, prepared.waivers)
        mailings.start(connection, number, sorted_by, partial(ranges, size=sender.chunk_size), now)
    return number


def send(engine: Engine, store: Store, workspace: Workspace, keys: Keys, mailing: Mailing, owner: str) -> None:
    """Send what is left of a planned mailing, from the stored bytes.

    Raises:
        LeaseHeld, LeaseLost: another process sends it.
    """
    from newsletter.store import rendered as stored

    with store.read() as connection:
        variants = {name: stored.load(connection, content) for name, content in mailing.variants.items()}
        letters = {
            name: letter_of(workspace, rendered, mailing, _pictures_inside(connection, rendered, engine.sender))
            for name, rendered in variants.items()
        }
    engine.send(mailing.number, owner, letters, envelopes(workspace, keys, mailing.link_number))


def _pictures_inside(connection: Connection, rendered: Rendered, sender: Sender) -> Sequence[ImageFile]:
    from newsletter.store import rendered as stored

    return stored.pictures_of(connection, rendered) if sender.embeds else ()


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
