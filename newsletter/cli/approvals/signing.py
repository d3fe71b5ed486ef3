"""`newsletter approve`: a named person signs an issue off."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.approvals.shown import lines_of
from newsletter.cli.approvals.words import approval_json, changes_json, said, sign_off_json, version_json
from newsletter.cli.context import actor, json_option, now, open_store, workspace
from newsletter.cli.overriding import with_overrides
from newsletter.cli.passphrase import asked, stdin_option
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from newsletter.model.mailing import Mailing
    from newsletter.model.version import Version
    from newsletter.settings import Workspace
    from newsletter.signoff.rules import SignOff
    from newsletter.store.database import Store

_LONGEST_COMMENT = 2000


@click.command()
@click.argument("issue")
@click.option("--as", "name", required=True, metavar="NAME", help="Who signs: a name or address of newsletter people.")
@click.option("--comment", default="", metavar="WORDS", help="A remark that is kept with the signature.")
@click.option(
    "--override",
    "overrides",
    nargs=2,
    multiple=True,
    metavar="CODE REASON",
    help="Sign in spite of the errors of one check, and say why; it is part of what is signed.",
)
@stdin_option
@json_option
def approve(
    issue: str, name: str, comment: str, overrides: tuple[tuple[str, str], ...], from_stdin: bool, json_: bool
) -> int:
    """Sign an issue off, with a passphrase.

    The checks run first, and errors stop it with exit code 4. Then it shows what is signed: the mail as readers get it,
    and everything that it was made from. It is stored, and only these bytes go out. Whatever changes afterwards, one
    character of the text, a reference, a picture, a disclaimer, a template, has to be signed again.

    Look at the mail before: newsletter preview, or newsletter proof.

    \b
    Example:
      newsletter approve open-day --as "Ana Ruiz"
      newsletter approve open-day --as ana@example.org --comment "checked the doses" --passphrase-stdin < FILE
    """
    from newsletter import pipeline, wiring
    from newsletter.pipeline import approving
    from newsletter.pipeline.passphrases import prove, refuse_while_waiting
    from newsletter.read import find_issue
    from newsletter.store import staff

    if len(comment) > _LONGEST_COMMENT:
        msg = f"--comment: at most {_LONGEST_COMMENT:,} characters."
        raise click.UsageError(msg)
    place = workspace(near=issue)
    prepared = pipeline.prepare(place, find_issue(place.folder, issue), now(), wiring.outside(place))
    prepared = with_overrides(place, prepared, dict(overrides))
    store = open_store(place)
    with store.read() as connection:
        person = staff.find(connection, name)
    this = approving.to_sign(store, place, prepared, now())
    approving.refuse_author(store, place, person, this.version, actor(), now())
    refuse_while_waiting(store, person, now())
    if not json_:
        for line in lines_of(this, person, place):
            click.echo(line)
    proven = prove(store, person, asked(person.name, from_stdin=from_stdin), actor(), now())
    version, given, sign_off = approving.approve(store, place, this, person, proven, said(comment), now())
    if json_:
        show.as_json(
            version_json(version)
            | {"approval": approval_json(given), "sign_off": sign_off_json(sign_off)}
            | {"problems": [one.as_json() for one in this.prepared.problems], "changes": changes_json(this.changes)}
        )
        return 0
    _tell(place, store, person.name, version, sign_off)
    return 0


def _tell(place: Workspace, store: Store, name: str, version: Version, sign_off: SignOff) -> None:
    from newsletter.cli.schedule.words import when_of
    from newsletter.store import mailings, scheduled

    with store.read() as connection:
        planned = scheduled.of_issue(connection, version.issue)
        begun = [one for one in mailings.every(connection) if one.issue == version.issue and one.started_at]
    zone = ZoneInfo(place.settings.newsletter.timezone)
    click.echo(f"{show.clean(name)} signed version {version.number} of {version.issue}.")
    if sign_off.holds:
        until = f" until {show.moment(sign_off.valid_until, zone)}" if sign_off.valid_until else ""
        click.echo(f"It is signed off{until}.")
        if planned and planned.version == version.number:
            click.echo(f"Mailing {planned.number}, {when_of(planned, zone)}, sends this version.")
        else:
            click.echo(f"To send it: newsletter send {version.issue} --to LIST")
            click.echo(f'Or at a time: newsletter schedule {version.issue} --to LIST --at "2026-12-01 09:00"')
    else:
        click.echo(show.folded(f"Still missing: {'; '.join(sign_off.missing)}."))
    if begun:
        click.echo(_of_begun(begun[0], version))


def _of_begun(mailing: Mailing, version: Version) -> str:
    """A mailing that stopped when somebody took their signature back goes on once it is signed again."""
    number = mailing.number
    if mailing.version == version.number and mailing.state in {MailingState.SENDING, MailingState.PAUSED}:
        goes_on = "if it waits for this signature, it goes on"
        return f"Careful: mailing {number} of this version has begun; {goes_on}. To stop it: newsletter mailings pause {number}"
    return f"Careful: this issue was sent already (mailing {number}); a signature changes nothing about that."
