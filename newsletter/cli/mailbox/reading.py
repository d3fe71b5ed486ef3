"""`newsletter mailbox read`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.events.handle import as_json, lines, work_off


@click.command()
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well, for cron.")
@json_option
def read(quiet: bool, json_: bool) -> int:
    """Read what is new in the mailbox, and do what follows from it; says nothing when there is nothing new.

    Addresses that do not exist any more are suppressed, as are readers who complained; who wrote to the address for
    leaving leaves. Nothing is changed in the mailbox. Exit code 1 when a mail could not be understood, 5 when the
    mailbox cannot be read. Meant for cron.

    \b
    Example:
      newsletter mailbox read
    """
    from newsletter import wiring
    from newsletter.pipeline.mailbox import collect

    place = workspace()
    store = open_store(place)
    keys, moment = open_keys(place, store), now()
    count = collect(store, wiring.mailbox_mails(place), moment)
    total, deleted = work_off(place, store, keys, moment, quiet=json_ or quiet)
    if json_:
        show.as_json({"mails": count} | as_json(total, deleted))
        return 1 if total.faults else 0
    if quiet and not total.faults:
        return 0
    if count:
        click.echo(f"Read {show.number(count)} new {show.plural(count, 'mail')}.")
    for line in lines(total, deleted):
        click.echo(line)
    return 1 if total.faults else 0
