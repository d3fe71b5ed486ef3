"""`newsletter approvals withdraw`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.approvals.words import approval_json, said
from newsletter.cli.context import actor, json_option, now, open_store, workspace
from newsletter.cli.passphrase import asked, stdin_option
from newsletter.errors import IssueNotFound

if TYPE_CHECKING:
    from newsletter.settings import Workspace


@click.command("withdraw")
@click.argument("issue")
@click.option("--as", "name", required=True, metavar="NAME", help="Whose signature: a name or address.")
@click.option("--reason", required=True, metavar="WORDS", help="Why; it is kept with the signature.")
@stdin_option
@json_option
def withdraw(issue: str, name: str, reason: str, from_stdin: bool, json_: bool) -> int:
    """Take your signatures under an issue back, all of them, with your passphrase.

    They stay in the record and no longer count: a mailing that has not begun is held back, and one that is paused is not
    resumed. One that is being sent goes on: stop it with `newsletter mailings pause`.

    \b
    Example:
      newsletter approvals withdraw open-day --as "Ana Ruiz" --reason "the dose in the table is wrong"
    """
    from newsletter.pipeline import approving
    from newsletter.pipeline.passphrases import prove, refuse_while_waiting
    from newsletter.store import staff

    if not reason.strip():
        msg = "--reason: say why; it is kept with the signature."
        raise click.UsageError(msg)
    place = workspace(near=issue)
    slug = slug_named(place, issue)
    store = open_store(place)
    with store.read() as connection:
        person = staff.find(connection, name)
    refuse_while_waiting(store, person, now())
    proven = prove(store, person, asked(person.name, from_stdin=from_stdin), actor(), now())
    taken = approving.withdraw(store, slug, person, proven, said(reason), now())
    if json_:
        show.as_json({"issue": slug, "withdrawn": [approval_json(one) for one in taken]})
        return 0
    versions = ", ".join(str(number) for number in sorted({one.version for one in taken}))
    click.echo(f"{show.clean(person.name)} no longer signs {slug} (version {versions}).")
    click.echo(
        f"If it is being sent now, stop it: newsletter mailings list. How it stands: newsletter approvals show {slug}"
    )
    return 0


def slug_named(place: Workspace, name: str) -> str:
    """Also of an issue whose file is gone."""
    from newsletter.read import find_issue, slug_of

    try:
        return slug_of(find_issue(place.folder, name))
    except IssueNotFound:
        if "/" in name:
            raise
        return name
