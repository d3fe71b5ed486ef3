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
    from newsletter.store import approvals, mailings

    place, moment = workspace(), now()
    store = open_store(place)
    with store.read() as connection:
        issues = approvals.issues(connection)
        begun = [one for one in mailings.every(connection) if one.started_at]
    sent = {issue: max((one.number for one in begun if one.issue == issue), default=None) for issue in issues}
    records = [record_of(store, place, issue, None, moment) for issue in issues]
    if json_:
        show.as_json({"issues": [_as_json(record, sent[record.issue]) for record in records]})
        return
    if not records:
        click.echo("Nobody has signed an issue yet: newsletter approve ISSUE --as NAME")
    for record in records:
        click.echo(show.folded(_line(record, sent[record.issue], ZoneInfo(place.settings.newsletter.timezone)), "  "))


def _line(record: Record, sent: int | None, zone: tzinfo) -> str:
    newest = record.signed[0]
    counted = newest.sign_off.approvals
    names = ", ".join(dict.fromkeys(who(one) for one in counted or newest.given))
    until = newest.sign_off.valid_until
    state = "signed off" if newest.sign_off.holds else f"not signed off: {'; '.join(newest.sign_off.missing)}"
    if not counted:
        state = "counts no longer" if sent is not None else f"counts no longer; {state}"
    ends = f", until {show.moment(until, zone)}" if until else ""
    gone = f"; sent by mailing {sent}" if sent is not None else ""
    return show.clean(f"{record.issue}  version {newest.version.number}  by {names}  {state}{ends}{gone}")


def _as_json(record: Record, sent: int | None) -> dict[str, object]:
    newest = record.signed[0]
    return {
        "issue": record.issue,
        "version": newest.version.number,
        "fingerprint": newest.version.fingerprint,
        "sent_by_mailing": sent,
        "sign_off": sign_off_json(newest.sign_off),
        "approvals": [approval_json(given) for one in record.signed for given in one.given],
    }
