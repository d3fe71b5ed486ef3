"""What the commands about single readers share: an address becomes an identity, a name of a list the list, a no words."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import now
from newsletter.errors import ConsentRefused, SubscriberNotFound
from newsletter.model.consent import Refusal
from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import THEIR_OWN_NO
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from sqlalchemy.engine import Connection

    from newsletter.keys import Keys
    from newsletter.model.segment import Condition
    from newsletter.model.subscriber import MailingList, Subscriber, Suppression
    from newsletter.settings import Workspace

_WHY_NEVER = {
    SuppressionReason.LEFT_EVERYTHING: "said that they never want mail from us again",
    SuppressionReason.HARD_BOUNCE: "cannot be reached: mail to this address came back for good",
    SuppressionReason.COMPLAINT: "reported our mail as spam",
    SuppressionReason.ERASED: "was erased at their own wish",
    SuppressionReason.BY_HAND: "was put on the list of those who are never mailed by hand",
    SuppressionReason.BAD_ADDRESS: "cannot be reached: the address was found to be bad",
}


def hash_of(keys: Keys, address: str) -> str:
    """The key that an address is known by.

    Raises:
        SubscriberNotFound: its domain is one that no address can have.
    """
    from newsletter.model.identity import identity

    try:
        return keys.identity_hash(identity(address))
    except ValueError:
        raise SubscriberNotFound from None


def known_person(connection: Connection, keys: Keys, address: str) -> Subscriber:
    """Raises:
    SubscriberNotFound
    """
    from newsletter.store.people import subscribers

    person = subscribers.find(connection, hash_of(keys, address))
    if person is None:
        raise SubscriberNotFound
    return person


def lists_named(connection: Connection, names: Iterable[str]) -> tuple[MailingList, ...]:
    """The lists of these names, each once, archived ones too.

    Raises:
        ListNotFound: with the nearest known name.
    """
    from newsletter.address.audience import included_lists
    from newsletter.store.people import lists

    return included_lists(names, lists.every(connection))


def segment_named(connection: Connection, place: Workspace, name: str) -> Condition:
    """The condition of a segment of newsletter.toml.

    Raises:
        click.UsageError: there is no such segment.
        SegmentUnusable: it asks for a list that is not there.
    """
    from zoneinfo import ZoneInfo

    from newsletter.address.conditions import conditions
    from newsletter.store.people import lists

    segments = place.settings.segments
    if name not in segments:
        near = nearest(name, segments)
        meant = f" Did you mean {near}?" if near else f" There are: {', '.join(segments) or 'none yet'}."
        msg = f"There is no segment {name} in newsletter.toml.{meant}"
        raise click.UsageError(msg)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    return conditions(segments, lists.every(connection), zone=zone, now=now())[name]


def new_address(text: str, *, json_: bool) -> tuple[str, str | None]:
    """A typed address that can be mailed, and the domain that was probably meant; on a terminal that is asked at once.

    Raises:
        click.UsageError: it is no address; the message says why.
    """
    from newsletter.model.identity import identity
    from newsletter.subscribers.addresses import checked_address
    from newsletter.subscribers.columns.values import PADDING, refuse_hostile
    from newsletter.subscribers.typos import hint

    address = text.strip(PADDING)
    try:
        refuse_hostile(address)
        checked_address(address)
        identity(address)
    except ValueError as why:
        msg = f"{show.clean(address[:80])}: {why}"
        raise click.UsageError(msg) from None
    meant = hint(address)
    if meant is None:
        return address, None
    better = f"{address.rpartition('@')[0]}@{meant}"
    if sys.stdin.isatty() and not json_:
        if click.confirm(f"Did you mean {better}?", err=True):
            return better, None
    else:
        click.echo(f"Is this a slip? {address} looks like {better}. It was taken as it is.", err=True)
    return address, meant


def refuse_suppressed(address: str, why: Suppression | None) -> None:
    """Raises:
    ConsentRefused
    """
    if why is None:
        return
    from newsletter.store.people.editing import MOVED

    told = "was the address of another reader, who has a new one" if why.source == MOVED else _WHY_NEVER[why.reason]
    msg = f"{show.clean(address)} {told} (since {day(why.at)}); nothing was changed"
    own, asked = why.reason in THEIR_OWN_NO, " --they-asked"
    step = "If they themselves ask to come back, say so first" if own else "If that no longer holds, say so first"
    command = f"newsletter suppressions remove {show.clean(address)} --because TEXT{asked if own else ''}"
    raise ConsentRefused(msg, f"{step}: {command}")


def refusal(address: str, list_: str, why: Refusal) -> ConsentRefused:
    """A subscription that does not move, in words; a suppressed person was refused before."""
    if why is Refusal.ARCHIVED:
        return ConsentRefused(
            f"the list {list_} is archived and takes nobody in; nothing was changed",
            f"Name another list, or take it out of the archive: newsletter lists archive {list_} --unarchive",
        )
    return ConsentRefused(
        f"{show.clean(address)} left {list_}; nothing was changed",
        "If they asked to come back: the same command with --rejoin, and --consent that says when and how they asked",
    )


def changed_lines(changes: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    for what, before, after in changes:
        yield f"  {what}: {show.clean(before) or '(nothing)'} -> {show.clean(after) or '(nothing)'}"


def changed_json(changes: Sequence[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [{"what": what, "before": before, "after": after} for what, before, after in changes]


def day(moment: datetime, zone: tzinfo = UTC) -> str:
    """The day that it was in a time zone."""
    return moment.astimezone(zone).date().isoformat()
