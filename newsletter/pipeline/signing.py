"""Sign-off: which version of an issue may go, and why another may not.

Approved bytes are the bytes that go: what was signed is stored, and is what is sent, however long ago it was rendered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.errors import GitRefuses, NotApproved, NotSendable
from newsletter.model.problem import has_errors
from newsletter.pipeline.disclaimers_today import outdated_disclaimers
from newsletter.pipeline.issue import overridden
from newsletter.pipeline.own_rules import rules_of
from newsletter.pipeline.signed_changes import Changed, changes_between, overrides_of
from newsletter.pipeline.versions import version_of
from newsletter.probe.authors import written_by
from newsletter.signoff.rules import SignOff, is_asked, judge

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.model.rendered import ImageFile
    from newsletter.model.version import Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.probe.authors import Written
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

__all__ = [
    "Changed",
    "SignOff",
    "as_it_goes",
    "changes_between",
    "ready_version",
    "sign_off_of",
    "version_for",
    "why_void",
    "why_withdrawn",
    "with_committers",
    "written",
]


def version_for(workspace: Workspace, prepared: Prepared, now: datetime) -> Version:
    """The version that a prepared issue without errors is, with who wrote it: as `authors` and git say."""
    version = version_of(prepared, now)
    try:
        by = written(workspace, prepared.path)
    except GitRefuses:
        return version
    return replace(version, authors=tuple(dict.fromkeys((*version.authors, *by.authors))), commit=by.commit)


def with_committers(version: Version, fresh: Version) -> Version:
    """Who committed the same text since it was stored wrote it as well.

    Not the user of git here, where something is not committed: they may only be sending it.
    """
    if not fresh.commit or fresh.commit.endswith("+"):
        return version
    return replace(version, authors=tuple(dict.fromkeys((*version.authors, *fresh.authors))))


def written(workspace: Workspace, path: Path) -> Written:
    """What git knows of who wrote an issue, its pictures and references beside it, and its review of claims.

    Raises:
        GitRefuses: the repository belongs to somebody else.
    """
    from newsletter.pipeline.claims import lock_of
    from newsletter.read.find import ISSUE_FILE

    full = path.absolute()
    beside = full.parent if full.name == ISSUE_FILE else lock_of(full)
    return written_by(workspace.folder, [full, beside])


def sign_off_of(
    connection: Connection, workspace: Workspace, version: Version, now: datetime, *, at_least: int = 0
) -> SignOff:
    """How the sign-off of a version stands, stored or not. `at_least`: so many are wanted whatever the policy says."""
    from newsletter.store import approvals, staff, versions

    stored = version if version.number else versions.find(connection, version.fingerprint)
    given = approvals.of_version(connection, stored.number) if stored else ()
    authors = {*version.authors, *(stored.authors if stored else ())}
    people = staff.by_number(connection)
    return judge(given, people, authors, workspace.settings.policy, now, at_least=at_least)


def why_void(
    connection: Connection, workspace: Workspace, version: Version, now: datetime, *, approved_version: bool = False
) -> str:
    """Why a version may not go any more, in words; empty: it may.

    `approved_version`: it was to go since it was signed, and does so only while it is, whatever the policy asks for.
    """
    if not (approved_version or is_asked(workspace.settings.policy)):
        return _why_taken_back(connection, workspace, version, now)
    return sign_off_of(connection, workspace, version, now, at_least=int(approved_version)).why_void


def _why_taken_back(connection: Connection, workspace: Workspace, version: Version, now: datetime) -> str:
    """Nobody had to sign it, but somebody did and took that back: it waits until somebody signs it."""
    sign_off = sign_off_of(connection, workspace, version, now, at_least=1)
    return sign_off.why_void if any(one.approval.withdrawn_at for one in sign_off.discounted) else ""


def why_withdrawn(
    connection: Connection, workspace: Workspace, number: int, began: datetime, *, approved_version: bool = False
) -> str:
    """Why a mailing of this version that has begun may not go on: somebody took their signature back since.

    Approvals that have run out since, and people who have left, stop nothing that has begun.
    """
    from newsletter.store import approvals, versions

    if not any(one.withdrawn_at for one in approvals.of_version(connection, number)):
        return ""
    version = versions.get(connection, number)
    return why_void(connection, workspace, version, began, approved_version=approved_version)


def ready_version(
    store: Store, workspace: Workspace, prepared: Prepared, now: datetime, *, approved_version: bool = False
) -> Version:
    """The version that may go now: a stored one that is signed off; where nobody has to sign, the issue as it is.

    `approved_version`: the newest one that was signed off goes, although the sources moved on. What of errors is to stand
    (`overridden`) is part of what was signed: an issue without overrides takes those of its approved version.

    Raises:
        NotApproved: with what is missing, or what changed since.
        NotSendable: it has errors.
    """
    if approved_version:
        return _newest_signed(store, workspace, prepared, now)
    if not is_asked(workspace.settings.policy):
        _refuse_errors(prepared)
        fresh = version_for(workspace, prepared, now)
        _refuse_taken_back(store, workspace, fresh, now)
        return fresh
    found = _signed_as_it_is(store, workspace, prepared, now)
    if found is None:
        _refuse_errors(prepared)
        raise _not_approved(store, workspace, prepared, now)
    _refuse_errors(_with_its_overrides(workspace, prepared, found))
    return found


def as_it_goes(store: Store, workspace: Workspace, prepared: Prepared, version: Version) -> Prepared:
    """The prepared issue with the stored bytes of a version in the place of those that were rendered now.

    Raises:
        NotApproved: the stored bytes are not those that were signed.
    """
    from newsletter.store import rendered as stored
    from newsletter.store import versions

    if not version.number:
        return prepared
    images: dict[str, ImageFile] = {}
    with store.read() as connection:
        if not versions.is_whole(connection, version.number, version.variants):
            raise NotApproved(
                version.issue,
                f"the stored mail of version {version.number} is not what was signed: somebody changed the database",
                f"Find out who did, and sign it again: newsletter approve {version.issue}",
            )
        variants = [stored.load(connection, one) for one in version.variants.values()]
        for one in variants:
            images |= {picture.name: picture for picture in stored.pictures_of(connection, one)}
    is_same = prepared.sources_digest == version.sources_digest
    settled = _with_its_overrides(workspace, prepared, version) if is_same else prepared
    return replace(
        settled,
        issue=prepared.issue if is_same else None,
        problems=settled.problems if is_same else (),
        variants=sorted(variants, key=lambda one: one.variant),
        origins=(),
        images=tuple(images.values()),
        waivers=tuple(version.waivers),
        sources=prepared.sources if is_same else {},
        sources_digest=version.sources_digest,
    )


def _signed_as_it_is(store: Store, workspace: Workspace, prepared: Prepared, now: datetime) -> Version | None:
    """The newest version of these very sources, and of these overrides where some are given, that is signed off."""
    fresh = version_for(workspace, prepared, now)
    given = overrides_of(fresh)
    with store.read() as connection:
        for version in versions_of(connection, prepared):
            fits = not given or given == overrides_of(version)
            if fits and sign_off_of(connection, workspace, with_committers(version, fresh), now).holds:
                return version
    return None


def versions_of(connection: Connection, prepared: Prepared) -> list[Version]:
    """Stored versions of the very sources that an issue has now, the newest first."""
    from newsletter.store import versions

    every = versions.of_issue(connection, prepared.slug)
    return [version for version in every if version.sources_digest == prepared.sources_digest]


def _newest_signed(store: Store, workspace: Workspace, prepared: Prepared, now: datetime) -> Version:
    from newsletter.store import approvals, versions

    with store.read() as connection:
        for number in approvals.of_issue(connection, prepared.slug):
            version = versions.get(connection, number)
            if sign_off_of(connection, workspace, version, now, at_least=1).holds:
                _refuse_other_overrides(prepared, version, now)
                _refuse_old_disclaimers(workspace, version, now)
                return version
    raise NotApproved(
        prepared.slug,
        "no version of it has all the signatures that it needs",
        f"See what is missing: newsletter approvals show {prepared.slug}",
    )


def _refuse_other_overrides(prepared: Prepared, version: Version, now: datetime) -> None:
    given = overrides_of(version_of(prepared, now))
    if given and given != overrides_of(version):
        raise NotApproved(
            prepared.slug,
            f"version {version.number} was signed without these overrides",
            "Leave --override away: what was let stand is part of what was signed.",
        )


def _refuse_old_disclaimers(workspace: Workspace, version: Version, now: datetime) -> None:
    if outdated := outdated_disclaimers(workspace, version, now):
        raise NotApproved(
            version.issue,
            f"version {version.number} carries what is not in force any more, or not in this form: {', '.join(outdated)}",
            f"Sign it as it is now: newsletter approve {version.issue} --as NAME",
        )


def _refuse_taken_back(store: Store, workspace: Workspace, version: Version, now: datetime) -> None:
    with store.read() as connection:
        why = _why_taken_back(connection, workspace, version, now)
    if why:
        step = f"To send it all the same, somebody signs it: newsletter approve {version.issue} --as NAME"
        raise NotApproved(version.issue, why, step)


def _with_its_overrides(workspace: Workspace, prepared: Prepared, version: Version) -> Prepared:
    rules, _ = rules_of(workspace)
    missing = {code: why for code, why in overrides_of(version).items() if code not in _given(prepared)}
    return overridden(prepared, missing, rules) if missing else prepared


def _given(prepared: Prepared) -> Mapping[str, str]:
    return {one.code: one.reason for one in prepared.waivers}


def _refuse_errors(prepared: Prepared) -> None:
    if prepared.rendered is None or has_errors(prepared.problems):
        raise NotSendable(prepared.slug, prepared.problems)


def _not_approved(store: Store, workspace: Workspace, prepared: Prepared, now: datetime) -> NotApproved:
    """What is missing, or what changed since it was signed."""
    from newsletter.pipeline.versions import texts_of
    from newsletter.store import approvals, versions

    slug, fresh = prepared.slug, version_for(workspace, prepared, now)
    given = overrides_of(fresh)
    show = f"See more: newsletter approvals show {slug}."
    with store.read() as connection:
        same = [one for one in versions_of(connection, prepared) if not given or given == overrides_of(one)]
        if signed := next((one for one in same if approvals.of_version(connection, one.number)), None):
            why = sign_off_of(connection, workspace, with_committers(signed, fresh), now).why_void
            return NotApproved(slug, why, f"{show} To sign it: newsletter approve {slug} --as NAME")
        for number in approvals.of_issue(connection, slug):
            old = versions.get(connection, number)
            changed = "; ".join(one.words for one in changes_between(connection, old, fresh, texts_of(prepared)))
            held = sign_off_of(connection, workspace, old, now).holds
            again = f"To sign it as it is now: newsletter approve {slug} --as NAME."
            other = " To send what was signed: --approved-version." if held else ""
            why = f"it changed after {_signers(connection, old)} signed version {number}: {changed}"
            return NotApproved(slug, why, f"{show} {again}{other}")
        why = sign_off_of(connection, workspace, fresh, now).why_void
    return NotApproved(slug, why, f"To sign it: newsletter approve {slug} --as NAME")


def _signers(connection: Connection, version: Version) -> str:
    from newsletter.store import approvals

    names = dict.fromkeys(one.name for one in approvals.of_version(connection, version.number))
    return " and ".join(names)
