"""`newsletter people`: who writes and signs off."""

from __future__ import annotations

import click

from newsletter.cli.people.adding import add
from newsletter.cli.people.changing import edit, passphrase, remove
from newsletter.cli.people.showing import list_


@click.group("people")
def people() -> None:
    """Say who writes issues and who signs them off.

    \b
    Example:
      newsletter people add "Ana Ruiz" --email ana@example.org --role physician
      newsletter people list
    """


for _command in (add, list_, edit, passphrase, remove):
    people.add_command(_command)
