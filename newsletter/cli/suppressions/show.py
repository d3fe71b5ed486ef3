"""`newsletter suppressions list` and `show`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_keys, open_store, workspace
from newsletter.cli.suppressions.words import (
    day,
    history_json,
    history_lines,
    identity_of,
    stands,
    suppression_json,
)
from newsletter.model.subscriber import SuppressionReason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.suppressing import SuppressedIdentity

#: of the hash of an address that is not kept
_SHOWN = 8


@click.command("list")
@click.option("--reason", type=click.Choice([reason.value for reason in SuppressionReason]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many at most.")
@click.option("--after", metavar="MARK", help="Go on where a list ended; it says how.")
@json_option
def list_(reason: str | None, limit: int, after: str | None, json_: bool) -> None:
    """Show who is never mailed and why, the newest first.

    Of erased people, and of addresses that were replaced by others, only a hash is known.

    \b
    Example:
      newsletter suppressions list --reason complaint
    """
    from newsletter.store import suppressions as stored

    wanted = SuppressionReason(reason) if reason else None
    mark = _mark(after) if after else None
    store = open_store(workspace())
    with store.read() as connection:
        counts = stored.counts(connection)
        found = stored.page(connection, wanted, limit=limit + 1, after=mark)
    rows, more = found[:limit], None
    if len(found) > limit:
        more = f"{rows[-1].suppression.at.isoformat()}/{rows[-1].identity_hash}"
    if json_:
        show.as_json({"suppressions": [_row_json(row) for row in rows], "counts": counts, "after": more})
        return
    for line in _row_lines(rows):
        click.echo(line)
    click.echo(_count_line(counts))
    if more:
        narrowed = f' --reason "{reason}"' if reason else ""
        click.echo(f"Older ones: newsletter suppressions list{narrowed} --limit {limit} --after {more}", err=True)


def _mark(text: str) -> tuple[datetime, str]:
    at, _, key = text.partition("/")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        msg = "--after takes what the end of an earlier list says, such as 2026-11-02T10:11:12+00:00/3f2a..."
        raise click.UsageError(msg)
    return moment, key


def _row_lines(rows: tuple[SuppressedIdentity, ...]) -> Iterator[str]:
    for row in rows:
        who = show.clean(row.identity) if row.identity else f"(address not kept, hash {row.identity_hash[:_SHOWN]})"
        found = row.suppression
        source = show.clean(found.source) if found.source != found.reason else ""
        yield f"{who:<40} {found.reason:<15} {day(found.at)}  {source}".rstrip()


def _count_line(counts: Mapping[SuppressionReason, int]) -> str:
    total = sum(counts.values())
    if not total:
        return "Nobody is suppressed."
    said = ", ".join(f"{show.number(count)} {reason}" for reason, count in counts.items())
    return f"{show.number(total)} {show.plural(total, 'address') if total == 1 else 'addresses'}: {said}"


def _row_json(row: SuppressedIdentity) -> dict[str, Any]:
    return {"email": row.identity, "hash": row.identity_hash, **suppression_json(row.suppression)}


@click.command("show")
@click.argument("address")
@json_option
def show_(address: str, json_: bool) -> None:
    """Show whether an address is suppressed, why, since when, and what happened before.

    \b
    Example:
      newsletter suppressions show ada@example.org
    """
    from newsletter.store.people import subscribers
    from newsletter.store.suppressions import events_of

    person = identity_of(address)
    place = workspace()
    store = open_store(place)
    key = open_keys(place, store).identity_hash(person)
    with store.read() as connection:
        suppression, events = subscribers.suppression_of(connection, key), events_of(connection, key)
        is_reader = subscribers.find(connection, key) is not None
    if json_:
        found = suppression_json(suppression) if suppression else None
        show.as_json({"email": person, "suppressed": found, "history": history_json(events), "is_reader": is_reader})
        return
    click.echo(f"{show.clean(person)}: {stands(suppression) if suppression else 'not suppressed'}")
    for line in history_lines(events):
        click.echo(line)
    click.echo(
        f"A reader here: newsletter subscribers show {show.clean(person)}" if is_reader else "Not a reader here."
    )
