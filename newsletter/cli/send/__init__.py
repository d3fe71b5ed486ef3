"""`newsletter send`: the one command that mails an audience; run again, it goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.audience.words import is_audience_of, options_of, whom_of
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.mailings import mailing_json, report_lines
from newsletter.cli.send.plan import Wishes, plan_mailing
from newsletter.cli.send.run import run
from newsletter.errors import IssueNotFound, SendingRefused
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@click.command()
@click.argument("issue")
@click.option("--to", "to", multiple=True, metavar="NAME", help="A list or segment to send to; may be given again.")
@click.option("--except", "excepted", multiple=True, metavar="NAME", help="A list or segment to leave out.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--again", default="", metavar="REASON", help="Send also to those who have this issue, and say why.")
@click.option(
    "--override",
    "overrides",
    nargs=2,
    multiple=True,
    metavar="CODE REASON",
    help="Send in spite of the errors of one check, and say why; kept with the mailing.",
)
@click.option("--audience-may-differ", "may_differ", is_flag=True, help="Many more or fewer readers are meant.")
@json_option
def send(
    issue: str,
    to: tuple[str, ...],
    excepted: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    again: str,
    overrides: tuple[tuple[str, str], ...],
    may_differ: bool,
    json_: bool,
) -> int:
    """Send an issue to a list, or go on with an interrupted mailing.

    The checks run first, and errors stop it with exit code 4. Nobody gets an issue twice: those who have it are left
    out. An interrupted mailing is resumed by the same command. Exit code 3 when some were not sent or are in doubt.

    Segments narrow the lists: only readers who are in one of them get it. Whoever is in an exception does not. An
    audience that is much larger or smaller than last time stops it too (see policy.audience_change).

    \b
    Example:
      newsletter send running-after-hip-resurfacing --to friends
      newsletter send running-after-hip-resurfacing --to friends --to runners --except board --dry-run
      newsletter send open-day --to friends --override link-target "the page opens on Monday"
    """
    place = workspace(near=issue)
    store = open_store(place)
    slug, path = _find(place, issue)
    mailing = _unfinished(store, slug)
    if mailing is None:
        wishes = Wishes(
            to=to,
            excepted=excepted,
            again=again,
            overrides=dict(overrides),
            ask=not yes,
            dry_run=dry_run,
            json_=json_,
            may_differ=may_differ,
        )
        planned = plan_mailing(place, store, path, slug, wishes)
        if planned is None:
            return 0 if dry_run else _nobody_left(store, slug)
        mailing = planned
    _same_audience(mailing, to, excepted)
    _same_sender(mailing, place)
    if dry_run:
        _tell(store, mailing, place, json_=json_)
        return 0
    if not json_:
        click.echo(f"Mailing {mailing.number}: sending {slug} to {whom_of(mailing)} through {mailing.sender}.")
    run(place, store, mailing, quiet=json_)
    return _tell(store, mailing, place, json_=json_)


def _find(place: Workspace, name: str) -> tuple[str, Path | None]:
    """Slug and file; a mailing that began can be finished without its file."""
    from newsletter.read import find_issue, slug_of

    try:
        path = find_issue(place.folder, name)
    except IssueNotFound:
        if "/" in name:
            raise
        return name, None
    return slug_of(path), path


def _unfinished(store: Store, slug: str) -> Mailing | None:
    from newsletter.store import mailings

    with store.read() as connection:
        return mailings.unfinished(connection, slug)


def _same_audience(mailing: Mailing, to: Sequence[str], excepted: Sequence[str]) -> None:
    """An unfinished mailing is finished first: its audience was fixed when it began."""
    if (to or excepted) and not is_audience_of(mailing, to or mailing.lists + mailing.segments, excepted):
        raise SendingRefused(
            f"mailing {mailing.number} of this issue to {whom_of(mailing)} is not finished",
            f"Finish it first: newsletter send {mailing.issue} {options_of(mailing)}",
        )


def _same_sender(mailing: Mailing, place: Workspace) -> None:
    """One half in files and the other half to people is never what was meant."""
    name = place.settings.esp.name
    if name != mailing.sender:
        raise SendingRefused(
            f"mailing {mailing.number} of this issue was begun through {mailing.sender} and is not finished; esp.name is "
            f"{name} now",
            f'Set esp.name = "{mailing.sender}" again to finish it, and change it after that.',
        )


def _nobody_left(store: Store, slug: str) -> int:
    """The exit code when everybody has the issue, unless some only may have it."""
    from newsletter.store import mailings

    with store.read() as connection:
        return 3 if mailings.in_doubt(connection, slug) else 0


def _tell(store: Store, mailing: Mailing, place: Workspace, *, json_: bool) -> int:
    """How it stands now, and the exit code."""
    from newsletter.store import mailings

    with store.read() as connection:
        mailing, tally = mailings.get(connection, mailing.number), mailings.tally(connection, mailing.number)
        refusals = mailings.refusals(connection, mailing.number)
    if json_:
        show.as_json(mailing_json(mailing, tally) | {"refusals": refusals})
    else:
        for line in report_lines(mailing, tally, refusals):
            click.echo(line)
        if mailing.sender == "outbox" and tally[Outcome.ACCEPTED]:
            click.echo(f"The mails are in {place.folder / 'outbox' / str(mailing.number)}")
    doubt = tally[Outcome.REFUSED] + tally[Outcome.UNCERTAIN]
    return 0 if mailing.state is MailingState.FINISHED and not doubt else 3
