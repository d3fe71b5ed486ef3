"""`newsletter subscribers`."""

from __future__ import annotations

import click

from newsletter.cli.subscribers_import import import_
from newsletter.cli.subscribers_show import list_, show_


@click.group()
def subscribers() -> None:
    """Import, show and change readers.

    \b
    Example:
      newsletter subscribers import readers.csv --list friends --consent "Signed the form at the front desk, May 2026"
    """


for _command in (import_, list_, show_):
    subscribers.add_command(_command)
