"""`newsletter mailbox`."""

from __future__ import annotations

import click

from newsletter.cli.mailbox.reading import read
from newsletter.cli.mailbox.taking import take


@click.group()
def mailbox() -> None:
    """Read mails that came back, and mails that ask to leave.

    \b
    Example:
      newsletter mailbox read
    """


for _command in (read, take):
    mailbox.add_command(_command)
