"""`newsletter lists edit` and `archive`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.lists.words import checked_name, entry_json, offered_options, one_line, segments_asking_for
from newsletter.cli.subscribers.person import lists_named
from newsletter.errors import ConsentRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.subscriber import MailingList

_FIELDS = ("name", "title", "description", "opt_in", "public", "archive")


@click.command()
@click.argument("name")
@click.option("--title", help="What readers see.")
@click.option("--description", metavar="TEXT", help='What readers are told about it; "" for nothing.')
@click.option("--opt-in", type=click.Choice(["single", "double"]), help="Whether who joins by a page must confirm it.")
@offered_options
@click.option("--rename", "new", metavar="NEW", help="Another name for commands; readers do not see it.")
@json_option
def edit(
    name: str,
    title: str | None,
    description: str | None,
    opt_in: str | None,
    public: bool | None,
    archive: str | None,
    new: str | None,
    json_: bool,
) -> None:
    """Change a list. Who is on it, and what they agreed to, stays.

    \b
    Example:
      newsletter lists edit friends --title "Friends of the clinic" --opt-in double
      newsletter lists edit friends --public --archive public
    """
    from newsletter.model.audit import Action
    from newsletter.model.subscriber import Archive, OptIn
    from newsletter.store import audit
    from newsletter.store.people import lists as stored

    given = {"title": one_line("--title", title), "description": one_line("--description", description)}
    wanted: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    typed = {"opt_in": opt_in and OptIn(opt_in), "archive": archive and Archive(archive), "public": public}
    wanted |= {key: value for key, value in typed.items() if value is not None}
    if not wanted and new is None:
        msg = "Say what to change: --title, --description, --opt-in, --public, --archive or --rename."
        raise click.UsageError(msg)
    if given["title"] == "":
        msg = "--title is empty, and readers have to see something."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    with store.write() as connection:
        (before,) = lists_named(connection, [name])
        if (
            new is not None
            and new != name
            and any(entry.name == checked_name(new) for entry in stored.every(connection))
        ):
            msg = f"There is a list {new} already. Choose another name, or rename that one first."
            raise click.UsageError(msg)
        after = replace(before, **wanted, name=new or name)
        if after != before:
            stored.change(connection, after)
            audit.note(connection, Action.LIST_CHANGED, f"list {name}", now(), **_differences(before, after))
    asking = segments_asking_for(place.settings, name) if after.name != name else []
    if json_:
        show.as_json(entry_json(after) | {"changed": after != before, "segments_to_correct": asking})
        return
    _say(before, after, asking)


def _differences(before: MailingList, after: MailingList) -> dict[str, Any]:
    """What it is from now on."""
    return {key: getattr(after, key) for key in _FIELDS if getattr(after, key) != getattr(before, key)}


def _say(before: MailingList, after: MailingList, asking: Sequence[str]) -> None:
    if after == before:
        click.echo("Nothing changed: it is all so already.")
        return
    click.echo(f"Changed the list {before.name}:")
    for key in _FIELDS:
        old, new = (_shown(getattr(entry, key)) for entry in (before, after))
        if old != new:
            shown = key.replace("_", "-")
            click.echo(f"  {shown}: {old or '(nothing)'} -> {new or '(nothing)'}")
    if after.name != before.name:
        click.echo(f"Write {after.name} where {before.name} stands: in `audience` and in parts of issues, and in cron.")
    if asking:
        one = ", ".join(f"[segments.{segment}]" for segment in asking)
        click.echo(
            f"newsletter.toml asks for {before.name} in {one}: until that says {after.name} too, nothing can be sent to it.",
            err=True,
        )


def _shown(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return show.clean(value)


@click.command()
@click.argument("name")
@click.option("--unarchive", is_flag=True, help="Take it out of the archive again.")
@json_option
def archive(name: str, unarchive: bool, json_: bool) -> None:
    """Put a list away: it takes nobody in and is not mailed. What happened on it stays, and people can still leave it.

    \b
    Example:
      newsletter lists archive friends
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store.people import lists as stored

    place = workspace()
    store = open_store(place)
    with store.write() as connection:
        (before,) = lists_named(connection, [name])
        unfinished = stored.unfinished_mailings(connection, before.number)
        if unfinished and not unarchive:
            mailings = ", ".join(map(str, unfinished))
            msg = f"a mailing to {name} is not finished ({mailings}); the list was not archived"
            raise ConsentRefused(msg, f"Let it finish first: newsletter mailings show {unfinished[0]}")
        changes = bool(before.archived_at) == unarchive
        after = replace(before, archived_at=None if unarchive else now()) if changes else before
        if changes:
            stored.change(connection, after)
            audit.note(connection, Action.LIST_CHANGED, f"list {name}", now(), archived=not unarchive)
    if json_:
        show.as_json(entry_json(after) | {"changed": changes})
        return
    state = "is in use" if unarchive else "is archived: it takes nobody in and is not mailed"
    click.echo(f"The list {name} {state}" + ("." if changes else ", as before."))
    if not unarchive and changes:
        click.echo(f"Take it out again: newsletter lists archive {name} --unarchive")
