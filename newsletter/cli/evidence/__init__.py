"""`newsletter evidence`: one file that proves what went out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.evidence.making import make
from newsletter.cli.evidence.verifying import verify

if TYPE_CHECKING:
    from click import Context


class MailingFirst(click.Group):
    """`newsletter evidence 3` is `newsletter evidence make 3`: that is what people want nearly always."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        known = {*self.commands, *ctx.help_option_names}
        return super().parse_args(ctx, ["make", *args] if args and args[0] not in known else args)


@click.group(cls=MailingFirst, subcommand_metavar="MAILING|ISSUE | verify FILE")
def evidence() -> None:
    """Make one file that proves what went out, and check such a file.

    It is a zip for an auditor, a lawyer or a medical board, who can read it years later without this program: the mail as it
    was signed off and sent, what it was made from, references, disclaimers, checks, sign-offs, numbers, and every delivery
    by its number. No address and no name of a reader is in it.

    \b
    Example:
      newsletter evidence 3
      newsletter evidence verify mailing-3-evidence.zip
    """


evidence.add_command(make)
evidence.add_command(verify)
