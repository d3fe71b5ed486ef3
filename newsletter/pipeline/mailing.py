"""From a prepared issue to a sent mailing: count, plan, send. Only stored bytes are ever sent."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import TYPE_CHECKING

from newsletter.address.audience import Before, addressed
from newsletter.address.chunks import ranges
from newsletter.address.sorting import sorting
from newsletter.errors import AudienceChanged, AudienceDiffers, SendingRefused
from newsletter.keys import MOST_LINKS
from newsletter.model.audit import Action
from newsletter.model.mailing import AT_ONCE
from newsletter.model.waiver import WaiverKind
from newsletter.pipeline.addressing import envelopes, letter_of
from newsletter.pipeline.after_restore import why_not
from newsletter.pipeline.bouncing import suppress_bounced
from newsletter.pipeline.collecting import seldom_collecting
from newsletter.pipeline.versions import texts_of, version_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Connection

    from newsletter.address.audience import Addressed, Asked
    from newsletter.deliver.ended import Ended
    from newsletter.deliver.engine import Engine
    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.letter import Letter
    from newsletter.model.mailing import Mailing, Planned
    from newsletter.model.rendered import Rendered
    from newsletter.model.segment import Audience, Sorting
    from newsletter.model.version import Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.settings.schema import Segment
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a mailing would do, counted now: who is subscribed, and who of them is left out."""

    addressed: Addressed
    subscribed: int
    suppressed: int
    already_sent: int
    #: mailings of this issue in which somebody may or may not have got it -> how many; they count as already sent
    in_doubt: Mapping[int, int] = field(default_factory=dict)
    #: every variant -> how many would get it
    variants: Mapping[str, int] = field(default_factory=dict)
    before: Before | None = None
    #: why it cannot begin, if a backup was restored
    held: SendingRefused | None = None

    @property
    def to_send(self) -> int:
        return self.subscribed - self.suppressed - self.already_sent


def foresee(store: Store, prepared: Prepared, asked: Asked, now: datetime, *, again: bool) -> Plan:
    """Count the audience without changing anything.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable: see address/audience.py.
        AudienceNotFound: the issue has a part for readers of a segment or list that is not there.
        AudienceChanged: somebody is in segments together for which there is no variant.
    """
    from newsletter.store import mailings
    from newsletter.store.audiences import audience
    from newsletter.store.audiences.segments import NO_VARIANT

    with store.read() as connection:
        to = whom(connection, asked, now)
        sorted_by = sorting_of(connection, prepared.variants, asked.segments, asked.zone, now)
        counts = audience.foresee(connection, prepared.slug, to.audience, sorted_by, again=again)
        in_doubt = mailings.in_doubt(connection, prepared.slug)
        before = before_this(connection, prepared.slug, to.audience)
        held = why_not(connection, prepared.slug, asked.zone, again=again)
    if NO_VARIANT in counts[3]:
        raise AudienceChanged(prepared.slug)
    return Plan(
        addressed=to,
        subscribed=counts[0],
        suppressed=counts[1],
        already_sent=counts[2],
        in_doubt=in_doubt,
        variants={one.variant: counts[3].get(one.variant, 0) for one in prepared.variants},
        before=before,
        held=held,
    )


def whom(connection: Connection, asked: Asked, now: datetime) -> Addressed:
    """Whom the names mean, by the lists as they are now.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable: see address/audience.py.
    """
    from newsletter.store.people import lists

    return addressed(asked, lists.every(connection), now)


def before_this(connection: Connection, issue: str, audience: Audience) -> Before | None:
    """The last mailing that this one is compared with."""
    from newsletter.store import mailings

    found = mailings.last_alike(connection, issue, audience)
    return Before(mailing=found[0], readers=found[1]) if found else None


def sorting_of(
    connection: Connection,
    variants: Sequence[Rendered],
    segments: Mapping[str, Segment],
    zone: ZoneInfo,
    now: datetime,
) -> Sorting:
    """Which readers get which of these variants.

    Raises:
        AudienceNotFound: one is for a segment or list that is not there.
    """
    from newsletter.store.people import lists

    return sorting(variants, segments, lists.every(connection), zone=zone, now=now)


