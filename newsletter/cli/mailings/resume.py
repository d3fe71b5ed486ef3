"""`newsletter mailings resume`."""

from __future__ import annotations

import click

from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.outlasting import outlast_readers
from newsletter.errors import StateForbids
from newsletter.model.mailing import MailingState

_OVER = {MailingState.FINISHED, MailingState.CANCELLED, MailingState.MISSED}


@click.command("resume")
@click.argument("number", type=int)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well, for cron.")
@json_option
def resume_(number: int, quiet: bool, json_: bool) -> int:
    """Go on with a paused or interrupted mailing.

    It is sent from here, as `newsletter send` does. Exit code 3 when some were not sent or are in doubt.

    \b
    Example:
      newsletter mailings resume 3
    """
    from newsletter.cli.send.going import go_on
    from newsletter.store import mailings

    outlast_readers()
    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        mailing = mailings.get(connection, number)
    if mailing.state in _OVER:
        raise StateForbids(number, mailing.state.value, "resumed")
    return go_on(place, store, mailing, is_new=False, json_=json_, quiet=quiet, resumes=True)
