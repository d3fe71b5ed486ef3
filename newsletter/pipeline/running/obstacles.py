"""All that may speak against a scheduled mailing when its time has come, one look each; the quick ones first.

What needs the audience is looked at in the transaction in which it begins (beginning.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter.errors import IssueNotFound, NotReadyForReaders
from newsletter.model.problem import Level
from newsletter.pipeline.after_restore import why_not
from newsletter.pipeline.disclaimers_today import outdated_disclaimers
from newsletter.pipeline.issue import prepare
from newsletter.pipeline.running.begun import Cause, Obstacle
from newsletter.pipeline.signed_changes import changes_between, overrides_of
from newsletter.pipeline.signing import version_for, why_void, with_committers
from newsletter.pipeline.sources import DISCLAIMER
from newsletter.pipeline.versions import texts_of, version_of
from newsletter.signoff.rules import is_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.deliver.ports import Sender
    from newsletter.keys import Keys
    from newsletter.model.mailing import Mailing
    from newsletter.model.version import Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

#: changes that are named one by one
_MOST = 3


@dataclass(frozen=True)
class Look:
    """One look at one mailing; what several checks need is made once."""

    store: Store
    workspace: Workspace
    #: None for a look ahead
    keys: Keys | None
    mailing: Mailing
    senders: Sequence[Sender]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.workspace.settings.newsletter.timezone)

    @property
    def again(self) -> str:
        """The command that plans it anew."""
        one = self.mailing
        names = [f"--to {name}" for name in (*one.lists, *one.segments)] + [f"--except {name}" for name in one.excepted]
        return " ".join((f"newsletter schedule {one.issue}", *names, "--at TIME"))

    @cached_property
    def version(self) -> Version | None:
        from newsletter.store import versions

        if self.mailing.version is None:
            return None
        with self.store.read() as connection:
            return versions.get(connection, self.mailing.version)

    @cached_property
    def signed(self) -> Version | None:
        """The version, and who has committed the same text since: they wrote it as well."""
        if not (self.version and self.prepared) or self.prepared.sources_digest != self.version.sources_digest:
            return self.version
        return with_committers(self.version, version_for(self.workspace, self.prepared, self.now))

    @cached_property
    def prepared(self) -> Prepared | None:
        """The issue as it is now; None where this workspace does not have it."""
        from newsletter.read import find_issue

        try:
            path = find_issue(self.workspace.folder, self.mailing.issue)
        except IssueNotFound:
            return None
        return prepare(self.workspace, path, self.now)


def first_of(look: Look) -> Obstacle | None:
    """The first thing that speaks against it."""
    return next(filter(None, (check(look) for check in _CHECKS)), None)


def foreseen(store: Store, workspace: Workspace, mailing: Mailing, now: datetime) -> Obstacle | None:
    """What would hold it when its time comes, if nothing is done until then; asks no provider and none of the pages."""
    look = Look(store, workspace, None, mailing, (), max(now, mailing.due_at or now))
    return next(filter(None, (check(look) for check in _KNOWN_BEFORE)), None)


def _another_sender(look: Look) -> Obstacle | None:
    mailing, names = look.mailing, [sender.name for sender in look.senders]
    if mailing.sender not in names:
        why = f"it was planned through {mailing.sender}, and mail goes through {', '.join(names)} now"
        return Obstacle(cause=Cause.SENDER, why=why, next_step=f"To go on like this, plan it anew: {look.again}")
    real = any(sender.real for sender in look.senders)
    if mailing.real is not None and mailing.real != real:
        was, is_ = ("for real readers", "a rehearsal")[:: 1 if mailing.real else -1]
        why = f"it was planned as mail {was}, and by the settings it would be {is_} now"
        step = "Look at sandbox, rehearsal and host in [esp]; or plan it anew: " + look.again
        return Obstacle(cause=Cause.SENDER, why=why, next_step=step)
    return None


def _promises(look: Look) -> Obstacle | None:
    """What only the database knows; looked at again in the transaction in which it begins."""
    if is_asked(look.workspace.settings.policy):
        _ = look.signed  # git is asked now: nobody has to wait for it then
    with look.store.read() as connection:
        return broken_promise(connection, look)


def broken_promise(connection: Connection, look: Look) -> Obstacle | None:
    """A restored backup, a signature that does not hold any more, bytes that are not those that were signed."""
    from newsletter.store import versions

    mailing, asks = look.mailing, is_asked(look.workspace.settings.policy)
    version = look.signed if asks else look.version
    if held := why_not(connection, mailing.issue, look.zone, again=bool(mailing.again)):
        return Obstacle(cause=Cause.RESTORED, why=held.why, next_step=held.next_step)
    signed = mailing.approved_version
    if version and (void := why_void(connection, look.workspace, version, look.now, approved_version=signed)):
        step = (
            f"See `newsletter approvals show {mailing.issue}`; to sign it: newsletter approve {mailing.issue} --as NAME"
        )
        return Obstacle(cause=Cause.APPROVAL, why=f"its sign-off does not hold: {void}", next_step=step)
    if mailing.version and not versions.is_whole(connection, mailing.version, mailing.variants):
        why = "the stored mail is not what was planned: somebody changed the database"
        return Obstacle(cause=Cause.BYTES, why=why, next_step=f"Find out who did; then plan it anew: {look.again}")
    return None


def _moved_on(look: Look) -> Obstacle | None:
    prepared, version = look.prepared, look.version
    if look.mailing.approved_version or not prepared or not version:
        return None
    if prepared.sources_digest == version.sources_digest:
        return None
    cause = Cause.DISCLAIMERS if _only_disclaimers(prepared, version, look.now) else Cause.CHANGED
    if is_asked(look.workspace.settings.policy):
        step = f"To send it as it is now, have it signed again: newsletter approve {look.mailing.issue} --as NAME. To send what "
        step += f"was signed, put the files back, or: {look.again} --approved-version"
    else:
        step = f"To send it as it is now, plan it anew: {look.again}. To send it as it was planned, put the files back."
    return Obstacle(cause=cause, why=f"since it was planned {_changed(look, prepared, version)}", next_step=step)


def _only_disclaimers(prepared: Prepared, version: Version, now: datetime) -> bool:
    fresh = version_of(prepared, now).sources
    labels = {*fresh, *version.sources}
    return all(one.startswith(DISCLAIMER) for one in labels if fresh.get(one) != version.sources.get(one))


def _changed(look: Look, prepared: Prepared, version: Version) -> str:
    if not prepared.sources:
        return "the issue was changed, and cannot be read as it is now"
    fresh = version_of(prepared, look.now)
    with look.store.read() as connection:
        words = [one.words for one in changes_between(connection, version, fresh, texts_of(prepared))]
    more = f" and {len(words) - _MOST} more" if len(words) > _MOST else ""
    return ", ".join(words[:_MOST]) + more if words else "the issue was changed"


def _disclaimers(look: Look) -> Obstacle | None:
    """Those inside must be in force today, whatever was signed."""
    outdated = outdated_disclaimers(look.workspace, look.version, look.now) if look.version else []
    if not outdated:
        return None
    why = f"not in force any more, or not in this form: the {', '.join(outdated)}"
    step = f"Plan it anew, so that it carries those of today: {look.again}"
    return Obstacle(cause=Cause.DISCLAIMERS, why=why, next_step=step)


def _errors(look: Look) -> Obstacle | None:
    """Found by checks that were not there, or that know more than they did."""
    prepared, version = look.prepared, look.version
    if look.mailing.approved_version or not prepared or not version:
        return None
    errors = {one.code for one in prepared.problems if one.level is Level.ERROR}
    codes = sorted(errors - overrides_of(version).keys())
    if not codes:
        return None
    step = f"See them: newsletter check {look.mailing.issue}. Correct it, and plan it anew: {look.again}"
    return Obstacle(cause=Cause.ERRORS, why=f"the checks find errors by now: {', '.join(codes)}", next_step=step)


def _not_ready(look: Look) -> Obstacle | None:
    from newsletter.pipeline.refusing import refuse_unless_still_ready

    if look.keys is None:
        return None
    try:
        refuse_unless_still_ready(look.workspace, look.store, look.keys, look.senders, look.mailing)
    except NotReadyForReaders as found:
        why = "real mail must not leave yet: " + "; ".join(one.why for one in found.refusals)
        steps = " ".join(dict.fromkeys(one.next_step for one in found.refusals))
        return Obstacle(cause=Cause.NOT_READY, why=why, next_step=steps)
    return None


#: what the database and the files tell
_KNOWN_BEFORE: tuple[Callable[[Look], Obstacle | None], ...] = (_promises, _moved_on, _disclaimers, _errors)
_CHECKS: tuple[Callable[[Look], Obstacle | None], ...] = (_another_sender, *_KNOWN_BEFORE, _not_ready)
