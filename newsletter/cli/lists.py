"""`newsletter lists`."""

from __future__ import annotations

import re

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace


@click.group()
def lists() -> None:
    """Add and show lists that readers can join.

    \b
    Example:
      newsletter lists add friends --title "Friends of the clinic"
    """


@lists.command()
@click.argument("name")
@click.option("--title", help="What readers see (default: the name).")
@json_option
def add(name: str, title: str | None, json_: bool) -> None:
    """Add a list; one that is there already stays as it is.

    \b
    Example:
      newsletter lists add friends --title "Friends of the clinic"
    """
    from newsletter.store import lists as stored

    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", name):
        msg = f"A list's name is lower-case letters, digits, - and _ (such as friends), not {name!r}. Readers see --title."
        raise click.UsageError(msg)
    store = open_store(workspace())
    with store.write() as connection:
        known = next((entry for entry in stored.every(connection) if entry.name == name), None)
        entry = known or stored.add(
            connection, name, title or name.replace("-", " ").replace("_", " ").capitalize(), now()
        )
    if json_:
        show.as_json({"name": entry.name, "title": entry.title, "added": known is None})
    elif known:
        click.echo(f"The list {name} is there already (readers see: {entry.title}).")
    else:
        click.echo(f"Added the list {name} (readers see: {entry.title}).")
        click.echo(f'Next: newsletter subscribers import FILE --list {name} --consent "how and when they agreed"')


@lists.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all lists and how many have joined.

    \b
    Example:
      newsletter lists list
    """
    from newsletter.model.subscriber import SubscriptionStatus
    from newsletter.store import lists as stored

    store = open_store(workspace())
    with store.read() as connection:
        every, counts = stored.every(connection), stored.counts(connection)
    rows = [
        {"name": entry.name, "title": entry.title}
        | {status.value: counts.get(entry.number, {}).get(status, 0) for status in SubscriptionStatus}
        for entry in every
    ]
    if json_:
        show.as_json({"lists": rows})
        return
    if not rows:
        click.echo("No lists yet. Add one: newsletter lists add friends")
    for row in rows:
        click.echo(
            f"{row['name']:<20} {show.number(int(row['subscribed'])):>9} subscribed, {row['pending']} pending, "
            f"{row['unsubscribed']} left   {row['title']}"
        )
