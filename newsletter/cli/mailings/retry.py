"""`newsletter mailings retry`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.mailings.asking import ask
from newsletter.cli.mailings.standing import read_standing, standing_json, standing_of
from newsletter.cli.mailings.words import refusal_lines, report_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.cli.mailings.standing import Standing


@click.command("retry")
@click.argument("number", type=int)
@click.option("--reason", metavar="WORDS", help="Only those who were refused with these words.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def retry_(number: int, reason: str | None, yes: bool, json_: bool) -> None:
    """Plan the refused of a mailing again.

    Once the reason is out of the way: they get the mail as it was stored, and those who were put off wait no longer.
    `newsletter mailings resume` then sends it. A corrected issue goes to them by `newsletter send`, in a new mailing.

    \b
    Example:
      newsletter mailings retry 3
      newsletter mailings retry 3 --reason "mailbox unavailable"
    """
    from newsletter.store import ledger
    from newsletter.store.tallies import NO_REASON

    place = workspace()
    store = open_store(place)
    before = standing_of(store, number, place.settings)
    meant = _meant(before, reason)
    if not json_:
        for line in refusal_lines(meant, number):
            click.echo(line, err=not yes)
    if meant and not yes:
        count = sum(meant.values())
        ask(f"Plan {show.number(count)} refused {show.plural(count, 'reader')} again?", "Nothing was changed.")
    with store.write() as connection:
        if reason is None:
            count = ledger.retry(connection, number, now())
        else:
            asked = ("" if words == NO_REASON else words for words in meant)
            count = sum(ledger.retry(connection, number, now(), words) for words in asked)
        standing = read_standing(connection, number, place.settings)
    if json_:
        show.as_json({"planned_again": count} | standing_json(standing))
        return
    click.echo(f"Planned {show.number(count)} refused {show.plural(count, 'reader')} again.")
    for line in report_lines(standing, place.settings):
        click.echo(line)


def _meant(standing: Standing, reason: str | None) -> Mapping[str, int]:
    """Reason -> how many."""
    if reason is None:
        return standing.refusals
    found = {words: count for words, count in standing.refusals.items() if reason.casefold() in words.casefold()}
    if not found:
        msg = f"--reason: nobody was refused with these words; see newsletter mailings show {standing.mailing.number}."
        raise click.UsageError(msg)
    return found
