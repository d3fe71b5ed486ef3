"""`newsletter people list`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.people.words import line_of, person_json

if TYPE_CHECKING:
    from datetime import tzinfo

    from newsletter.model.staff import StaffMember


@click.command("list")
@click.option("--removed", is_flag=True, help="Also those who were removed.")
@json_option
def list_(removed: bool, json_: bool) -> None:
    """Show who writes and signs off, with their roles.

    \b
    Example:
      newsletter people list
    """
    from newsletter.store import staff

    place = workspace()
    with open_store(place).read() as connection:
        everybody = staff.every(connection, removed=removed)
    if json_:
        show.as_json({"people": [person_json(person) for person in everybody]})
        return
    if not everybody:
        click.echo(
            'Nobody yet. Add somebody: newsletter people add "Ana Ruiz" --email ana@example.org --role physician'
        )
    for person in everybody:
        click.echo(_line(person, ZoneInfo(place.settings.newsletter.timezone)))


def _line(person: StaffMember, zone: tzinfo) -> str:
    left = f"  removed {show.moment(person.removed_at, zone)}" if person.removed_at else ""
    return line_of(person) + left
