"""`newsletter approvals list`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.approvals.words import approval_json, sign_off_json, who
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from datetime import tzinfo

    from newsletter.pipeline.signing_record import Record


@click.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all issues that somebody ever signed, and whether their newest signed version still counts.

    Whether the files of an issue are still what was signed is told by `newsletter approvals show ISSUE`.

    \b
    Example:
      newsletter approvals list
    """
    from newsletter.pipeline.signing_record import record_of
    from newsletter.store import approvals

    place, moment = workspace(), now()
    store = open_store(place)
    with store.read() as connection:
        issues = approvals.issues(connection)
    records = [record_of(store, place, issue, None, moment) for issue in issues]
    if json_:
        show.as_json({"issues": [_as_json(record) for record in records]})
        return
    if not records:
        click.echo("Nobody has signed an issue yet: newsletter approve ISSUE --as NAME")
    for record in records:
        click.echo(show.folded(_line(record, ZoneInfo(place.settings.newsletter.timezone)), "  "))


def _line(record: Record, zone: tzinfo) -> str:
    newest = record.signed[0]
    names = ", ".join(who(one) for one in newest.sign_off.approvals) or "nobody whose signature counts"
    until = newest.sign_off.valid_until
    state = "signed off" if newest.sign_off.holds else f"not signed off: {'; '.join(newest.sign_off.missing)}"
    ends = f", until {show.moment(until, zone)}" if until else ""
    return show.clean(f"{record.issue}  version {newest.version.number}  by {names}  {state}{ends}")


def _as_json(record: Record) -> dict[str, object]:
    newest = record.signed[0]
    return {
        "issue": record.issue,
        "version": newest.version.number,
        "fingerprint": newest.version.fingerprint,
        "sign_off": sign_off_json(newest.sign_off),
        "approvals": [approval_json(given) for one in record.signed for given in one.given],
    }
