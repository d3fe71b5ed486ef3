"""`newsletter mailings`."""

from __future__ import annotations

import click

from newsletter.cli.mailings.cancel import cancel_
from newsletter.cli.mailings.export import export_
from newsletter.cli.mailings.list import list_
from newsletter.cli.mailings.pause import pause_
from newsletter.cli.mailings.resolve import resolve_
from newsletter.cli.mailings.resume import resume_
from newsletter.cli.mailings.retry import retry_
from newsletter.cli.mailings.show import show_
from newsletter.cli.mailings.watch import watch_


@click.group()
def mailings() -> None:
    """Show mailings and what became of every delivery, and stop, settle or repeat what needs it.

    \b
    Example:
      newsletter mailings list
      newsletter mailings show 3
      newsletter mailings pause 3
    """


for _command in (list_, show_, watch_, pause_, resume_, cancel_, resolve_, retry_, export_):
    mailings.add_command(_command)
