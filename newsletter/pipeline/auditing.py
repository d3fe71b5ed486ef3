"""The audit log held against itself and against the heads that are kept outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import LogDamaged
from newsletter.signoff.chain import verify
from newsletter.store import audit, audit_heads, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.model.audit import Head
    from newsletter.settings import Workspace
    from newsletter.signoff.chain import Verified
    from newsletter.store.database import Store
    from newsletter.store.upkeep.findings import Finding


def verified(store: Store, workspace: Workspace) -> Verified:
    """Raises:
    FileUnreadable: the heads are there and cannot be read.
    """
    heads = audit_heads.read(
        workspace.audit_heads, workspace.database_mark
    )  # first: one that is noted meanwhile is in no older snapshot
    with store.read() as connection:
        return verify(audit.entries(connection), heads)


def note_head(store: Store, workspace: Workspace, now: datetime) -> Head | None:
    """Write down outside the database where the log ends, once it is found whole; None while it is empty.

    Raises:
        LogDamaged: it is not; nothing was noted.
        FileUnreadable: the file of heads cannot be read or written.
    """
    found = verified(store, workspace)
    refuse_damaged(found)
    if found.last:
        audit_heads.note(workspace.audit_heads, found.last, now, workspace.database_mark)
    return found.last


def refuse_damaged(found: Verified) -> None:
    """Raises:
    LogDamaged
    """
    if found.fault:
        raise LogDamaged(f"entry {found.fault.entry}: {found.fault.why}", found.fault.entry)


def log_findings(store: Store, workspace: Workspace) -> Iterator[Finding]:
    """For `newsletter db check`, which opens a database of any age."""
    from newsletter.store.upkeep.findings import Finding

    if store.revision() != upgrade.HEAD:
        return
    if fault := verified(store, workspace).fault:
        yield Finding(
            code="log-damaged",
            message=f"the audit log is not as it was written: entry {fault.entry}: {fault.why}",
            fix="Compare it with a backup: see docs/audit.md, When the log is damaged.",
        )
    with store.read() as connection:
        guarded = audit.guarded(connection)
    if not guarded:
        yield Finding(
            code="log-unguarded",
            message="the database would let somebody change the audit log: its triggers are gone",
            fix="Ask who took them away, and set them up again: see docs/audit.md, When the log is damaged.",
        )
