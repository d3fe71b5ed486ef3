"""Planning a mailing for a time: its bytes are stored now, its audience is resolved when it begins."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.address.audience import LIST, SEGMENT, Asked, bare
from newsletter.errors import SendingRefused
from newsletter.keys import MOST_LINKS
from newsletter.model.audit import Action
from newsletter.model.mailing import MailingState
from newsletter.pipeline.after_restore import why_not
from newsletter.pipeline.mailing import before_this, refuse_if_it_differs, sorting_of, whom
from newsletter.pipeline.versions import texts_of
from newsletter.schedule.reader_zones import earliest, moments_by_zone, passed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Connection

    from newsletter.address.audience import Addressed
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing, Planned
    from newsletter.model.version import Version
    from newsletter.model.waiver import Waiver
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class LocalTimes:
    """A time on everybody's clock: when that is, by the names of the readers' zones, and how many live where."""

    moments: Mapping[str, datetime]
    readers: Mapping[str, int]

    @property
    def first(self) -> datetime:
        return earliest(self.moments, self.readers)

    @property
    def last(self) -> datetime:
        return max((self.moments[name] for name, count in self.readers.items() if count), default=self.first)

    def passed(self, now: datetime) -> Mapping[str, int]:
        """Zone -> readers there, where the time has passed."""
        return passed(self.moments, self.readers, now)


def local_times(
    connection: Connection, issue: str, asked: Asked, shown: datetime, now: datetime, *, again: bool = False
) -> LocalTimes:
    """For an audience as it is now. Readers of no zone, or an unknown one, live where the newsletter does.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable: see address/audience.py.
    """
    from newsletter.store.audiences.audience import readers_by_zone

    readers = readers_by_zone(connection, issue, whom(connection, asked, now).audience, again=again)
    return LocalTimes(moments=moments_by_zone(shown, readers, asked.zone), readers=readers)


def asked_again(workspace: Workspace, zone: ZoneInfo, mailing: Mailing) -> Asked:
    """The names that a mailing was planned with. A list and a segment of one name are told apart, whichever came later."""
    lists = [LIST + name for name in mailing.lists]
    segments = [SEGMENT + bare(name) for name in mailing.segments]
    return Asked(
        to=(*lists, *segments),
        excepted=mailing.excepted,
        segments=workspace.settings.segments,
        zone=zone,
        command=f"newsletter schedule {mailing.issue}",
    )


def schedule(
    store: Store,
    prepared: Prepared,
    asked: Asked,
    sender: Sender,
    again: str,
    now: datetime,
    *,
    version: Version,
    planned: Planned,
    most_change: int = 0,
) -> tuple[int, Mailing | None]:
    """Store the bytes and plan a mailing of them for a time; its number, and how it was planned before, if it was.

    The same issue for the same audience is planned once: a second time changes when, and what, is sent.

    Raises:
        AudienceUnclear, ConsentRefused, SegmentUnusable, AudienceNotFound, AudienceDiffers: as for `send`.
        SendingRefused: another mailing of the issue is not finished, or a backup was restored.
    """
    with store.write() as connection:
        return schedule_in(
            connection,
            prepared,
            asked,
            sender,
            again,
            now,
            version=version,
            planned=planned,
            most_change=most_change,
        )


def schedule_in(
    connection: Connection,
    prepared: Prepared,
    asked: Asked,
    sender: Sender,
    again: str,
    now: datetime,
    *,
    version: Version,
    planned: Planned,
    most_change: int = 0,
) -> tuple[int, Mailing | None]:
    """The same, within somebody's transaction."""
    from newsletter.store import mailings, scheduled, versions
    from newsletter.store.audiences import audience as audiences

    mailings.lock_planning(connection, prepared.slug)
    to = whom(connection, asked, now)
    known = mailings.unfinished(connection, prepared.slug)
    if known:
        refuse_unless_same(known, to, asked.zone)
    if held := why_not(connection, prepared.slug, asked.zone, again=bool(again)):
        raise held
    sorted_by = sorting_of(connection, prepared.variants, asked.segments, asked.zone, now)
    readers = audiences.foresee(connection, prepared.slug, to.audience, sorted_by, again=bool(again))[0]
    refuse_if_it_differs(before_this(connection, prepared.slug, to.audience), readers, most_change)
    kept = versions.keep(connection, version, prepared.variants, prepared.images, texts_of(prepared))
    if known:
        number = known.number
        scheduled.plan_anew(
            connection, number, version.variants, kept, planned, again=again, real=sender.real, sender=sender.name
        )
    else:
        number = mailings.add(
            connection,
            link_number=secrets.randbelow(MOST_LINKS) + 1,
            issue=prepared.slug,
            variants=version.variants,
            audience=to.audience,
            sender=sender.name,
            again=again,
            now=now,
            real=sender.real,
            version=kept,
            planned=planned,
        )
    _keep_waivers(connection, number, prepared.waivers)
    _note(connection, number, prepared, asked, again, version, planned, now)
    return number, known


