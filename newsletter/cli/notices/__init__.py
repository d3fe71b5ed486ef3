"""`newsletter notices`."""

from __future__ import annotations

import click

from newsletter.cli.notices.check import check_
from newsletter.cli.notices.list import list_
from newsletter.cli.notices.retry import retry_
from newsletter.cli.notices.send import send_


@click.group()
def notices() -> None:
    """Look at mails to single people: confirmations, welcomes, links, copies of data.

    They are ordered by the pages, and `newsletter serve` sends them by itself.

    \b
    Example:
      newsletter notices list --state refused
    """


for _command in (list_, send_, retry_, check_):
    notices.add_command(_command)
