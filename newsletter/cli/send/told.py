"""After sending: how the mailing stands, why it ended, what comes next, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.mailings.doubt import reports
from newsletter.cli.mailings.standing import exit_code, standing_json, standing_of
from newsletter.cli.mailings.words import report_lines
from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from newsletter.deliver.ended import Ended
    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def tell(
    store: Store, mailing: Mailing, place: Workspace, ended: Ended | None, *, json_: bool, quiet: bool = False
) -> int:
    """How it stands now; with `quiet` only where somebody has to know."""
    standing = standing_of(store, mailing.number, place.settings)
    code = exit_code(standing)
    if json_:
        show.as_json(standing_json(standing) | _ended_json(ended))
    elif code or not quiet:
        for line in report_lines(standing, place.settings):
            click.echo(line)
        if standing.tally[Outcome.ACCEPTED]:
            click.echo(_where_more_is_told(mailing, place))
    return code


def _where_more_is_told(mailing: Mailing, place: Workspace) -> str:
    """What has been handed over is not yet in anybody's inbox."""
    if mailing.sender == "outbox":
        return f"The mails are in {place.folder / 'outbox' / str(mailing.number)}"
    if reports(place.settings, mailing.sender):
        return f"What becomes of them is reported within hours: newsletter mailings show {mailing.number}"
    if mailing.sender == "smtp":
        return (
            "Bounces are not read: set up a mailbox for them, section [mailbox] of\nnewsletter.toml (docs/running.md)."
        )
    return "What becomes of them is not reported to us: set up the provider's event webhook\n(docs/running.md)."


def _ended_json(ended: Ended | None) -> dict[str, Any]:
    if ended is None:
        return {}
    return {"ended": ended.why.value, "goes_on_at": ended.until.isoformat() if ended.until else None}
