"""`newsletter events`."""

from __future__ import annotations

import click

from newsletter.cli.events.faults import faults
from newsletter.cli.events.handle import handle
from newsletter.cli.events.list import list_


@click.group()
def events() -> None:
    """Look at what providers report: delivered, bounced, complained.

    \b
    Example:
      newsletter events list --mailing 3
      newsletter events handle
    """


for _command in (list_, handle, faults):
    events.add_command(_command)
