"""`newsletter api-keys list` and `revoke`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.api_keys.words import key_json, scopes_in_words
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from newsletter.model.api_key import ApiKey


@click.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all keys: what each may do, until when, and in which hour it was used last.

    \b
    Example:
      newsletter api-keys list
    """
    from newsletter.store import api_keys

    place, moment = workspace(), now()
    with open_store(place).read() as connection:
        every = api_keys.every(connection)
    if json_:
        show.as_json({"api_keys": [key_json(key, moment) for key in every]})
        return
    if not every:
        click.echo("No keys yet. Make one: newsletter api-keys add website --scope subscribers:write")
    for key in every:
        click.echo(_line(key, moment, ZoneInfo(place.settings.newsletter.timezone)))


def _line(key: ApiKey, now: datetime, zone: tzinfo) -> str:
    used = f"used {show.moment(key.used_at, zone)}" if key.used_at else "never used"
    return f"{key.prefix}  {_state(key, now, zone)}  {used}  {show.clean(key.name)}: {scopes_in_words(key)}"


def _state(key: ApiKey, now: datetime, zone: tzinfo) -> str:
    if key.revoked_at:
        return f"revoked {show.moment(key.revoked_at, zone)}"
    if key.expires_at:
        return f"{'works until' if key.works_at(now) else 'expired'} {show.moment(key.expires_at, zone)}"
    return "works"


@click.command("revoke")
@click.argument("prefix")
@json_option
def revoke(prefix: str, json_: bool) -> None:
    """End a key at once and for good. PREFIX is the part between the first two _ of the key.

    \b
    Example:
      newsletter api-keys revoke 3f9a1c77b2d0
    """
    from newsletter.model.api_key import prefix_of
    from newsletter.model.audit import Action
    from newsletter.store import api_keys, audit

    moment = now()
    # whoever pastes the whole key means its prefix; and an error must not repeat the rest
    meant = prefix_of(prefix) or prefix[:12]
    with open_store(workspace()).write() as connection:
        key, changed = api_keys.revoke(connection, meant, moment)
        if changed:
            audit.note(connection, Action.API_KEY_REVOKED, f"api key {key.prefix}", moment, name=key.name)
    if json_:
        show.as_json(key_json(key, moment) | {"changed": changed})
        return
    before = "" if changed else " before"
    click.echo(f"The key {key.prefix} of {show.clean(key.name)} was revoked{before}: it opens nothing any more.")
