"""`newsletter mailings resolve`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.mailings.standing import read_standing, standing_json
from newsletter.cli.mailings.words import deliveries, report_lines
from newsletter.model.mailing import MailingState


@click.command("resolve")
@click.argument("number", type=int)
@click.option("--accepted", is_flag=True, help="They have it: count as accepted.")
@click.option("--not-sent", is_flag=True, help="They do not have it: plan them again.")
@click.option(
    "--delivery",
    "only",
    type=int,
    multiple=True,
    metavar="N",
    help="Only this one, by its number in `mailings export`; may be given again.",
)
@json_option
def resolve_(number: int, accepted: bool, not_sent: bool, only: tuple[int, ...], json_: bool) -> None:
    """Settle deliveries that are in doubt.

    Nobody but you can say what you found out, at the provider or from a reader. `newsletter mailings show` has the
    choices and what each means.

    \b
    Example:
      newsletter mailings resolve 3 --accepted
      newsletter mailings resolve 3 --not-sent --delivery 17 --delivery 18
    """
    from newsletter import wiring
    from newsletter.store import ledger
    from newsletter.store import mailings as stored

    if accepted == not_sent:
        msg = "Say what you found out: either --accepted or --not-sent."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    with store.write() as connection:
        if stored.get(connection, number).state is MailingState.CANCELLED:  # no next run asks what became of the rest
            ledger.doubt_interrupted(connection, number, now(), wiring.may_be_alive)
        count = ledger.resolve_uncertain(connection, number, accepted=accepted, now=now(), only=only or None)
        standing = read_standing(connection, number, place.settings)
    if json_:
        show.as_json({"resolved": count} | standing_json(standing))
        return
    click.echo(f"Settled {show.number(count)} uncertain {'delivery' if count == 1 else 'deliveries'}.")
    if only and (others := len({*only}) - count):
        click.echo(f"{deliveries(others)} of those named {'was' if others == 1 else 'were'} not uncertain: unchanged.")
    for line in report_lines(standing, place.settings):
        click.echo(line)
