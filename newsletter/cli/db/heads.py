"""After a backup and after a restore: where the audit log ends, noted outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.context import now
from newsletter.errors import FileUnreadable, LogDamaged

if TYPE_CHECKING:
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def note(store: Store, place: Workspace) -> None:
    """What was done is good without it; where the log is damaged, somebody has to know."""
    from newsletter.pipeline.auditing import note_head
    from newsletter.store import upgrade

    if store.revision() != upgrade.HEAD or store.replaced:
        return
    try:
        note_head(store, place, now())
    except (LogDamaged, FileUnreadable) as why:
        click.echo(f"Careful: {why}. See what is wrong: newsletter log verify", err=True)
