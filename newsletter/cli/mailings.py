"""`newsletter mailings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.audience.words import options_of, whom_of
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.mailing import Mailing, Tally


@click.group()
def mailings() -> None:
    """Show mailings and what became of every delivery.

    \b
    Example:
      newsletter mailings list
    """


@mailings.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all mailings, the newest first.

    \b
    Example:
      newsletter mailings list
    """
    from newsletter.store import mailings as stored

    store = open_store(workspace())
    with store.read() as connection:
        every = [(mailing, stored.tally(connection, mailing.number)) for mailing in stored.every(connection)]
    if json_:
        show.as_json({"mailings": [mailing_json(mailing, tally) for mailing, tally in every]})
        return
    if not every:
        click.echo("No mailings yet. Send one: newsletter send ISSUE --to LIST")
    for mailing, tally in every:
        click.echo(
            f"{mailing.number:>4}  {mailing.state.value:<9} {show.number(tally[Outcome.ACCEPTED]):>9} of "
            f"{show.number(tally.audience)} accepted  {mailing.issue} to {whom_of(mailing)}"
        )


@mailings.command("show")
@click.argument("number", type=int)
@json_option
def show_(number: int, json_: bool) -> None:
    """Show one mailing: every outcome, and their sum.

    \b
    Example:
      newsletter mailings show 1
    """
    from newsletter.store import mailings as stored
    from newsletter.store import waivers

    store = open_store(workspace())
    with store.read() as connection:
        mailing, tally = stored.get(connection, number), stored.tally(connection, number)
        let_stand = waivers.of_mailing(connection, number)
        details, readers = stored.refusals(connection, number), stored.readers_by_variant(connection, number)
    if json_:
        variants = {
            name: {"fingerprint": fingerprint, "audience": readers.get(name, 0)}
            for name, fingerprint in mailing.variants.items()
        }
        more = {"refusals": details, "variants": variants, "waivers": [one.as_json() for one in let_stand]}
        show.as_json(mailing_json(mailing, tally) | more)
        return
    for line in report_lines(mailing, tally, details):
        click.echo(line)
    for line in show.variant_lines(readers):
        click.echo(f"  variant for {line}")
    for line in show.waiver_lines(let_stand):
        click.echo(f"  {line}")


@mailings.command()
@click.argument("number", type=int)
@click.option("--accepted", is_flag=True, help="They have it: count as accepted.")
@click.option("--not-sent", is_flag=True, help="They do not have it: plan them again.")
@json_option
def resolve(number: int, accepted: bool, not_sent: bool, json_: bool) -> None:
    """Settle deliveries whose outcome is uncertain, by what you found out (at the provider, from a reader).

    \b
    Example:
      newsletter mailings resolve 3 --accepted
    """
    from newsletter.store import mailings as stored
    from newsletter.store.ledger import resolve_uncertain

    if accepted == not_sent:
        msg = "Say what you found out: either --accepted or --not-sent."
        raise click.UsageError(msg)
    store = open_store(workspace())
    with store.write() as connection:
        stored.get(connection, number)
        count = resolve_uncertain(connection, number, accepted=accepted)
        mailing, tally = stored.get(connection, number), stored.tally(connection, number)
    if json_:
        show.as_json({"resolved": count} | mailing_json(mailing, tally))
        return
    click.echo(f"Settled {show.number(count)} uncertain {'delivery' if count == 1 else 'deliveries'}.")
    for line in report_lines(mailing, tally, {}):
        click.echo(line)


def mailing_json(mailing: Mailing, tally: Tally) -> dict[str, Any]:
    return {
        "mailing": mailing.number,
        "issue": mailing.issue,
        "lists": list(mailing.lists),
        "segments": list(mailing.segments),
        "excepted": list(mailing.excepted),
        "state": mailing.state.value,
        "sender": mailing.sender,
        "reason": mailing.reason,
        "again": mailing.again,
        "created_at": mailing.created_at.isoformat(),
        "started_at": mailing.started_at.isoformat() if mailing.started_at else None,
        "finished_at": mailing.finished_at.isoformat() if mailing.finished_at else None,
        "fingerprint": mailing.fingerprint,
    } | show.tally_json(tally)


def report_lines(mailing: Mailing, tally: Tally, refusals: Mapping[str, int]) -> Iterator[str]:
    """How a mailing stands, why some were not sent, and what the operator should do now."""
    head = f"Mailing {mailing.number}: {mailing.issue} to {whom_of(mailing)}, {mailing.state.value}"
    yield head + (f" ({show.clean(mailing.reason)})" if mailing.reason else "")
    yield from show.tally_lines(tally)
    yield from (f"  not accepted ({show.number(count)}): {show.clean(reason)}" for reason, count in refusals.items())
    yield from _next_steps(mailing, tally)


def _next_steps(mailing: Mailing, tally: Tally) -> Iterator[str]:
    """What the operator should do now; nothing when all is well."""
    command = f"newsletter send {mailing.issue} {options_of(mailing)}"
    if tally[Outcome.UNCERTAIN]:
        yield doubt_line(mailing.number, tally[Outcome.UNCERTAIN])
    if mailing.state is MailingState.PAUSED:
        yield f"Put right what it says above; then, to go on with the rest, run: {command}"
    elif mailing.state in {MailingState.SENDING, MailingState.SCHEDULED}:
        yield f"To go on with the rest, run: {command}"
    elif tally[Outcome.REFUSED]:
        yield f"The refused do not have it. Put right what it says above; then, to send it to them, run: {command}"


def doubt_line(mailing: int, count: int) -> str:
    """What to do about deliveries that nobody can tell about."""
    return (
        f"{show.number(count)} may or may not have it; they are not sent again by themselves. Ask the provider, then: "
        f"newsletter mailings resolve {mailing} --accepted (or --not-sent)"
    )
