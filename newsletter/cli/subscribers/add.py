"""`newsletter subscribers add`: one reader by hand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.subscribers.fields import field_options, said_by_hand, tag_names, typed_edit
from newsletter.cli.subscribers.person import (
    changed_json,
    changed_lines,
    hash_of,
    lists_named,
    new_address,
    refusal,
    refuse_suppressed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.model.consent import Moved, Said
    from newsletter.store.database import Store
    from newsletter.subscribers.editing import Edit


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody who adds a reader has typed. `tracking` is None where nothing was said of it."""

    address: str
    lists: Sequence[str]
    edit: Edit
    said: Said
    tags: Sequence[str] = ()
    tracking: bool | None = None
    rejoin: bool = False


@dataclass(kw_only=True)
class Added:
    """What became of it. `changes` are (what, before, after) of somebody who was known."""

    address: str
    is_new: bool
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    tracking: bool = False
    tracking_changed: bool = False

    @property
    def changed(self) -> bool:
        moved = any(one.move.to or one.move.action for one in self.moved)
        return bool(self.is_new or self.changes or moved or self.tags or self.tracking_changed)


@click.command("add")
@click.argument("address")
@click.option("--list", "names", metavar="LIST", multiple=True, required=True, help="The list they join; repeatable.")
@click.option("--consent", metavar="TEXT", help="How and when they agreed; without it they are pending, never mailed.")
@click.option("--wording", metavar="TEXT", help="The exact words that they agreed to, where there were any.")
@field_options
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Give this tag; repeatable.")
@click.option(
    "--tracking", type=click.Choice(["yes", "no"]), help="They agreed (or not) that opens and clicks are noted."
)
@click.option("--rejoin", is_flag=True, help="They left, and asked to come back: --consent says how.")
@json_option
def add_(
    address: str,
    names: tuple[str, ...],
    consent: str | None,
    wording: str | None,
    tags: tuple[str, ...],
    tracking: str | None,
    rejoin: bool,
    json_: bool,
    **typed: Any,  # noqa: ANN401 - what field_options takes
) -> None:
    """Add one reader to lists, or complete one who is known.

    Nobody is there twice. Who left stays out unless you say that they asked to come back (--rejoin); who is never to
    be mailed is not added.

    \b
    Example:
      newsletter subscribers add ada@example.org --list friends --consent "Asked on the phone, 3 May 2026" --first-name Ada
    """
    said = said_by_hand(consent, wording, now())
    if rejoin and not said.ground:
        msg = "--rejoin brings back somebody who left. Say with --consent when and how they asked for it."
        raise click.UsageError(msg)
    if tracking == "yes" and not said.ground:
        msg = "--tracking yes needs their word. Say with --consent when and how they agreed to it."
        raise click.UsageError(msg)
    place = workspace()
    edit = typed_edit(typed, place.settings.attributes)
    given, meant = new_address(address, json_=json_)
    wanted = Wanted(
        address=given,
        lists=names,
        edit=edit,
        said=said,
        tags=tag_names(tags),
        tracking=None if tracking is None else tracking == "yes",
        rejoin=rejoin,
    )
    store = open_store(place)
    added = add_person(store, open_keys(place, store), wanted, now())
    if json_:
        show.as_json(_as_json(added) | {"hint": meant})
        return
    for line in _lines(added):
        click.echo(line)


def add_person(store: Store, keys: Keys, wanted: Wanted, moment: datetime) -> Added:
    """All of it or nothing.

    Raises:
        ListNotFound, ConsentRefused
    """
    import uuid

    from newsletter.model.audit import Action, reader
    from newsletter.store import audit
    from newsletter.store.people import consent, editing, subscribers, tags
    from newsletter.subscribers.consent import by_hand
    from newsletter.subscribers.editing import differences

    key = hash_of(keys, wanted.address)
    with store.write() as connection:
        lists = lists_named(connection, wanted.lists)
        refuse_suppressed(wanted.address, subscribers.suppression_of(connection, key))
        person, is_new = editing.add(
            connection, public_id=uuid.uuid4().hex, identity_hash=key, address=wanted.address, now=moment
        )
        decide = partial(by_hand, grounded=bool(wanted.said.ground), rejoin=wanted.rejoin)
        added = Added(address=person.address, is_new=is_new)
        for entry in lists:
            moved = consent.carry_out(connection, person.number, entry.number, decide, wanted.said)
            if moved.move.refused:
                raise refusal(person.address, entry.name, moved.move.refused)
            added.moved.append(moved)
        after = wanted.edit.applied(person)
        added.changes = list(differences(person, after))
        if added.changes:
            editing.change(connection, after, moment)
        given = tags.add(connection, tags.these([person.number]), wanted.tags, moment)
        added.tags = [name for name, one in given.items() if one.people]
        if wanted.tracking is not None:
            # the words that they were shown are those of the list
            said = replace(wanted.said, wording="")
            added.tracking_changed = consent.set_tracking(connection, person.number, said, allowed=wanted.tracking)
        added.tracking = person.tracking if wanted.tracking is None else wanted.tracking
        if added.changed:
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(person.number), moment, **_logged(added, wanted))
    return added


def _logged(added: Added, wanted: Wanted) -> dict[str, Any]:
    """Without what is personal: the grounds stand in the history of their consent."""
    return {
        "added": added.is_new,
        "lists": {one.before.list.name: one.status for one in added.moved if one.move.to or one.move.action},
        "changed": [what for what, _, _ in added.changes],
        "tags": added.tags,
        "rejoined": wanted.rejoin,
    }


def _as_json(added: Added) -> dict[str, Any]:
    return {
        "email": added.address,
        "added": added.is_new,
        "lists": [
            {"list": one.before.list.name, "status": one.status, "before": one.before.status} for one in added.moved
        ],
        "changed": [] if added.is_new else changed_json(added.changes),
        "tags_added": added.tags,
        "tracking": added.tracking,
    }


def _lines(added: Added) -> Iterator[str]:
    address = show.clean(added.address)
    if not added.changed:
        yield f"{address} is known, and it is all so already."
    else:
        yield f"Added {address}." if added.is_new else f"{address} is known; changed:"
    for one in added.moved:
        name, before = one.before.list.name, one.before.status
        yield f"  {name}: {one.status}" + (f" (was {before})" if before and before != one.status else "")
    if not added.is_new:
        yield from changed_lines(added.changes)
    if added.tags:
        yield f"  tagged: {', '.join(map(show.clean, added.tags))}"
    if added.tracking_changed:
        yield f"  tracking: {'allowed' if added.tracking else 'refused'}"
    if any(one.status == "pending" for one in added.moved):
        yield 'Pending people are never mailed. When they have agreed: the same command with --consent "how and when".'
