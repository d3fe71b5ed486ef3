"""After sending: how the mailing stands, why it ended, what comes next, and the exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.mailings.doubt import reports
from newsletter.cli.mailings.standing import exit_code, standing_json, standing_of
from newsletter.cli.mailings.words import carried, report_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        for line in _through(store, mailing, place):
            click.echo(line)
    return code


def _through(store: Store, mailing: Mailing, place: Workspace) -> Iterator[str]:
    """Who took it, where another sender had to take over, and where one reads what became of it."""
    from newsletter.store.ledger.carriers import accepted_through

    with store.read() as connection:
        through = accepted_through(connection, mailing.number)
    if through.keys() - {mailing.sender}:
        yield f"They went through {carried(mailing.sender, through)}."
    yield from dict.fromkeys(_where_more_is_told(sender, mailing.number, place) for sender in through)


def _where_more_is_told(sender: str, number: int, place: Workspace) -> str:
    """What has been handed over is not yet in anybody's inbox."""
    if sender == "outbox":
        return f"The mails are in {place.folder / 'outbox' / str(number)}"
    if reports(place.settings, sender):
        return f"What becomes of them is reported within hours: newsletter mailings show {number}"
    if sender == "smtp":
        return (
            "Bounces are not read: set up a mailbox for them, section [mailbox] of\nnewsletter.toml (docs/events.md)."
        )
    return "What becomes of them is not reported to us: set up the provider's event webhook\n(docs/events.md)."


def _ended_json(ended: Ended | None) -> dict[str, Any]:
    if ended is None:
        return {}
    return {"ended": ended.why.value, "goes_on_at": ended.until.isoformat() if ended.until else None}
