"""`newsletter api-keys add`."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.api_keys.words import key_json, scopes_in_words
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.model.api_key import Scope

if TYPE_CHECKING:
    from newsletter.settings import Settings

_LONGEST = 60


@click.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    required=True,
    help="What it may do; repeatable. Give no more than the program needs.",
)
@click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day on which it works (YYYY-MM-DD)."
)
@json_option
def add(name: str, scopes: tuple[str, ...], expires: datetime | None, json_: bool) -> None:
    """Make a key and show it, this once: nobody can show it again.

    NAME says which program it is for. Keep the key where that program keeps its secrets, never in a web page or in git.

    \b
    Example:
      newsletter api-keys add website --scope subscribers:write --expires 2027-12-31
    """
    from newsletter.model.audit import Action
    from newsletter.store import api_keys, audit

    line = " ".join(name.split())
    if not line or len(line) > _LONGEST or show.clean(line) != line:
        msg = f"NAME says which program the key is for: at most {_LONGEST} characters, none of them invisible."
        raise click.UsageError(msg)
    place, moment = workspace(), now()
    ends = _end_of(expires, place.settings) if expires else None
    if ends and ends <= moment:
        msg = "--expires is in the past; name a day to come."
        raise click.UsageError(msg)
    with open_store(place).write() as connection:
        key, text = api_keys.add(connection, line, map(Scope, scopes), moment, ends)
        facts = {"name": line, "scopes": sorted(key.scopes), "until": ends.isoformat() if ends else None}
        audit.note(connection, Action.API_KEY_ADDED, f"api key {key.prefix}", moment, **facts)
    if json_:
        show.as_json(key_json(key, moment) | {"key": text})
        return
    click.echo(text)
    until = f", until {show.moment(ends, ZoneInfo(place.settings.newsletter.timezone))}" if ends else ""
    click.echo(f"This is the key of {line}. It may: {scopes_in_words(key)}{until}.", err=True)
    click.echo("Keep it now: it is not stored and cannot be shown again. How to use it: docs/api.md", err=True)
    click.echo(f"To end it: newsletter api-keys revoke {key.prefix}", err=True)


def _end_of(day: datetime, settings: Settings) -> datetime:
    """The midnight after it, where the newsletter is."""
    zone = ZoneInfo(settings.newsletter.timezone)
    return datetime.combine(day.date() + timedelta(days=1), time(), zone).astimezone(UTC)
