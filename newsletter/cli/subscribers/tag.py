"""`newsletter subscribers tag` and `tags`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.subscribers.fields import tag_names
from newsletter.cli.subscribers.person import hash_of, lists_named, segment_named
from newsletter.errors import SubscriberNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.store.people.tags import CountedTag, Given


@click.command("tag")
@click.argument("addresses", nargs=-1, metavar="[ADDRESS]...")
@click.option("--add", "added", metavar="TAG", multiple=True, help="Give this tag; repeatable.")
@click.option("--remove", "removed", metavar="TAG", multiple=True, help="Take this tag away; repeatable.")
@click.option("--list", "name", metavar="LIST", help="Everybody who is subscribed to this list.")
@click.option("--segment", metavar="SEGMENT", help="Everybody of this segment of newsletter.toml, on whatever list.")
@json_option
def tag_(
    addresses: tuple[str, ...],
    added: tuple[str, ...],
    removed: tuple[str, ...],
    name: str | None,
    segment: str | None,
    json_: bool,
) -> int:
    """Give readers tags, or take tags away: single ones, or all of a list or segment.

    Exit code 1 when an address is not known; the others are done.

    \b
    Example:
      newsletter subscribers tag ada@example.org grace@example.org --add vip --remove "old friend"
    """
    from newsletter.model.audit import Action
    from newsletter.store import audit
    from newsletter.store.people import tags

    gives, takes = tag_names(added), tag_names(removed)
    if not gives and not takes:
        msg = "Say which: --add TAG or --remove TAG."
        raise click.UsageError(msg)
    if sum(map(bool, (addresses, name, segment))) != 1:
        msg = "Say who: addresses, or --list LIST, or --segment SEGMENT."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    with store.write() as connection:
        unknown: list[str] = []
        numbers: list[int] = []
        if name:
            (entry,) = lists_named(connection, [name])
            people = tags.subscribed_to(entry.number)
        elif segment:
            people = tags.belonging_to(connection, segment_named(connection, place, segment))
        else:
            numbers, unknown = _numbers(connection, keys, addresses)
            people = tags.these(numbers)
        given = tags.add(connection, people, gives, now())
        taken = tags.remove(connection, people, takes)
        facts = {"tagged": {tag: one.people for tag, one in given.items() if one.people}}
        facts |= {"untagged": {tag: count for tag, count in taken.items() if count}}
        if any(facts.values()):
            whose = f"list {name}" if name else f"segment {segment}" if segment else "subscribers"
            audit.note(connection, Action.SUBSCRIBER_CHANGED, whose, now(), numbers=numbers, **facts)
    if json_:
        show.as_json(
            {
                "added": {name: one.people for name, one in given.items()},
                "on_no_list": {name: one.on_no_list for name, one in given.items()},
                "removed": taken,
                "unknown": unknown,
            }
        )
    else:
        _say(given, taken, unknown)
    return 1 if unknown else 0


def _numbers(connection: Connection, keys: Keys, addresses: Sequence[str]) -> tuple[list[int], list[str]]:
    """Who is meant, and the addresses that nobody has."""
    from newsletter.store.people import subscribers

    numbers: list[int] = []
    unknown: list[str] = []
    for address in addresses:
        try:
            person = subscribers.find(connection, hash_of(keys, address))
        except SubscriberNotFound:
            person = None
        if person is None:
            unknown.append(address)
        else:
            numbers.append(person.number)
    return numbers, unknown


def _say(given: Mapping[str, Given], taken: Mapping[str, int], unknown: Sequence[str]) -> None:
    for name, one in given.items():
        done = f"{_readers(one.people)} got it{_on_no_list(one)}" if one.people else "nobody got it anew"
        click.echo(f"{show.clean(name)}: {done}.")
    for name, count in taken.items():
        click.echo(f"{show.clean(name)}: {f'{_readers(count)} lost it' if count else 'nobody had it'}.")
    for address in unknown:
        click.echo(
            f"Not known: {show.clean(address)}. Check the spelling, or add them: newsletter subscribers add", err=True
        )


def _readers(count: int) -> str:
    return f"{show.number(count)} {show.plural(count, 'reader')}"


def _on_no_list(of: Given | CountedTag) -> str:
    """Whom no mailing reaches: they left, or have not agreed."""
    if not of.on_no_list:
        return ""
    if of.people == 1:
        return ", who is subscribed to no list"
    return f", {'all' if of.on_no_list == of.people else show.number(of.on_no_list)} of them subscribed to no list"


@click.command("tags")
@json_option
def tags_(json_: bool) -> None:
    """Show all tags, and how many readers have each, also those whom no mailing reaches.

    \b
    Example:
      newsletter subscribers tags
    """
    from newsletter.store.people import tags

    store = open_store(workspace())
    with store.read() as connection:
        found = tags.every(connection)
    if json_:
        rows: list[dict[str, Any]] = [asdict(one) for one in found]
        show.as_json({"tags": rows})
        return
    if not found:
        click.echo("No tags yet. Give one: newsletter subscribers tag ADDRESS --add TAG")
    for one in found:
        click.echo(f"{show.number(one.people):>9}  {show.clean(one.name)}{_on_no_list(one)}")
