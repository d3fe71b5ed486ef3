"""`newsletter db restore --checked`: somebody has looked what went out after the backup that was restored."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import now, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newsletter.settings import Workspace
    from newsletter.store.upkeep.restored import Restoration


def confirm(place: Workspace, *, ask: bool, json_: bool) -> None:
    """New mailings may begin; nothing happens where they may already."""
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store.upkeep import restored

    store = open_store(place)
    store.refuse_if_replaced()
    with store.read() as connection:
        known = restored.get(connection)
    waits = known is not None and known.checked_at is None
    if known and waits:
        zone = place.settings.newsletter.timezone
        if ask:
            _ask(known, zone)
        with store.write() as connection:
            restored.confirm(connection, now())
            known = restored.get(connection)
            audit.note(connection, Action.DATABASE_CHECKED, "database", now())
    if json_:
        show.as_json({"database": store.label, "confirmed": waits, **_facts(known)})
        return
    for line in _lines(known, waited=waits):
        click.echo(line)


def _ask(known: Restoration, zone: str) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes."""
    if not sys.stdin.isatty():
        msg = "Nothing was confirmed: nobody can be asked here. Add --yes if you have looked what went out."
        raise click.UsageError(msg)
    taken = (
        f"the state of {show.moment(known.taken_at, ZoneInfo(zone))}"
        if known.taken_at
        else "the state of an unknown time"
    )
    click.echo(f"On {show.moment(known.at, ZoneInfo(zone))} a backup was restored, {taken}.", err=True)
    if known.issues:
        click.echo(f"Went out after it: {show.clean(', '.join(known.issues))}.", err=True)
    if not known.compared:
        click.echo("What else went out after it is not known here; your provider knows.", err=True)
    if not click.confirm("Have you looked what went out since, and may new mailings begin?", err=True):
        click.echo("Nothing was confirmed; no new mailing begins.", err=True)
        raise click.exceptions.Exit(2)


def _facts(known: Restoration | None) -> dict[str, object]:
    def moment(one: datetime | None) -> str | None:
        return one.isoformat() if one else None

    return {
        "restored_at": moment(known.at) if known else None,
        "taken_at": moment(known.taken_at) if known else None,
        "checked_at": moment(known.checked_at) if known else None,
        "forgotten": list(known.issues) if known else [],
        "compared": known.compared if known else None,
    }


def _lines(known: Restoration | None, *, waited: bool) -> Iterator[str]:
    if known is None:
        yield "Nothing to confirm: no backup was ever restored here."
        return
    yield "Confirmed: new mailings may begin." if waited else "Nothing to confirm: new mailings may begin already."
    if known.issues:
        yield f"Still held back, because they went out after the backup: {show.clean(', '.join(known.issues))}."
        yield "If you mean to send one again all the same: newsletter send ISSUE --again REASON"
