"""`newsletter subscribers unsubscribe`: somebody asked us to take them off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.subscribers.person import hash_of, lists_named
from newsletter.errors import SubscriberNotFound
from newsletter.model.audit import Action, reader
from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import MailingList, Subscriber


@dataclass(frozen=True, kw_only=True)
class Left:
    """`lists` were left just now, `before` earlier. `number` is None where nobody has the address."""

    number: int | None = None
    address: str
    lists: Sequence[str]
    before: Sequence[str]
    everything: bool = False


@click.command("unsubscribe")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--list", "names", metavar="LIST", multiple=True, help="Only this list (default: all); repeatable.")
@click.option("--everything", is_flag=True, help="They want no mail from us at all: the address is never mailed again.")
@click.option("--reason", metavar="TEXT", default="", help="How they asked; kept with it.")
@json_option
def unsubscribe_(addresses: tuple[str, ...], names: tuple[str, ...], everything: bool, reason: str, json_: bool) -> int:
    """Take readers off lists, because they asked you to. A second time changes nothing.

    No import brings them back. With --everything the address is suppressed too, also one that is not known here. Exit
    code 1 when an address is not known; the others are done.

    \b
    Example:
      newsletter subscribers unsubscribe ada@example.org --list friends --reason "On the phone, 3 May 2026"
      newsletter subscribers unsubscribe ada@example.org grace@example.org --everything
    """
    from newsletter.store import audit

    if names and everything:
        msg = "--everything is all lists and more; give it without --list."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    keys, moment = open_keys(place, store), now()
    said = Said(source=ConsentSource.BY_HAND, at=moment, recorded_at=moment, ground=reason)
    done: list[Left] = []
    unknown: list[str] = []
    with store.write() as connection:
        lists = lists_named(connection, names)
        for address in dict.fromkeys(addresses):
            try:
                key = hash_of(keys, address)
                done.append(_one(connection, key, address, said, everything=everything, lists=lists))
            except SubscriberNotFound:
                unknown.append(address)
        for left in done:
            if left.lists or left.everything:
                facts = {"left": left.lists, "never_again": left.everything}
                audit.note(connection, Action.SUBSCRIBER_CHANGED, reader(left.number), moment, **facts)
    if json_:
        show.as_json({"people": [_as_json(left) for left in done], "unknown": unknown})
    else:
        _say(done, unknown, ends=bool(names) or everything)
    return 1 if unknown else 0


def _one(
    connection: Connection, key: str, address: str, said: Said, *, everything: bool, lists: Sequence[MailingList]
) -> Left:
    """Raises:
    SubscriberNotFound
    """
    from newsletter.store.people import subscribers

    person = subscribers.find(connection, key)
    if person and everything:
        return _leave_everything(connection, person, said)
    if person:
        return _leave(connection, person, lists, said)
    if everything:
        return _suppress(connection, key, address, said)
    raise SubscriberNotFound


def _leave(connection: Connection, person: Subscriber, named: Sequence[MailingList], said: Said) -> Left:
    """The lists named, also those that they never joined; else all that they know."""
    from newsletter.store.people import consent, subscribers
    from newsletter.subscribers.consent import leave

    lists = named or [entry.list for entry in subscribers.subscriptions_of(connection, person.number)]
    moved = [consent.carry_out(connection, person.number, entry.number, leave, said) for entry in lists]
    gone = [one.before.list.name for one in moved if one.move.to]
    before = [entry.name for entry in lists if entry.name not in gone]
    return Left(number=person.number, address=person.address, lists=gone, before=before)


def _leave_everything(connection: Connection, person: Subscriber, said: Said) -> Left:
    from newsletter.store.people import consent, subscribers

    known = subscribers.subscriptions_of(connection, person.number)
    consent.leave_everything(connection, person.number, said.source, None, said.at, said.ground)
    stayed = [entry.list.name for entry in known if entry.status is SubscriptionStatus.UNSUBSCRIBED]
    gone = [entry.list.name for entry in known if entry.list.name not in stayed]
    return Left(number=person.number, address=person.address, lists=gone, before=stayed, everything=True)


def _suppress(connection: Connection, key: str, address: str, said: Said) -> Left:
    """Nobody we know: what they said holds all the same, should anybody ever import the address."""
    from newsletter.model.identity import identity
    from newsletter.store import suppressions

    source = f"by hand: {said.ground}" if said.ground else said.source
    suppressions.add(connection, key, identity(address), SuppressionReason.LEFT_EVERYTHING, source, said.at)
    return Left(address=address, lists=(), before=(), everything=True)


def _as_json(left: Left) -> dict[str, Any]:
    return {
        "email": left.address,
        "left": list(left.lists),
        "left_before": list(left.before),
        "suppressed": left.everything,
    }


def _say(done: Sequence[Left], unknown: Sequence[str], *, ends: bool) -> None:
    """`ends`: nothing more can be meant."""
    for left in done:
        for line in _lines(left):
            click.echo(line)
    if done and not ends:
        click.echo(
            "Other lists may still take them in. If they want no mail from us at all: the same with --everything"
        )
    for address in unknown:
        step = "Check the spelling; with --everything it is kept out all the same."
        click.echo(f"Not known: {show.clean(address)}. {step}", err=True)


def _lines(left: Left) -> Iterator[str]:
    address = show.clean(left.address)
    if left.lists:
        yield f"{address} left {', '.join(left.lists)}."
    if left.before:
        yield f"{address} had left {', '.join(left.before)} before."
    if not left.lists and not left.before and not left.everything:
        yield f"{address} is on no list."
    if left.everything:
        yield f"{address} is never mailed again, whatever is imported."
