"""What the database knows of a mailing that is asked for when somebody has to answer for it. Read inside one `read()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, func, or_, select

from newsletter.store import approvals as stored_approvals
from newsletter.store import audit_rows
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.model.audit import Entry
    from newsletter.model.version import Approval

_PORTION = 1_000


@dataclass(frozen=True, kw_only=True)
class SignedVersion:
    """A sign-off, and what it was of."""

    approval: Approval
    fingerprint: str


class Attempt(NamedTuple):
    """One try at handing deliveries over."""

    id: str
    first: int
    last: int
    size: int
    sender: str
    started_at: datetime
    answered_at: datetime | None
    verdict: str | None
    detail: str
    provider_id: str
    settled_by: str


def contents(connection: Connection, fingerprints: Collection[str]) -> dict[str, str]:
    """Fingerprint -> the stored text, not read and written again: its SHA-256 has to be the fingerprint."""
    own = t.rendered.c
    rows = connection.execute(select(own.fingerprint, own.content).where(own.fingerprint.in_(fingerprints)))
    return {fingerprint: content for fingerprint, content in rows}  # noqa: C416 - rows


def source_texts(connection: Connection, hashes: Collection[str]) -> dict[str, str]:
    own = t.source_texts.c
    rows = connection.execute(select(own.hash, own.content).where(own.hash.in_(hashes)))
    return {hash_: content for hash_, content in rows}  # noqa: C416 - rows


def stored_fingerprint(connection: Connection, version: int) -> str:
    """What the version was called when it was stored."""
    own = t.versions.c
    return connection.scalar(select(own.fingerprint).where(own.number == version)) or ""


def deliveries(connection: Connection, mailing: int) -> int:
    own = t.deliveries.c
    return connection.scalar(select(func.count()).select_from(t.deliveries).where(own.mailing == mailing)) or 0


def approvals(connection: Connection, issue: str) -> tuple[SignedVersion, ...]:
    """Of all versions of the issue, the withdrawn ones too, in the order in which they were given."""
    given = stored_approvals.of_issue(connection, issue)
    found = [
        SignedVersion(approval=one, fingerprint=stored_fingerprint(connection, version))
        for version, ones in given.items()
        for one in ones
    ]
    return tuple(sorted(found, key=lambda one: one.approval.number))


def attempts(connection: Connection, mailing: int) -> Iterator[Attempt]:
    """The oldest first. Read in pieces: there may be many."""
    own = t.attempts.c
    query = (
        select(*(own[name] for name in Attempt._fields))
        .join(t.chunks, t.chunks.c.number == own.chunk)
        .where(t.chunks.c.mailing == mailing)
        .order_by(own.started_at, own.id)
        .limit(_PORTION)
    )
    rows = connection.execute(query).all()
    while rows:
        yield from (Attempt(*row) for row in rows)
        last = rows[-1]
        later = or_(
            own.started_at > last.started_at,
            and_(own.started_at == last.started_at, own.id > last.id),
        )
        rows = connection.execute(query.where(later)).all()


def log_about(connection: Connection, subjects: Collection[str]) -> tuple[Entry, ...]:
    """The entries of the audit log about these subjects, the oldest first."""
    query = select(t.audit_log).where(t.audit_log.c.subject.in_(subjects)).order_by(t.audit_log.c.number)
    return tuple(audit_rows.found(connection, query))
