"""Signing an issue off, and taking a signature back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from newsletter.errors import NotApproved, NotSendable
from newsletter.model.audit import Action
from newsletter.model.problem import has_errors
from newsletter.pipeline.passphrases import still_theirs
from newsletter.pipeline.running.planning import follow_sign_off
from newsletter.pipeline.signed_changes import changes_between, overrides_of
from newsletter.pipeline.signing import as_it_goes, sign_off_of, version_for, versions_of, with_committers, written
from newsletter.pipeline.versions import texts_of
from newsletter.signoff.rules import unknown_authors, writers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.staff import Author, StaffMember
    from newsletter.model.version import Approval, Version
    from newsletter.pipeline.issue import Prepared
    from newsletter.pipeline.signed_changes import Changed
    from newsletter.settings import Workspace
    from newsletter.signoff.rules import SignOff
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class ToSign:
    """What somebody is asked to sign: a stored version that others have signed already, else the issue as it is now."""

    version: Version
    #: the issue as it is now
    fresh: Version
    #: the bytes of this version
    prepared: Prepared
    #: how its sign-off stands so far
    sign_off: SignOff
    #: authors whom nobody among the people is called like
    unknown: Sequence[Author]
    #: whether git could be asked who wrote it
    git_knows: bool
    #: the version that was signed last, if it is another one, and what changed since
    before: Version | None = None
    changes: Sequence[Changed] = ()


def to_sign(store: Store, workspace: Workspace, prepared: Prepared, now: datetime) -> ToSign:
    """What an approval would be bound to.

    Raises:
        NotSendable: the issue has errors.
        GitRefuses: git cannot say who wrote it, since the repository belongs to somebody else.
    """
    from newsletter.store import approvals, staff, versions

    git_knows = written(workspace, prepared.path).known
    fresh = version_for(workspace, prepared, now)
    version = _already_signed(store, workspace, prepared, fresh, now) or fresh
    form = as_it_goes(store, workspace, prepared, version)
    if form.rendered is None or has_errors(form.problems):
        raise NotSendable(prepared.slug, form.problems)
    with store.read() as connection:
        so_far = sign_off_of(connection, workspace, with_committers(version, fresh), now)
        # who has committed the same text since is an author as well, for whoever signs now
        version = replace(version, authors=tuple(dict.fromkeys((*version.authors, *fresh.authors))))
        known = version.number or getattr(versions.find(connection, version.fingerprint), "number", 0)
        earlier = next((number for number in approvals.of_issue(connection, prepared.slug) if number != known), None)
        before = versions.get(connection, earlier) if earlier and not version.number else None
        return ToSign(
            version=version,
            fresh=fresh,
            prepared=form,
            sign_off=so_far,
            unknown=unknown_authors(staff.every(connection, removed=True), version.authors),
            git_knows=git_knows,
            before=before,
            changes=changes_between(connection, before, version, texts_of(prepared)) if before else (),
        )


def _already_signed(
    store: Store, workspace: Workspace, prepared: Prepared, fresh: Version, now: datetime
) -> Version | None:
    """The newest version of these very sources that somebody signed, whose signature counts: the others sign the same bytes."""
    given = overrides_of(fresh)
    with store.read() as connection:
        for version in versions_of(connection, prepared):
            fits = not given or given == overrides_of(version)
            if fits and sign_off_of(connection, workspace, version, now).approvals:
                return version
    return None


def refuse_author(
    store: Store, workspace: Workspace, person: StaffMember, version: Version, actor: str, now: datetime
) -> None:
    """Whoever wrote it does not sign it off, unless policy lets them; that they tried is logged.

    Raises:
        NotApproved
    """
    from newsletter.store import audit

    try:
        _refuse_author(workspace, person, version)
    except NotApproved as why:
        with store.write() as connection:
            subject = f"issue {version.issue}"
            audit.append(connection, actor, Action.APPROVAL_REFUSED, subject, now, person=person.name, why=why.why)
        raise


def _refuse_author(workspace: Workspace, person: StaffMember, version: Version) -> None:
    if not workspace.settings.policy.author_may_approve and writers([person], version.authors):
        raise NotApproved(
            version.issue,
            f"{person.name} is an author of it, as `authors` in the issue or git say",
            "Somebody else has to sign it (policy.author_may_approve lets authors do so).",
        )


def approve(
    store: Store, workspace: Workspace, this: ToSign, person: StaffMember, proven: str, comment: str, now: datetime
) -> tuple[Version, Approval, SignOff]:
    """Store the version with all its bytes, and the approval, in one transaction. `proven` is what `prove` returned.

    Once the version has all signatures that it needs, the scheduled mailing of its issue sends this one.

    Raises:
        NotApproved: the person wrote it.
        PassphraseWrong, PersonNotFound: it was set anew, or they were removed, meanwhile.
    """
    from newsletter.store import approvals, audit, staff, versions

    version, form = this.version, this.prepared
    _refuse_author(workspace, person, version)
    with store.write() as connection:
        still_theirs(connection, person, proven)
        person = staff.by_number(connection)[person.number]
        number = version.number or versions.keep(connection, version, form.variants, form.images, texts_of(form))
        given = approvals.add(connection, number, person, comment, now)
        stored = with_committers(versions.get(connection, number), this.fresh)
        result = sign_off_of(connection, workspace, stored, now)
        follow_sign_off(connection, workspace, stored, now)
        audit.append(
            connection,
            person.name,
            Action.ISSUE_APPROVED,
            f"issue {version.issue}",
            now,
            version=number,
            fingerprint=version.fingerprint,
            roles=person.roles,
            comment=comment,
            overridden=overrides_of(version),
            holds=result.holds,
        )
    return stored, given, result


def withdraw(
    store: Store, issue: str, person: StaffMember, proven: str, reason: str, now: datetime
) -> tuple[Approval, ...]:
    """Take back all signatures of a person under an issue; returns them.

    Raises:
        NotApproved: they have none that stands.
        PassphraseWrong, PersonNotFound: it was set anew, or they were removed, meanwhile.
    """
    from newsletter.store import approvals, audit

    with store.write() as connection:
        still_theirs(connection, person, proven)
        taken = approvals.withdraw(connection, issue, person.number, reason, now)
        if not taken:
            raise NotApproved(
                issue, f"{person.name} has no signature that stands under it", f"See: newsletter approvals show {issue}"
            )
        facts = {"versions": sorted({one.version for one in taken}), "reason": reason}
        audit.append(connection, person.name, Action.APPROVAL_WITHDRAWN, f"issue {issue}", now, **facts)
    return taken
