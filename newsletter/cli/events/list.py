"""`newsletter events list`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.model.event import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.store.events.listing import ListedEvent


@click.command("list")
@click.option("--mailing", type=click.IntRange(0), metavar="N", help="Only those of one mailing; 0: of single mails.")
@click.option("--kind", type=click.Choice([kind.value for kind in EventKind]), help="Only those of one kind.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@click.option("--after", metavar="MARK", help="Go on with the older ones: what the end of a list says.")
@json_option
def list_(mailing: int | None, kind: str | None, limit: int, after: str | None, json_: bool) -> None:
    """Show what was reported, the newest first.

    A mail is called by its mailing and number (3/17); `newsletter mailings export` says whose it was. Opens and clicks
    are stored only of readers who agreed to that. What a machine did is marked: mail programs fetch pictures, scanners
    follow links.

    \b
    Example:
      newsletter events list --mailing 3 --kind "hard bounce"
    """
    from newsletter.store.events import fates, inbox, listing

    wanted, mark = EventKind(kind) if kind else None, _mark(after) if after else None
    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        found = listing.page(connection, mailing=mailing, kind=wanted, limit=limit + 1, after=mark)
        told = fates.fates(connection, mailing) if mailing else None
        waiting = inbox.count_waiting(connection)
    rows, more = (
        found[:limit],
        f"{found[limit - 1].at.isoformat()}/{found[limit - 1].id}" if len(found) > limit else None,
    )
    if json_:
        events = [asdict(row) for row in rows]
        show.as_json({"events": events, "fates": told, "reports_waiting": waiting, "after": more})
        return
    for line in _lines(rows, ZoneInfo(place.settings.newsletter.timezone)):
        click.echo(line)
    if told:
        said = ", ".join(f"{show.number(count)} {fate}" for fate, count in told.items())
        click.echo(f"What became of mailing {mailing}: {said}")
    if not rows:
        click.echo("No events.")
    if waiting:
        reports = f"{show.number(waiting)} {show.plural(waiting, 'report')}"
        click.echo(f"{reports} not handled yet: newsletter events handle", err=True)
    if more:
        click.echo(f'Older ones: the same command with --after "{more}"', err=True)


def _mark(text: str) -> tuple[datetime, str]:
    at, _, key = text.partition("/")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not key:
        msg = "--after takes what the end of an earlier list says, such as 2026-11-02T10:11:12+00:00/xWfq..."
        raise click.UsageError(msg)
    return moment, key


def _lines(rows: Sequence[ListedEvent], zone: ZoneInfo) -> Iterator[str]:
    for row in rows:
        machine = " (machine)" if row.machine else ""
        detail = show.clean(row.detail)
        yield f"{show.moment(row.at, zone)}  {_whose(row):>12}  {row.kind + machine:<22} {detail}".rstrip()


def _whose(row: ListedEvent) -> str:
    if row.mailing is None:
        return "not ours"
    return f"{row.mailing}/{row.n}" if row.mailing else f"mail {row.n}"
