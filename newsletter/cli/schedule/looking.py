"""`newsletter calendar`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.schedule.days import days_of, read_calendar
from newsletter.cli.schedule.words import cron_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.cli.schedule.days import Calendar, Day

#: where words begin, behind day and time
_INDENT = " " * 24


@click.command()
@click.option("--days", type=click.IntRange(1, 366), help="How many days to look ahead; else 14.")
@click.option("--month", is_flag=True, help="The whole of this month.")
@json_option
def calendar(days: int | None, month: bool, json_: bool) -> None:
    """Show what is planned, held, missed and lately sent.

    By the newsletter's clocks: scheduled mailings, times of recurring schedules, what is held and why, what will be held if
    nothing is done (an issue that was changed since, a signature that will have run out), and what was sent or missed in the
    last seven days.

    \b
    Example:
      newsletter calendar
      newsletter calendar --month
    """
    if days and month:
        msg = "--days and --month: give one of them."
        raise click.UsageError(msg)
    place = workspace()
    store, zone = open_store(place), ZoneInfo(place.settings.newsletter.timezone)
    found = read_calendar(store, place, now(), days=days, month=month)
    if json_:
        show.as_json(found.as_json())
        return
    for line in _lines(found, zone):
        click.echo(line)
    if found.coming:
        for line in cron_lines(store):
            click.echo(line)


def _lines(found: Calendar, zone: ZoneInfo) -> Iterator[str]:
    yield f"{found.since.astimezone(zone):%Y-%m-%d} to {found.until.astimezone(zone):%Y-%m-%d}, by the clocks of {zone.key}"
    for title, entries in (("Lately", found.lately), ("Due now", found.due), ("Coming", found.coming)):
        if entries:
            yield ""
            yield title
            for day in days_of(entries, zone):
                yield from _day(day)
    if not (found.due or found.coming):
        yield ""
        yield 'Nothing is planned. To plan it: newsletter schedule ISSUE --to LIST --at "2026-12-01 09:00"'
    if found.recurring:
        yield ""
        yield "Recurring"
        for recurrence, whom in found.recurring:
            own = ", where each reader is" if recurrence.local else ""
            yield show.folded(f"  {recurrence.number}  {recurrence.rule}{own}, to {whom}", "     ")


def _day(day: Day) -> Iterator[str]:
    for entry in day.entries:
        head = f"  {day.day:%a %Y-%m-%d} {entry.clock}"
        yield show.folded(f"{head}  {show.clean(entry.words)}", _INDENT)
        if entry.why:
            yield show.folded(f"{_INDENT}{show.clean(entry.why)}", _INDENT)
