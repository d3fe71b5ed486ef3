"""`newsletter suppressions remove`: the one way to lift a suppression."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.logged import refusals_noted
from newsletter.cli.suppressions import at_esp as provider
from newsletter.cli.suppressions.words import (
    day,
    history_json,
    history_lines,
    identity_of,
    one_line,
    stands,
    suppression_json,
)
from newsletter.errors import ConsentRefused
from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.model.suppressing import THEIR_OWN_NO, only_undeliverable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.subscriber import Subscription, Suppression
    from newsletter.model.suppressing import SuppressionEvent
    from newsletter.settings import Workspace
    from newsletter.store.suppressions.lifting import Lifted

_SAID = {
    SuppressionReason.LEFT_EVERYTHING: "said that they want no mail from us at all",
    SuppressionReason.COMPLAINT: "reported our mail as spam; another one can cost us the mailboxes of many others",
    SuppressionReason.ERASED: "asked to be erased",
}


@dataclass(frozen=True, kw_only=True)
class _Standing:
    suppression: Suppression
    events: Sequence[SuppressionEvent]
    lists: Sequence[Subscription]


@click.command("remove")
@click.argument("address")
@click.option("--because", metavar="TEXT", default="", help="Why; kept for ever. Nothing about anybody's health.")
@click.option("--they-asked", is_flag=True, help="This person asked for our mail again, themselves.")
@click.option("--at-esp", is_flag=True, help="Have your provider (SendGrid) let go of the address too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def remove(address: str, because: str, they_asked: bool, at_esp: bool, yes: bool, json_: bool) -> None:
    """Let an address be mailed again, for a reason that is kept.

    Who left everything, complained or was erased said no themselves: that needs --they-asked, and they stay off every list
    until they join again. After a bounce the lists stay as they are. SendGrid has a list of its own, and drops mail to
    whom it holds back: --at-esp has it let go of the address, also of one that is not suppressed here any more.

    \b
    Example:
      newsletter suppressions remove ada@example.org --because "The mailbox was full in May, it works again" --at-esp
    """
    from newsletter.pipeline import lifting

    person = identity_of(address)
    because = one_line(because, "--because")
    place = workspace()
    mirror = provider.open_mirror(place, needed=at_esp)
    store = open_store(place)
    key = open_keys(place, store).identity_hash(person)
    held_back = mirror is not None and lifting.held_back(store, key, mirror)
    with store.read() as connection:
        standing, spellings = _standing(connection, key), provider.spellings(connection, key, address.strip(), person)
    if standing is None:
        provider.only_there(store, key, spellings, mirror if at_esp else None, json_=json_)
        return
    if not json_:
        for line in _before_lines(person, standing):
            click.echo(line, err=True)
    because = because or _ask_why()
    with refusals_noted(store, "suppressions", "suppressions remove"):
        _agree(standing.suppression, they_asked=they_asked, yes=yes)
    let_go = None
    if mirror and provider.shall_let_go(mirror, is_held_back=held_back, wanted=at_esp, yes=yes):
        let_go = provider.let_go(store, key, spellings, mirror)
    lifted = lifting.lift(place, store, key, standing.suppression, because, now())
    with store.read() as connection:
        after = _lists(connection, key)
    if json_:
        show.as_json({**_as_json(standing, lifted, after), "let_go_by_provider": let_go})
        return
    there = provider.line(person, place, mirror, held_back=held_back, let_go=let_go)
    for line in (*_after_lines(person, standing, lifted, after, place), *([there] if there else [])):
        click.echo(line)


def _standing(connection: Connection, key: str) -> _Standing | None:
    from newsletter.store.people.subscribers import suppression_of
    from newsletter.store.suppressions import events_of

    suppression = suppression_of(connection, key)
    if suppression is None:
        return None
    return _Standing(suppression=suppression, events=events_of(connection, key), lists=_lists(connection, key))


def _lists(connection: Connection, key: str) -> tuple[Subscription, ...]:
    from newsletter.store.people import subscribers

    reader = subscribers.find(connection, key)
    return subscribers.subscriptions_of(connection, reader.number) if reader else ()


def _ask_why() -> str:
    if not sys.stdin.isatty():
        msg = 'Say why this address may be mailed again; it is kept: --because "..."'
        raise click.UsageError(msg)
    why: str = click.prompt("Why may this address be mailed again?", err=True)
    return one_line(why, "The reason")


def _agree(suppression: Suppression, *, they_asked: bool, yes: bool) -> None:
    """On a terminal it is asked; elsewhere it has to be said."""
    asks = sys.stdin.isatty() and not yes
    if suppression.reason in THEIR_OWN_NO and not they_asked:
        if not asks:
            raise ConsentRefused(
                f"this person {_SAID[suppression.reason]}; nothing was lifted",
                "Only their own word takes that back. If they asked for our mail again, say so: --they-asked",
            )
        if not click.confirm("Did this person ask for our mail again, themselves?", err=True):
            _stop()
    if yes:
        return
    if not asks:
        msg = "Nothing was lifted: nobody could be asked. Add --yes to lift it without a question."
        raise click.UsageError(msg)
    if not click.confirm("Lift it?", err=True):
        _stop()


def _stop() -> None:
    click.echo("Nothing was lifted.", err=True)
    raise click.exceptions.Exit(2)


def _before_lines(person: str, standing: _Standing) -> Iterator[str]:
    yield f"{show.clean(person)}: {stands(standing.suppression)}"
    if len(standing.events) > 1:
        yield from history_lines(standing.events)


def _after_lines(
    person: str, standing: _Standing, lifted: Lifted, after: Sequence[Subscription], place: Workspace
) -> Iterator[str]:
    yield f"Lifted: {show.clean(person)} is not suppressed any more ({lifted.suppression.reason} since {day(lifted.suppression.at)})."
    mailed = [entry.list.name for entry in after if entry.status is SubscriptionStatus.SUBSCRIBED]
    if mailed:
        yield f"Mail goes there again, to a reader of: {', '.join(mailed)}."
    elif not after:
        yield f"They are on no list. To add them: {_add(person, 'LIST')}"
    else:
        names = [entry.list.name for entry in after]
        yield f"They get no mail: they are not subscribed to {', '.join(names)}."
        rejoin = " --rejoin" if not only_undeliverable(standing.events) or lifted.left else ""
        yield f"If they asked to join again: {_add(person, names[0])}{rejoin}"
    if lifted.suppression.reason is SuppressionReason.ERASED:
        yield f"{place.erasures} knows that they came back: restoring a backup does not erase them again."


def _add(person: str, name: str) -> str:
    return f'newsletter subscribers add {show.clean(person)} --list {name} --consent "how and when they asked"'


def _as_json(standing: _Standing, lifted: Lifted, after: Sequence[Subscription]) -> dict[str, Any]:
    return {
        "lifted": suppression_json(lifted.suppression),
        "history": history_json(standing.events),
        "lists_left": lifted.left,
        "lists": {entry.list.name: entry.status for entry in after},
    }
