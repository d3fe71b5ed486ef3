"""`newsletter mailings pause`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.mailings.standing import read_standing, standing_json
from newsletter.cli.mailings.words import BY_HAND, report_lines
from newsletter.model.mailing import Outcome


@click.command("pause")
@click.argument("number", type=int)
@click.option("--reason", default="", metavar="WORDS", help="Why; it is shown to whoever looks.")
@json_option
def pause_(number: int, reason: str, json_: bool) -> None:
    """Stop a mailing for now.

    Also one that another process is sending. Nothing more is handed over; what is under way settles within seconds.

    \b
    Example:
      newsletter mailings pause 3 --reason "the date in the second paragraph is wrong"
    """
    from newsletter.store import ledger

    place = workspace()
    store = open_store(place)
    with store.write() as connection:
        ledger.pause(connection, number, _in_full(reason), now())
        standing = read_standing(connection, number, place.settings)
    if json_:
        show.as_json(standing_json(standing))
        return
    for line in report_lines(standing, place.settings):
        click.echo(line)
    if flying := standing.tally[Outcome.IN_FLIGHT]:
        click.echo(f"{show.number(flying)} {'is' if flying == 1 else 'are'} under way and may still arrive.")


def _in_full(reason: str) -> str:
    return f"{BY_HAND}: {reason.strip()}" if reason.strip() else BY_HAND
