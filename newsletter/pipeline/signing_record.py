"""Everything that was ever signed of an issue, held against the issue as it is now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.pipeline.signed_changes import changes_between
from newsletter.pipeline.signing import sign_off_of, version_for, versions_of, with_committers
from newsletter.pipeline.versions import texts_of
from newsletter.signoff.rules import SignOff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.version import Approval, Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.pipeline.signed_changes import Changed
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A version, all signatures that were ever under it, and how they count now."""

    version: Version
    given: tuple[Approval, ...]
    sign_off: SignOff


@dataclass(frozen=True, kw_only=True)
class Record:
    """`signed` has the newest version first."""

    issue: str
    #: whether the workspace has its file, and whether that cannot be rendered
    is_here: bool
    is_broken: bool
    #: how the issue stands as it is now
    sign_off: SignOff
    signed: Sequence[Signed] = ()
    #: of these the one that the files are now
    current: Signed | None = None
    #: since the newest that was signed; empty where that is the current one
    changes: Sequence[Changed] = field(default=())

    @property
    def goes_anyway(self) -> Version | None:
        """What --approved-version sends, where it is not what the files are now."""
        found = next((one for one in self.signed if one.sign_off.holds and one.sign_off.approvals), None)
        return found.version if found and found is not self.current else None


def record_of(store: Store, workspace: Workspace, slug: str, prepared: Prepared | None, now: datetime) -> Record:
    """`prepared` is the issue as it is now, None where its file is gone."""
    from newsletter.store import approvals, versions

    fresh = version_for(workspace, prepared, now) if prepared and prepared.rendered else None
    with store.read() as connection:
        same = {one.number for one in versions_of(connection, prepared)} if prepared and fresh else set()
        signed = [
            Signed(version=version, given=given, sign_off=sign_off)
            for number, given in approvals.of_issue(connection, slug).items()
            for stored in [versions.get(connection, number)]
            for version in [with_committers(stored, fresh) if fresh and number in same else stored]
            # what somebody took back stops it where nobody has to sign, too
            for wanted in [int(any(one.withdrawn_at for one in given))]
            for sign_off in [sign_off_of(connection, workspace, version, now, at_least=wanted)]
        ]
        here = [one for one in signed if one.version.number in same]
        current = next((one for one in here if one.sign_off.holds), here[0] if here else None)
        if current:
            standing = current.sign_off
        elif fresh:
            standing = sign_off_of(connection, workspace, fresh, now)
        else:
            standing = SignOff(
                wanted=workspace.settings.policy.approvals, missing=("the issue cannot be rendered now",)
            )
        changes = (
            changes_between(connection, signed[0].version, fresh, texts_of(prepared))
            if signed and prepared and fresh and not current
            else ()
        )
    return Record(
        issue=slug,
        is_here=prepared is not None,
        is_broken=prepared is not None and fresh is None,
        sign_off=standing,
        signed=signed,
        current=current,
        changes=changes,
    )
