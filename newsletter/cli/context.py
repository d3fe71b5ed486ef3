"""What commands have in common: the workspace they work on, the time, the `--json` flag."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.errors import WorkspaceNotFound

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from newsletter.keys import Keys
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.store.upgrade import Upgrade

json_option: Callable[[Any], Any] = click.option("--json", "json_", is_flag=True, help="Print JSON.")


def now() -> datetime:
    return datetime.now(UTC)


def actor() -> str:
    """Who runs the command, for the audit log: NEWSLETTER_ACTOR, or the account on this machine."""
    import getpass

    named = os.environ.get("NEWSLETTER_ACTOR", "").strip()
    try:
        return named or getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return f"uid {os.getuid()}"


def workspace(near: str | None = None) -> Workspace:
    """The workspace of -C, NEWSLETTER_WORKSPACE, the folder we stand in, or that of the file or folder `near`.

    Raises:
        WorkspaceNotFound, BadSettings
    """
    from newsletter.settings import find_workspace, load

    named = click.get_current_context().find_root().obj or os.environ.get("NEWSLETTER_WORKSPACE")
    if named:
        folder = Path(named).expanduser().absolute()
        if not folder.is_dir():
            raise WorkspaceNotFound(folder)
        return load(find_workspace(folder), os.environ)
    try:
        return load(find_workspace(Path.cwd()), os.environ)
    except WorkspaceNotFound:
        if near is None or not Path(near).exists():
            raise
        return load(find_workspace(Path(near).absolute()), os.environ)


def open_store(place: Workspace) -> Store:
    """The workspace's database; said on a terminal, so that nobody works on the wrong one."""
    from newsletter import wiring

    store = wiring.open_store(place)
    store.actor = actor()
    if sys.stderr.isatty():
        click.echo(f"Database: {store.label}", err=True)
    if store.replaced:
        click.echo(
            f"Careful: {store.label} is not the database that was used last; what it shows may be out of date, and "
            "nothing is written to it. If it comes from a backup, say so: newsletter db restore --here",
            err=True,
        )
    tell_upgrade(store)
    return store


def tell_upgrade(store: Store) -> None:
    """Where opening it has changed its schema."""
    if (done := store.upgraded) and done.before:
        kept = f" A copy of what it was: {done.copy}" if done.copy else ""
        click.echo(f"Upgraded the database from {done.before} to {done.after}.{kept}", err=True)
        note_upgrade(store, done)


def note_upgrade(store: Store, done: Upgrade) -> None:
    from newsletter.model.audit import Action
    from newsletter.store import audit

    with store.write(actor()) as connection:
        audit.note(connection, Action.DATABASE_UPGRADED, "database", now(), before=done.before, after=done.after)


def open_keys(place: Workspace, store: Store) -> Keys:
    from newsletter import wiring

    keys, made = wiring.open_keys(place, store)
    if made:
        click.echo(f"Made a secret for this workspace: {place.folder / '.env'}. Keep a copy; links need it.", err=True)
    return keys
