"""`newsletter events faults`."""

from __future__ import annotations

from dataclasses import asdict
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.errors import OptionUnusable


@click.command("faults")
@click.argument("number", type=int, required=False)
@json_option
def faults(number: int | None, json_: bool) -> None:
    """Show which reports could not be understood, or not all of them; with NUMBER one of them as it came.

    What could be understood of them is recorded. A report as it came has readers' addresses in it. After an update of this
    program: newsletter events handle --again

    \b
    Example:
      newsletter events faults
      newsletter events faults 17
    """
    from newsletter.store.events import inbox

    place = workspace()
    store = open_store(place)
    if number is not None:
        with store.read() as connection:
            body = inbox.body_of(connection, number)
        if body is None:
            raise OptionUnusable("NUMBER", f"there is no report {number}, or it was deleted by now")
        text = body.decode("utf-8", "replace")
        if json_:
            show.as_json({"report": number, "body": text})
        else:
            click.echo("\n".join(show.clean(line) for line in text.splitlines()))
        return
    with store.read() as connection:
        found = inbox.faulty(connection)
    if json_:
        show.as_json({"faults": [asdict(one) for one in found]})
        return
    zone = ZoneInfo(place.settings.newsletter.timezone)
    for one in found:
        click.echo(f"{one.number:>6}  {show.moment(one.received_at, zone)}  {one.esp}: {show.clean(one.fault)}")
    if found:
        click.echo("To look at one: newsletter events faults NUMBER. What to do: docs/events.md", err=True)
    else:
        click.echo("Every report was understood.")
