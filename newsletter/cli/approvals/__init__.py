"""`newsletter approve` and `newsletter approvals`."""

from __future__ import annotations

import click

from newsletter.cli.approvals.listing import list_
from newsletter.cli.approvals.showing import show_
from newsletter.cli.approvals.signing import approve
from newsletter.cli.approvals.withdrawing import withdraw


@click.group("approvals")
def approvals() -> None:
    """Show who signed which issue off, what is missing, and take a signature back.

    \b
    Example:
      newsletter approvals show open-day
      newsletter approvals list
    """


for _command in (show_, list_, withdraw):
    approvals.add_command(_command)

__all__ = ["approvals", "approve"]
