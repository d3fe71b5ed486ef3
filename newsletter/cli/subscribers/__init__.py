"""`newsletter subscribers`."""

from __future__ import annotations

import click

from newsletter.cli.subscribers.add import add_
from newsletter.cli.subscribers.edit import edit_, tracking_
from newsletter.cli.subscribers.erase import erase
from newsletter.cli.subscribers.export import export
from newsletter.cli.subscribers.import_ import import_
from newsletter.cli.subscribers.list import find_, list_
from newsletter.cli.subscribers.prune import prune
from newsletter.cli.subscribers.show import show_
from newsletter.cli.subscribers.tag import tag_, tags_
from newsletter.cli.subscribers.unsubscribe import unsubscribe_


@click.group()
def subscribers() -> None:
    """Import, show and change readers.

    \b
    Example:
      newsletter subscribers import readers.csv --list friends --consent "Signed the form at the front desk, May 2026"
    """


for _command in (add_, edit_, find_, tag_, tags_, tracking_, unsubscribe_):
    subscribers.add_command(_command)
for _command in (import_, list_, show_, erase, export, prune):
    subscribers.add_command(_command)
