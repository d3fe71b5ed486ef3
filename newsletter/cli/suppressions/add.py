"""`newsletter suppressions add`: addresses by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.suppressions.words import REASONS, identity_of, one_line, stands
from newsletter.model.audit import Action
from newsletter.model.audit import reader as subject_of
from newsletter.model.subscriber import ConsentSource, Suppression, SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, kw_only=True)
class _Added:
    """`before` and `after` are how the address stood and stands; `number` is the reader's; `left` counts the lists
    that were left.
    """

    address: str
    before: Suppression | None
    after: Suppression
    number: int | None
    left: int

    @property
    def is_reader(self) -> bool:
        return self.number is not None


@click.command("add")
@click.argument("addresses", nargs=-1, required=True, metavar="ADDRESS...")
@click.option("--reason", type=click.Choice(REASONS), default="by hand", show_default=True, help="Why.")
@click.option("--note", metavar="TEXT", default="", help="How you know; kept with it. Nothing about anybody's health.")
@json_option
def add(addresses: tuple[str, ...], reason: str, note: str, json_: bool) -> None:
    """Never mail these addresses again, whether they are readers or not.

    No import brings them back. For a reader who asked you for it, --reason "left everything" takes them off every list
    as well; for one list only, use `newsletter subscribers unsubscribe`. A second time changes nothing.

    \b
    Example:
      newsletter suppressions add ada@example.org --note "Rang us on 3 May 2026"
      newsletter suppressions add bob@example.org --reason "left everything"
    """
    from newsletter.store import audit

    note = one_line(note, "--note")
    people = {identity_of(address): address.strip() for address in addresses}
    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    because = SuppressionReason(reason)
    source = f"by hand: {note}" if note else "by hand"
    with store.write() as connection:
        added = [
            _suppress(connection, keys.identity_hash(person), person, address, because, source, now())
            for person, address in people.items()
        ]
        for one in added:
            if one.before != one.after or one.left:
                facts = {"reason": one.after.reason, "lists_left": one.left}
                audit.note(connection, Action.SUPPRESSION_ADDED, subject_of(one.number), now(), **facts)
    if json_:
        show.as_json({"suppressions": [_as_json(one) for one in added]})
        return
    for one in added:
        for line in _lines(one):
            click.echo(line)


def _suppress(
    connection: Connection,
    key: str,
    person: str,
    address: str,
    reason: SuppressionReason,
    source: str,
    at: datetime,
) -> _Added:
    from newsletter.store import suppressions
    from newsletter.store.people import consent, subscribers

    reader = subscribers.find(connection, key)
    if reader:
        consent.hold(connection, reader.number)
    before = subscribers.suppression_of(connection, key)
    suppressions.add(connection, key, person, reason, source, at)
    left = 0
    if reader and reason is SuppressionReason.LEFT_EVERYTHING:
        left = consent.leave_everything(connection, reader.number, ConsentSource.BY_HAND, None, at)
    after = subscribers.suppression_of(connection, key) or Suppression(reason=reason, source=source, at=at)
    return _Added(address=address, before=before, after=after, number=reader.number if reader else None, left=left)


def _lines(one: _Added) -> Iterator[str]:
    from newsletter.subscribers.typos import hint

    address = show.clean(one.address)
    local = address.rpartition("@")[0]
    who = "a reader here" if one.is_reader else "not a reader here; no import will make them one"
    if one.before is None:
        yield f"{address} is never mailed from now on: {one.after.reason} ({who})."
    elif one.before == one.after:
        yield f"{address} was suppressed before: {stands(one.after)}. That stays."
    else:
        yield f"{address} was suppressed before ({one.before.reason}); it says {one.after.reason} now."
    if not one.is_reader and (meant := hint(one.address)):
        yield f"  Is this a slip? If {meant} was meant: newsletter suppressions add {local}@{meant}"
    if one.left:
        yield f"  {show.number(one.left)} {show.plural(one.left, 'list')} left."


def _as_json(one: _Added) -> dict[str, Any]:
    return {
        "email": one.address,
        "reason": one.after.reason,
        "since": one.after.at.isoformat(),
        "before": one.before.reason if one.before else None,
        "is_reader": one.is_reader,
        "lists_left": one.left,
    }
