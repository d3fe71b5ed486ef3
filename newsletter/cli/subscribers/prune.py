"""`newsletter subscribers prune`: what is not needed any more goes."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.store.database import Store


@click.command("prune")
@click.option(
    "--pending-days",
    type=click.IntRange(1, 36_500),
    metavar="N",
    help="People who asked, or were imported, and did not agree for so long.",
)
@click.option("--outbox-days", type=click.IntRange(1, 36_500), metavar="N", help="Mails in the outbox that are so old.")
@click.option("--dry-run", is_flag=True, help="Count, and delete nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def prune(pending_days: int | None, outbox_days: int | None, dry_run: bool, yes: bool, json_: bool) -> None:
    """Delete people who never agreed, and old mails in the outbox.

    People who are on a list, were ever mailed, left, or are suppressed stay: use `erase` for one of them. Who is deleted
    may join again.

    \b
    Example:
      newsletter subscribers prune --pending-days 90 --outbox-days 90 --dry-run
      newsletter subscribers prune --pending-days 90 --outbox-days 90 --yes
    """
    from newsletter.esp.outbox_copies import older_copies
    from newsletter.store.people import pruning

    if pending_days is None and outbox_days is None:
        msg = "Say what may go: --pending-days N, --outbox-days N, or both."
        raise click.UsageError(msg)
    place = workspace()
    store, moment = open_store(place), now()
    since = moment - timedelta(days=pending_days) if pending_days else None
    files: tuple[Path, ...] = ()
    if outbox_days:
        files = tuple(older_copies(place.folder / "outbox", moment - timedelta(days=outbox_days)))
    with store.read() as connection:
        people = pruning.count(connection, since) if since else 0
    if (people or files) and not (dry_run or yes):
        _ask(people, len(files))
    if not dry_run:
        people = sum(_forgotten(store, since, moment)) if since else 0
        _delete(store, files, moment)
    if json_:
        show.as_json({"people": people, "files": len(files), "dry_run": dry_run})
    else:
        click.echo(f"{'Would delete' if dry_run else 'Deleted'}: {_counted(people, len(files))}.")


def _delete(store: Store, files: Sequence[Path], moment: datetime) -> None:
    """What goes is noted before: files cannot come back when the database fails."""
    from newsletter.model.audit import Action
    from newsletter.store import audit

    if files:
        with store.write() as connection:
            audit.note(connection, Action.SUBSCRIBERS_PRUNED, "outbox", moment, files=len(files))
    for file in files:
        file.unlink(missing_ok=True)


def _forgotten(store: Store, since: datetime, moment: datetime) -> Iterator[int]:
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store.people import erasing, pruning

    last = 0
    while True:
        with store.write() as connection:
            count, last = pruning.forget_some(connection, since, last)
            if count:
                facts = {"people": count, "before": since.date().isoformat()}
                audit.note(connection, Action.SUBSCRIBERS_PRUNED, "subscribers", moment, **facts)
        if not count:
            break
        yield count
    erasing.clear_log(store)


def _counted(people: int, files: int) -> str:
    who = "1 person" if people == 1 else f"{show.number(people)} people"
    return f"{who} who never agreed, {show.number(files)} {show.plural(files, 'mail')} of the outbox"


def _ask(people: int, files: int) -> None:
    """Exit code 2 unless the answer is yes."""
    if not sys.stdin.isatty():
        msg = "Deleting cannot be undone. Where nobody can be asked, say --yes, or --dry-run to count."
        raise click.UsageError(msg)
    if not click.confirm(f"Delete {_counted(people, files)}? This cannot be undone.", err=True):
        click.echo("Nothing was deleted.", err=True)
        raise click.exceptions.Exit(2)
