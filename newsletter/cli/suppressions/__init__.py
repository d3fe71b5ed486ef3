"""`newsletter suppressions`."""

from __future__ import annotations

import click

from newsletter.cli.suppressions.add import add
from newsletter.cli.suppressions.export import export
from newsletter.cli.suppressions.import_ import import_
from newsletter.cli.suppressions.remove import remove
from newsletter.cli.suppressions.show import list_, show_
from newsletter.cli.suppressions.sync import sync


@click.group()
def suppressions() -> None:
    """Say who is never mailed again, whatever lists they are on.

    \b
    Example:
      newsletter suppressions add ada@example.org --note "Rang us on 3 May 2026"
      newsletter suppressions import suppression_bounces.csv
    """


for _command in (add, remove, list_, show_, import_, export, sync):
    suppressions.add_command(_command)
