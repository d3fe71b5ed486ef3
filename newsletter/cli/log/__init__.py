"""`newsletter log`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.log.shown import entry_json, entry_lines
from newsletter.cli.log.verifying import verify_
from newsletter.model.audit import Action, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.model.audit import Entry

_MOST = 50


@click.group(invoke_without_command=True)
@click.option("--subject", metavar="TEXT", default="", help='What it was done to, such as "mailing 3" or subscriber.')
@click.option("--actor", metavar="NAME", default="", help="Who did it.")
@click.option("--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M"]), help="From then on.")
@click.option("--action", metavar="ACTION", default="", help="What was done, such as mailing-started (docs/audit.md).")
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 100_000), default=_MOST, show_default=True, help="How many at most."
)
@json_option
@click.pass_context
def log(
    ctx: click.Context, subject: str, actor: str, since: datetime | None, action: str, limit: int, json_: bool
) -> None:
    """Show who did what, and when.

    The last entries, the newest at the end. What readers do themselves stands in the history of their consent, not
    here; and no address of a reader does.

    \b
    Example:
      newsletter log
      newsletter log --subject "mailing 3"
      newsletter log --actor ana --since 2026-12-01 --limit 500
      newsletter log verify
    """
    if ctx.invoked_subcommand:
        return
    from newsletter.store import audit

    _refuse_unknown(action)
    place = workspace()
    zone = ZoneInfo(place.settings.newsletter.timezone)
    begin = since.replace(tzinfo=zone) if since else None
    wanted = Wanted(subject=subject.strip(), actor=actor, action=action, since=begin)
    with open_store(place).read() as connection:
        found = audit.newest(connection, wanted, limit + 1)
    _tell(found[-limit:], zone, more=len(found) > limit, json_=json_)


def _refuse_unknown(action: str) -> None:
    """Raises:
    click.UsageError
    """
    from newsletter.validate import nearest

    if action and action not in {*Action}:
        guess = nearest(action, [one.value for one in Action])
        msg = f"--action: nothing is logged as {action}." + (f" Did you mean {guess}?" if guess else "")
        raise click.UsageError(msg)


def _tell(entries: Sequence[Entry], zone: ZoneInfo, *, more: bool, json_: bool) -> None:
    if json_:
        show.as_json({"entries": [entry_json(one) for one in entries], "more": more})
        return
    if not entries:
        click.echo("Nothing of that kind is logged.")
    if more:
        click.echo(f"The last {show.number(len(entries))}; earlier ones: --limit")
    for one in entries:
        for line in entry_lines(one, zone):
            click.echo(line)


log.add_command(verify_)
