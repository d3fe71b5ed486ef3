"""A scheduled mailing whose time has come: everything is looked at again, and then it begins, once."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from newsletter import errors
from newsletter.address.chunks import ranges
from newsletter.model.audit import Action
from newsletter.model.duty import Alert
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.mailing import before_this, refuse_if_it_differs, sorting_of, whom
from newsletter.pipeline.running.begun import Became, Begun, Cause, Obstacle, nobody
from newsletter.pipeline.running.obstacles import Look, broken_promise, first_of
from newsletter.pipeline.running.planning import asked_again, local_times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.pipeline.running.begun import Tell
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

_AUDIENCE = (
    errors.AudienceUnclear,
    errors.AudienceNotFound,
    errors.AudienceChanged,
    errors.SegmentUnusable,
    errors.ConsentRefused,
    errors.ListNotFound,
)


def due_mailings(connection: Connection, now: datetime) -> tuple[Mailing, ...]:
    """What there is to do for mailings now, in order: scheduled ones whose time has come (`begin` them first), and ones
    that are sending, or were paused by trouble and not by a person or an alarm, of which something is due.
    """
    from newsletter.store import scheduled

    return scheduled.due(connection, now)


def begin(
    store: Store,
    workspace: Workspace,
    keys: Keys,
    mailing: Mailing,
    senders: Sequence[Sender],
    now: datetime,
    tell: Tell = nobody,
) -> Begun:
    """Begin a scheduled mailing, or say why not. Raises nothing but what a broken database or file raises.

    After BEGUN it is `sending` and the engine sends it as it sends any other. HELD is kept with the mailing, noted in the
    audit log and told once for each cause.
    """
    from newsletter.store import mailings

    with store.read() as connection:
        mailing = mailings.get(connection, mailing.number)
    if mailing.state is not MailingState.SCHEDULED:
        return Begun(mailing=mailing.number, became=Became.GONE)
    if mailing.due_at and now < mailing.due_at:
        return Begun(mailing=mailing.number, became=Became.NOT_YET)
    look = Look(store, workspace, keys, mailing, senders, now)
    if late := _too_late(look):
        return _missed(look, late, tell)
    if obstacle := first_of(look):
        return _held(look, obstacle, tell)
    try:
        with store.write() as connection:
            return _begin(connection, look)
    except _Held as held:
        return _held(look, held.obstacle, tell)


class _Held(Exception):
    """Found within the transaction in which it was to begin: nothing of that is kept."""

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle


def _too_late(look: Look) -> Obstacle | None:
    mailing, now = look.mailing, look.now
    # what was to be done about it then is of no use now
    held = f" It was held until then: {mailing.held.partition('. ')[0]}" if mailing.held else ""
    step = f"To send it all the same: newsletter send {mailing.issue}; or plan it anew: {look.again}"
    if mailing.latest_at and mailing.latest_at <= now:
        why = f"nobody was to get it after {_told(look, mailing.latest_at)}{'.' + held if held else ''}"
        return Obstacle(cause=Cause.LATEST_TIME, why=why.removesuffix("."), next_step=step)
    if mailing.start_by and mailing.start_by < now:
        why = f"it was due at {_told(look, mailing.due_at or now)} and had not begun by {_told(look, mailing.start_by)}"
        why += f".{held}" if held else "; nothing ran then that could begin it"
        return Obstacle(cause=Cause.LATE, why=why.removesuffix("."), next_step=step)
    return None


def _begin(connection: Connection, look: Look) -> Begun:
    from newsletter.store import mailings

    number = look.mailing.number
    mailings.lock_planning(connection, look.mailing.issue)
    if not _is_as_it_was(connection, look):
        return Begun(mailing=number, became=Became.GONE)
    if obstacle := broken_promise(connection, look):
        raise _Held(obstacle)
    try:
        _start(connection, look)
    except _AUDIENCE as why:
        step = f"Put it right, or plan it anew: {look.again}"
        raise _Held(Obstacle(cause=Cause.AUDIENCE, why=str(why), next_step=step)) from None
    except errors.AudienceDiffers as why:
        step = f"If that is meant: {look.again} --audience-may-differ"
        raise _Held(Obstacle(cause=Cause.AUDIENCE, why=str(why), next_step=step)) from None
    return Begun(mailing=number, became=Became.BEGUN, is_new=True)


def _is_as_it_was(connection: Connection, look: Look) -> bool:
    """Whether nobody planned it anew, began it or took it off the schedule while we looked; nor does until this ends."""
    from newsletter.store import mailings

    mailings.lock(connection, look.mailing.number)
    return mailings.get(connection, look.mailing.number) == look.mailing


def _start(connection: Connection, look: Look) -> None:
    """scheduled -> sending, with every delivery and when it is due."""
    from newsletter.store import audit, mailings, scheduled, tallies
    from newsletter.store import rendered as stored

    mailing, settings, now = look.mailing, look.workspace.settings, look.now
    asked = asked_again(look.workspace, look.zone, mailing)
    audience = whom(connection, asked, now).audience
    variants = [stored.load(connection, content) for content in mailing.variants.values()]
    due = None
    if mailing.local_time:
        shown = datetime.fromisoformat(mailing.local_time)
        due = local_times(connection, mailing.issue, asked, shown, now, again=bool(mailing.again)).moments
    sender = next(one for one in look.senders if one.name == mailing.sender)
    readers = mailings.start(
        connection,
        mailing.number,
        audience,
        sorting_of(connection, variants, asked.segments, asked.zone, now),
        partial(ranges, size=sender.chunk_size),
        now,
        tracking=settings.tracking.opens or settings.tracking.clicks,
        due=due,
    )
    most_change = 0 if mailing.may_differ else settings.policy.audience_change
    refuse_if_it_differs(before_this(connection, mailing.issue, audience), readers, most_change)
    if not tallies.tally(connection, mailing.number)[Outcome.PLANNED]:
        raise _Held(_nobody(look, readers))
    scheduled.let_go(connection, mailing.number)
    facts = {"issue": mailing.issue, "readers": readers, "sender": mailing.sender, "rehearsal": mailing.real is False}
    told = {name: value for name, value in facts.items() if value} | {"approvals_wanted": settings.policy.approvals}
    audit.note(connection, Action.MAILING_STARTED, f"mailing {mailing.number}", now, **told)


def _nobody(look: Look, readers: int) -> Obstacle:
    has = "everybody in its audience has it already, or is suppressed" if readers else "nobody is in its audience"
    step = f"Look who is: newsletter audience show, or take it off: newsletter unschedule {look.mailing.number} --reason WHY"
    return Obstacle(cause=Cause.NOBODY, why=has, next_step=step)


def _held(look: Look, obstacle: Obstacle, tell: Tell) -> Begun:
    from newsletter.store import scheduled

    number = look.mailing.number
    with look.store.write() as connection:
        if not _is_as_it_was(connection, look):  # what we found is not about how it is planned now
            return Begun(mailing=number, became=Became.GONE)
        is_new = scheduled.hold(connection, number, str(obstacle), look.now)
        if is_new:
            tell(connection, Alert.HELD, _facts(look, obstacle))
    return Begun(mailing=number, became=Became.HELD, obstacle=obstacle, is_new=is_new)


def _missed(look: Look, obstacle: Obstacle, tell: Tell) -> Begun:
    from newsletter.store import scheduled

    number = look.mailing.number
    with look.store.write() as connection:
        if not _is_as_it_was(connection, look):
            return Begun(mailing=number, became=Became.GONE)
        is_new = scheduled.miss(connection, number, str(obstacle), look.now)
        if is_new:
            tell(connection, Alert.MISSED, _facts(look, obstacle))
    return Begun(mailing=number, became=Became.MISSED, obstacle=obstacle, is_new=is_new)


def _facts(look: Look, obstacle: Obstacle) -> dict[str, str]:
    mailing = look.mailing
    return {
        "mailing": str(mailing.number),
        "issue": mailing.issue,
        "due": _told(look, mailing.due_at or look.now),
        "why": str(obstacle),
        # planned anew, it is told anew
        "cause": f"mailing {mailing.number} {obstacle.cause} {mailing.due_at} {mailing.version}",
    }


def _told(look: Look, moment: datetime) -> str:
    return f"{moment.astimezone(look.zone):%Y-%m-%d %H:%M %Z}"