def refuse_unless_same(known: Mailing, to: Addressed, zone: ZoneInfo) -> None:
    """An issue has one mailing that is not finished; one that is scheduled for the same audience can be planned anew.

    Raises:
        SendingRefused
    """
    if known.state is not MailingState.SCHEDULED:
        raise SendingRefused(
            f"mailing {known.number} of this issue is {known.state.value} and not finished",
            f"See how it stands: newsletter mailings show {known.number}",
        )
    audience = to.audience
    lists = tuple(sorted(entry.name for entry in to.lists))
    if (lists, tuple(sorted(audience.narrowed)), tuple(sorted(audience.excepted))) == (
        tuple(sorted(known.lists)),
        known.segments,
        known.excepted,
    ):
        return
    at = f" for {known.due_at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if known.due_at else ""
    raise SendingRefused(
        f"this issue is scheduled for another audience already: mailing {known.number}, to {', '.join(known.lists)}{at}",
        f"Take that one off first: newsletter unschedule {known.number} --reason WHY. Both audiences at once: name both "
        "with --to. One after the other: schedule the second when the first has begun.",
    )


def follow_sign_off(connection: Connection, workspace: Workspace, version: Version, now: datetime) -> Mailing | None:
    """A stored version has got a signature: once it has all of them, the scheduled mailing of its issue sends this one.

    Returns the mailing, where it was to send another version.
    """
    from newsletter.pipeline.signing import sign_off_of
    from newsletter.store import audit, mailings, scheduled

    known = scheduled.of_issue(connection, version.issue)
    if known is None or known.version == version.number:
        return None
    if not sign_off_of(connection, workspace, version, now).holds:
        return None
    mailings.lock_planning(connection, version.issue)
    mailings.lock(connection, known.number)
    if mailings.state_of(connection, known.number) is not MailingState.SCHEDULED:
        return None  # begun, or taken off, meanwhile: a signature changes nothing about that
    scheduled.rebind(connection, known.number, version.number, version.variants)
    _keep_waivers(connection, known.number, version.waivers)
    facts = {"issue": version.issue, "version": version.fingerprint, "why": "signed off anew"}
    audit.note(connection, Action.MAILING_SCHEDULED, f"mailing {known.number}", now, **facts)
    return known


def _keep_waivers(connection: Connection, number: int, stand: Sequence[Waiver]) -> None:
    from newsletter.store import waivers

    waivers.drop(connection, number)
    waivers.keep(connection, number, stand)


def _note(
    connection: Connection,
    number: int,
    prepared: Prepared,
    asked: Asked,
    again: str,
    version: Version,
    planned: Planned,
    now: datetime,
) -> None:
    from newsletter.store import audit

    facts: dict[str, object] = {"issue": prepared.slug, "to": asked.to, "except": asked.excepted, "again": again}
    facts |= {"version": version.fingerprint, "overridden": sorted({one.code for one in prepared.waivers})}
    facts |= {"due_at": planned.due_at, "latest_at": planned.latest_at, "local_time": planned.local_time}
    facts |= {"approved_version": planned.approved_version, "recurrence": planned.recurrence}
    told = {name: value for name, value in facts.items() if value}
    audit.note(connection, Action.MAILING_SCHEDULED, f"mailing {number}", now, **told)
