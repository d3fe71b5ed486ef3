"""`newsletter mailings list`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.audience.words import whom_of
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.mailing_facts import mailing_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.mailing import Mailing, Tally
    from newsletter.store.database import Store

#: what makes somebody look closer
_TROUBLE = (Outcome.REFUSED, Outcome.UNCERTAIN, Outcome.CANCELLED)


@click.command("list")
@click.option("--issue", metavar="ISSUE", help="Only those of this issue.")
@click.option("--state", type=click.Choice([state.value for state in MailingState]), help="Only those that are so.")
@json_option
def list_(issue: str | None, state: str | None, json_: bool) -> None:
    """Show all mailings, the newest first.

    \b
    Example:
      newsletter mailings list
      newsletter mailings list --state paused
    """
    place = workspace()
    found = _found(open_store(place), issue, state)
    if json_:
        show.as_json({"mailings": [mailing_json(mailing, tally) for mailing, tally in found]})
        return
    if not found:
        click.echo(
            "No such mailing." if issue or state else "No mailings yet. Send one: newsletter send ISSUE --to LIST"
        )
    for line in _lines(found, ZoneInfo(place.settings.newsletter.timezone)):
        click.echo(line)


def _found(store: Store, issue: str | None, state: str | None) -> list[tuple[Mailing, Tally]]:
    from newsletter.store import mailings as stored

    with store.read() as connection:
        return [
            (mailing, stored.tally(connection, mailing.number))
            for mailing in stored.every(connection)
            if (issue is None or mailing.issue == issue) and (state is None or mailing.state == state)
        ]


def _lines(found: Sequence[tuple[Mailing, Tally]], zone: ZoneInfo) -> Iterator[str]:
    """In columns as wide as they have to be; what takes most room comes last."""
    accepted = [f"{show.number(tally[Outcome.ACCEPTED])} of {show.number(tally.audience)}" for _, tally in found]
    width = max(map(len, accepted), default=0)
    for (mailing, tally), count in zip(found, accepted, strict=True):
        begun = f"{(mailing.started_at or mailing.due_at or mailing.created_at).astimezone(zone):%Y-%m-%d %H:%M}"
        trouble = ", ".join(f"{show.number(tally[what])} {what.value}" for what in _TROUBLE if tally[what])
        trouble = trouble or ("held" if mailing.held and mailing.state is MailingState.SCHEDULED else "")
        yield (
            f"{mailing.number:>4}  {begun}  {mailing.state.value:<9}  {count:>{width}} accepted"
            + (f" ({trouble})" if trouble else "")
            + f"  {mailing.issue} to {whom_of(mailing)}"
        )
