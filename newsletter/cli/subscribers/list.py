"""`newsletter subscribers list` and `find`: many readers, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.subscribers.person import lists_named, segment_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.subscriber import ListedSubscriber, Subscriber
    from newsletter.settings import Workspace

    Tags = Mapping[int, Sequence[str]]

_narrowing: Sequence[Callable[[Any], Any]] = (
    click.option("--list", "name", metavar="LIST", help="Only those who know this list."),
    click.option("--tag", metavar="TAG", help="Only those with this tag."),
    click.option("--segment", metavar="SEGMENT", help="Only those of this segment of newsletter.toml."),
    click.option("--status", type=click.Choice(["pending", "subscribed", "unsubscribed"]), help="Only these."),
    click.option("--after", type=click.IntRange(0), default=0, metavar="NUMBER", help="Go on behind this one."),
)


def _narrowed(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_narrowing):
        command = option(command)
    return command


@click.command("list")
@_narrowed
@click.option("--limit", type=click.IntRange(1), default=1000, show_default=True, help="How many at most.")
@json_option
def list_(limit: int, json_: bool, **narrowed: Any) -> None:  # noqa: ANN401 - what _narrowed takes
    """Show readers and what they joined.

    \b
    Example:
      newsletter subscribers list --list friends --status subscribed
    """
    found = _found(workspace(), limit, "", narrowed)
    _show(*found, limit, json_=json_)
    if not found[0] and not json_:
        asked = _asked(narrowed)
        first = "Nobody. Import readers: newsletter subscribers import FILE --list LIST --consent TEXT"
        click.echo(f"Nobody matches {asked}." if asked else first)


@click.command("find")
@click.argument("words", nargs=-1, required=True)
@_narrowed
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="How many at most.")
@json_option
def find_(words: tuple[str, ...], limit: int, json_: bool, **narrowed: Any) -> None:  # noqa: ANN401 - see above
    """Find readers by pieces of their address or name; all of the words must be there.

    \b
    Example:
      newsletter subscribers find love example.org
    """
    typed = " ".join(words)
    if not typed.split():
        msg = "Give at least one word to look for."
        raise click.UsageError(msg)
    found = _found(workspace(), limit, typed, narrowed)
    _show(*found, limit, json_=json_)
    if not found[0] and not json_:
        asked = _asked(narrowed)
        click.echo("Nobody has all of that in their address or name" + (f", and matches {asked}." if asked else "."))


def _asked(narrowed: Mapping[str, Any]) -> str:
    """The options that narrow, as they were typed."""
    options = {"name": "list", "tag": "tag", "segment": "segment", "status": "status", "after": "after"}
    return " ".join(
        f"--{option} {show.clean(str(narrowed[name]))}" for name, option in options.items() if narrowed[name]
    )


def _found(
    place: Workspace, limit: int, words: str, narrowed: Mapping[str, Any]
) -> tuple[Sequence[ListedSubscriber], Tags]:
    from newsletter.store.people import subscribers, tags

    name, segment = narrowed["name"], narrowed["segment"]
    store = open_store(place)
    with store.read() as connection:
        if name:
            lists_named(connection, [name])
        rows = subscribers.page(
            connection,
            list_name=name,
            status=narrowed["status"],
            limit=limit,
            after=narrowed["after"],
            tag=narrowed["tag"],
            words=words,
            segment=segment_named(connection, place, segment) if segment else None,
        )
        return rows, tags.of_people(connection, [row.subscriber.number for row in rows])


def _show(rows: Sequence[ListedSubscriber], tags: Tags, limit: int, *, json_: bool) -> None:
    """A full page says how to go on."""
    following = rows[-1].subscriber.number if len(rows) == limit else None
    if json_:
        people = [_row_json(row, tags.get(row.subscriber.number, ())) for row in rows]
        show.as_json({"subscribers": people, "next": following})
        return
    for row in rows:
        lists = ", ".join(f"{entry} ({state})" for entry, state in row.statuses.items()) or "no list"
        never = f"  never mailed: {row.suppressed}" if row.suppressed else ""
        tagged = "".join(f" #{show.clean(tag)}" for tag in tags.get(row.subscriber.number, ()))
        person = f"{show.clean(row.subscriber.address):<36} {show.clean(row.subscriber.name):<30}"
        click.echo(f"{person} {lists}{tagged}{never}")
    if following is not None:
        click.echo(f"({show.number(limit)} shown; the next ones: --after {following}, more at once: --limit)")


def _row_json(row: ListedSubscriber, tags: Sequence[str]) -> dict[str, Any]:
    more = {"lists": dict(row.statuses), "tags": list(tags), "suppressed": row.suppressed}
    return subscriber_json(row.subscriber) | more


def subscriber_json(reader: Subscriber) -> dict[str, Any]:
    return {
        "email": reader.address,
        "first_name": reader.first_name,
        "last_name": reader.last_name,
        "language": reader.language,
        "timezone": reader.timezone,
        "attributes": dict(reader.attributes),
        "tracking": reader.tracking,
    }
