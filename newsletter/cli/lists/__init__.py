"""`newsletter lists`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.lists.edit import archive as archive_
from newsletter.cli.lists.edit import edit
from newsletter.cli.lists.showing import show_
from newsletter.cli.lists.words import checked_name, entry_json, offered_options, one_line, subscribed_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.subscriber import MailingList, SubscriptionStatus


@click.group()
def lists() -> None:
    """Add, change and show lists that readers can join.

    \b
    Example:
      newsletter lists add friends --title "Friends of the clinic"
    """


@lists.command()
@click.argument("name")
@click.option("--title", help="What readers see (default: the name).")
@click.option("--description", metavar="TEXT", help="What readers are told about it on pages.")
@click.option(
    "--opt-in",
    type=click.Choice(["single", "double"]),
    help="Whether somebody who joins by a page must confirm it by mail (double, the default).",
)
@offered_options
@json_option
def add(
    name: str,
    title: str | None,
    description: str | None,
    opt_in: str | None,
    public: bool | None,
    archive: str | None,
    json_: bool,
) -> None:
    """Add a list; one that is there already stays as it is.

    \b
    Example:
      newsletter lists add friends --title "Friends of the clinic" --description "News of the clinic, once a month"
      newsletter lists add letter --title "Our letter" --public --archive public
    """
    from newsletter.model.audit import Action
    from newsletter.model.subscriber import Archive, OptIn
    from newsletter.store import audit
    from newsletter.store.people import lists as stored

    checked_name(name)
    shown = one_line("--title", title) or name.replace("-", " ").replace("_", " ").capitalize()
    told = one_line("--description", description) or ""
    place = workspace()
    store = open_store(place)
    with store.write() as connection:
        known = next((entry for entry in stored.every(connection) if entry.name == name), None)
        entry = known or stored.add(
            connection,
            name,
            shown,
            now(),
            description=told,
            opt_in=OptIn(opt_in or OptIn.DOUBLE),
            public=bool(public),
            archive=Archive(archive or Archive.HIDDEN),
        )
        if not known:
            audit.note(connection, Action.LIST_ADDED, f"list {name}", now(), opt_in=entry.opt_in, public=entry.public)
    if json_:
        show.as_json(entry_json(entry) | {"added": known is None})
        return
    if known:
        click.echo(f"The list {name} is there already (readers see: {show.clean(entry.title)}).")
        if title or description or opt_in or archive or public is not None:
            click.echo(f"It stays as it is. To change it: newsletter lists edit {name}")
    else:
        click.echo(f"Added the list {name} (readers see: {show.clean(entry.title)}).")
        if public:
            click.echo(f"Readers can join it at {place.settings.newsletter.base_url}/subscribe?list={name}")
        click.echo(f'Next: newsletter subscribers import FILE --list {name} --consent "how and when they agreed"')
    if name in place.settings.segments:
        click.echo(
            f"newsletter.toml has a segment {name} as well: in issues that name is the segment; for --to and --except "
            f"say list:{name} or segment:{name}.",
            err=True,
        )


@lists.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all lists and how many have joined.

    \b
    Example:
      newsletter lists list
    """
    from newsletter.model.subscriber import SubscriptionStatus
    from newsletter.store.people import lists as stored

    store = open_store(workspace())
    with store.read() as connection:
        every, counts = stored.every(connection), stored.counts(connection)
        never = stored.suppressed(connection)
    if json_:
        rows = [
            entry_json(entry)
            | {status.value: counts.get(entry.number, {}).get(status, 0) for status in SubscriptionStatus}
            | {"suppressed": never.get(entry.number, 0)}
            for entry in every
        ]
        show.as_json({"lists": rows})
        return
    if not every:
        click.echo("No lists yet. Add one: newsletter lists add friends")
    for entry in every:
        click.echo(_line(entry, counts.get(entry.number, {}), never.get(entry.number, 0)))


def _line(entry: MailingList, counts: Mapping[SubscriptionStatus, int], never: int) -> str:
    from newsletter.model.subscriber import SubscriptionStatus

    subscribed = subscribed_words(counts.get(SubscriptionStatus.SUBSCRIBED, 0), never)
    pending, left = (
        show.number(counts.get(status, 0)) for status in (SubscriptionStatus.PENDING, SubscriptionStatus.UNSUBSCRIBED)
    )
    archived = "archived: " if entry.archived_at else ""
    offered = "public: " if entry.public and not entry.archived_at else ""
    return (
        f"{entry.name:<20} {subscribed}, {pending} pending, {left} left   {archived}{offered}{show.clean(entry.title)}"
    )


for _command in (edit, show_, archive_):
    lists.add_command(_command)
