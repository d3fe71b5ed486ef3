"""`newsletter api-keys`."""

from __future__ import annotations

import click

from newsletter.cli.api_keys.adding import add
from newsletter.cli.api_keys.showing import list_, revoke


@click.group("api-keys")
def api_keys() -> None:
    """Make and end keys of the API, for your website or other programs.

    \b
    Example:
      newsletter api-keys add website --scope subscribers:write
      newsletter api-keys list
    """


for _command in (add, list_, revoke):
    api_keys.add_command(_command)
