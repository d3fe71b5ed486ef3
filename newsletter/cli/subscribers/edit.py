"""`newsletter subscribers edit` and `tracking`: changing what is known of one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.subscribers.fields import field_options, said_by_hand, typed_edit
from newsletter.cli.subscribers.person import (
    changed_json,
    changed_lines,
    hash_of,
    known_person,
    new_address,
    refuse_suppressed,
)
from newsletter.errors import ConsentRefused

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.consent import Said
    from newsletter.model.subscriber import Subscriber
    from newsletter.subscribers.editing import Edit


@click.command("edit")
@click.argument("address")
@field_options
@click.option("--unset", metavar="NAME", multiple=True, help="Forget this attribute or field; repeatable.")
@click.option(
    "--address", "--email", "to", metavar="NEW", help="Their new address; lists, consent and history stay theirs."
)
@click.option("--reason", metavar="TEXT", help="How you know the new address; kept with it.")
@json_option
def edit_(
    address: str,
    unset: tuple[str, ...],
    to: str | None,
    reason: str | None,
    json_: bool,
    **typed: Any,  # noqa: ANN401 - what field_options takes
) -> None:
    """Change names, language, time zone, attributes or the address of one reader.

    The old address is never mailed or imported again, unless you give it back to them.

    \b
    Example:
      newsletter subscribers edit ada@example.org --set city=Leeds --unset sport --last-name Byron
      newsletter subscribers edit ada@example.org --address ada@example.com --reason "Wrote to us, 3 May 2026"
    """
    from newsletter.model.audit import Action, reader
    from newsletter.store import audit
    from newsletter.store.people import subscribers
    from newsletter.subscribers.editing import differences

    place = workspace()
    edit = typed_edit(typed, place.settings.attributes, unset)
    if not edit and to is None:
        msg = "Say what to change: --set NAME=VALUE, --unset NAME, --first-name, --address NEW, ..."
        raise click.UsageError(msg)
    store = open_store(place)
    keys = open_keys(place, store)
    with store.read() as connection:
        known_person(connection, keys, address)
    target, meant = new_address(to, json_=json_) if to is not None else (None, None)
    said, is_back = said_by_hand(reason, None, now()), False
    with store.write() as connection:
        before = _change(connection, known_person(connection, keys, address), edit, said.recorded_at)
        if target is not None:
            is_back = move_person(connection, keys, before, target, said)
        after = subscribers.by_number(connection, before.number)
        changes = list(differences(before, after))
        if changes:
            what = [name for name, _, _ in changes]
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(after.number), said.recorded_at, changed=what)
    if json_:
        facts = {"email": after.address, "changed": changed_json(changes), "suppression_lifted": is_back}
        show.as_json(facts | {"hint": meant})
        return
    click.echo(f"Changed {show.clean(address)}:" if changes else "Nothing changed: it is all so already.")
    for line in changed_lines(changes):
        click.echo(line)
    if is_back:
        click.echo(f"{show.clean(after.address)} was theirs before: it is not suppressed any more.")


def _change(connection: Connection, person: Subscriber, edit: Edit, moment: datetime) -> Subscriber:
    """Carry out what is not the address; the person as they were."""
    from newsletter.store.people import consent, editing, subscribers

    consent.hold(connection, person.number)
    before = subscribers.by_number(connection, person.number)
    after = edit.applied(before)
    if after != before:
        editing.change(connection, after, moment)
    return before


def move_person(connection: Connection, keys: Keys, person: Subscriber, address: str, said: Said) -> bool:
    """Give somebody another address; a spelling of the same one is no move. Whether they had it before.

    Raises:
        ConsentRefused: the new address is another reader's or suppressed, or the reader said no to us.
    """
    from newsletter.model.suppressing import only_undeliverable
    from newsletter.store import suppressions
    from newsletter.store.people import editing, subscribers

    old, new = hash_of(keys, person.address), hash_of(keys, address)
    if old == new:
        editing.respell(connection, person.number, address, said.recorded_at)
        return False
    if not only_undeliverable(suppressions.events_of(connection, old)):
        refuse_suppressed(person.address, subscribers.suppression_of(connection, old))
    is_back = editing.take_back(connection, person.number, new, said.recorded_at)
    refuse_suppressed(address, subscribers.suppression_of(connection, new))
    if subscribers.find(connection, new):
        msg = f"{show.clean(address)} is another reader already; nothing was changed"
        step = f"Look at both (newsletter subscribers show {show.clean(address)}), and let one of them leave."
        raise ConsentRefused(msg, step)
    editing.move(connection, person.number, address, new, said)
    return is_back


@click.command("tracking")
@click.argument("address")
@click.option("--allow", is_flag=True, help="They agreed that their opens and clicks are noted.")
@click.option("--refuse", is_flag=True, help="They do not want that.")
@click.option("--consent", metavar="TEXT", help="How and when they said so; needed with --allow.")
@click.option("--wording", metavar="TEXT", help="The exact words that they agreed to, where there were any.")
@json_option
def tracking_(address: str, allow: bool, refuse: bool, consent: str | None, wording: str | None, json_: bool) -> None:
    """Write down whether opens and clicks of one reader may be noted. Nobody agrees to that by joining a list.

    \b
    Example:
      newsletter subscribers tracking ada@example.org --refuse
    """
    from newsletter.model.audit import Action, reader
    from newsletter.store import audit
    from newsletter.store.people import consent as stored

    if allow == refuse:
        msg = "Say which: either --allow or --refuse."
        raise click.UsageError(msg)
    said = said_by_hand(consent, wording, now())
    if allow and not said.ground:
        msg = "--allow needs their word. Say with --consent when and how they agreed."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    with store.write() as connection:
        person = known_person(connection, keys, address)
        changed = stored.set_tracking(connection, person.number, said, allowed=allow)
        if changed:
            audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(person.number), now(), tracking=allow)
    if json_:
        show.as_json({"email": person.address, "tracking": allow, "changed": changed})
        return
    state = "may be noted" if allow else "are not noted"
    click.echo(f"Opens and clicks of {show.clean(person.address)} {state}" + ("." if changed else ", as before."))