def plan(
    store: Store,
    prepared: Prepared,
    asked: Asked,
    sender: Sender,
    again: str,
    now: datetime,
    *,
    version: Version | None = None,
    most_change: int = 0,
    planned: Planned = AT_ONCE,
    tracking: bool = False,
    wanted: int = 0,
    last_look: Callable[[Connection], None] = lambda _: None,
) -> int:
    """Store the bytes and plan a mailing of them, audience and all, in one transaction; returns its number.

    Two that plan the same issue at once get the same mailing. `most_change` is in percent, 0 for any. With `tracking`
    opens and clicks are noted of those who agreed. `wanted` is how many approvals policy asks for. `last_look` may still
    raise, within the transaction.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable: see address/audience.py.
        AudienceNotFound: the issue has a part for readers of a segment or list that is not there.
        SendingRefused: a backup was restored, and what went out meanwhile is not known.
        AudienceDiffers: it has many more or fewer readers than the last mailing of its kind; nothing is stored.
    """
    from newsletter.store import audit, mailings, versions, waivers

    version = version or version_of(prepared, now)
    with store.write() as connection:
        mailings.lock_planning(connection, prepared.slug)
        if known := mailings.unfinished(connection, prepared.slug):
            return known.number
        if held := why_not(connection, prepared.slug, asked.zone, again=bool(again)):
            raise held
        last_look(connection)
        audience = whom(connection, asked, now).audience
        sorted_by = sorting_of(connection, prepared.variants, asked.segments, asked.zone, now)
        kept = versions.keep(connection, version, prepared.variants, prepared.images, texts_of(prepared))
        number = mailings.add(
            connection,
            link_number=secrets.randbelow(MOST_LINKS) + 1,
            issue=prepared.slug,
            variants=version.variants,
            audience=audience,
            sender=sender.name,
            again=again,
            now=now,
            real=sender.real,
            version=kept,
            planned=planned,
        )
        waivers.keep(connection, number, prepared.waivers)
        cut = partial(ranges, size=sender.chunk_size)
        readers = mailings.start(connection, number, audience, sorted_by, cut, now, tracking=tracking)
        refuse_if_it_differs(before_this(connection, prepared.slug, audience), readers, most_change)
        overridden = sorted({one.code for one in prepared.waivers if one.kind is WaiverKind.OVERRIDDEN})
        facts = {"issue": prepared.slug, "to": asked.to, "except": asked.excepted, "readers": readers, "again": again}
        facts |= {"sender": sender.name, "real": sender.real, "version": version.fingerprint}
        facts |= {"overridden": overridden, "latest_at": planned.latest_at}
        # that nobody had to sign is told too: who sets the policy could have changed it for this one
        told = {name: value for name, value in facts.items() if value} | {"approvals_wanted": wanted}
        audit.note(connection, Action.MAILING_STARTED, f"mailing {number}", now, **told)
    return number


def refuse_if_it_differs(before: Before | None, readers: int, most_change: int) -> None:
    """Somebody imported the wrong file, or a segment means something else than it did.

    Raises:
        AudienceDiffers
    """
    if before and before.differs_from(readers, most_change):
        raise AudienceDiffers(readers, before.mailing, before.readers)


def send(engine: Engine, store: Store, workspace: Workspace, keys: Keys, mailing: Mailing, owner: str) -> Ended:
    """Send what is left of a planned mailing, from the stored bytes.

    Raises:
        LeaseHeld, LeaseLost: another process sends it.
    """
    letters = letters_of(engine.senders, store, workspace, mailing)
    engine = replace(engine, bounced=partial(suppress_bounced, store, keys, engine.clock))
    with seldom_collecting():
        return engine.send(
            mailing.number,
            owner,
            lambda sender, variant, tracked: letters[sender.name, variant, tracked],
            envelopes(workspace, keys, mailing.link_number),
            mailing.latest_at,
        )


def letters_of(
    senders: Sequence[Sender], store: Store, workspace: Workspace, mailing: Mailing
) -> Mapping[tuple[str, str, bool], Letter]:
    """The letters by sender, variant, and whether they are for readers who agreed that opens and clicks are noted.

    All of them are made before anything is handed over: what cannot be made stops it there.

    Raises:
        SendingRefused: the stored bytes are not those that were planned.
    """
    from newsletter.store import rendered as stored
    from newsletter.store import versions

    letters: dict[tuple[str, str, bool], Letter] = {}
    tracking = workspace.settings.tracking
    with store.read() as connection:
        if mailing.version and not versions.is_whole(connection, mailing.version, mailing.variants):
            raise _changed(mailing)
        variants = {name: stored.load(connection, content) for name, content in mailing.variants.items()}
        for sender, (name, rendered) in product(senders, variants.items()):
            pictures = stored.pictures_of(connection, rendered) if sender.embeds else ()
            letter = letter_of(workspace, rendered, mailing, pictures)
            letters[sender.name, name, False] = letter
            letters[sender.name, name, True] = replace(letter, opens=tracking.opens, clicks=tracking.clicks)
    return letters


def _changed(mailing: Mailing) -> SendingRefused:
    return SendingRefused(
        f"the stored mail of mailing {mailing.number} is not what was planned: somebody changed the database",
        f"Find out who did. So that nobody else gets it: newsletter mailings cancel {mailing.number} --reason WHY",
    )
