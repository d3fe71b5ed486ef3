"""`newsletter send`: the one command that mails an audience; run again, it goes on where it was."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.audience.words import is_audience_of, options_of, whom_of
from newsletter.cli.clock import moment_of
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.logged import refusals_noted
from newsletter.cli.outlasting import outlast_readers
from newsletter.cli.send.going import go_on, refuse_scheduled
from newsletter.cli.send.plan import Wishes, plan_mailing
from newsletter.cli.send.told import tell
from newsletter.errors import IssueNotFound, SendingRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
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
@click.option(
    "--approved-version", is_flag=True, help="Send what was signed off, although files of the issue changed since."
)
@click.option("--audience-may-differ", "may_differ", is_flag=True, help="Many more or fewer readers are meant.")
@click.option(
    "--never-after",
    metavar="TIME",
    help='Nobody gets it after this time of the newsletter\'s clocks, such as "2026-12-01 18:00".',
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well, for cron.")
@json_option
def send(
    issue: str,
    to: tuple[str, ...],
    excepted: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    again: str,
    overrides: tuple[tuple[str, str], ...],
    approved_version: bool,
    may_differ: bool,
    never_after: str | None,
    quiet: bool,
    json_: bool,
) -> int:
    """Send an issue to a list, or go on with an interrupted mailing.

    The checks run first, and errors stop it with exit code 4. Nobody gets an issue twice: those who have it are left
    out. An interrupted mailing is resumed by the same command; one that somebody paused is not, see `newsletter mailings
    resume`. Exit code 3 when some were not sent or are in doubt.

    Segments narrow the lists: only readers who are in one of them get it. Whoever is in an exception does not. An
    audience that is much larger or smaller than last time stops it too (see policy.audience_change).

    Where policy.approvals asks for it, only what was signed off goes (`newsletter approve`), byte for byte; what was let
    stand with --override is part of what was signed.

    How fast it goes, and at what hours, stands in the section [sending] of newsletter.toml.

    \b
    Example:
      newsletter send running-after-hip-resurfacing --to friends
      newsletter send running-after-hip-resurfacing --to friends --to runners --except board --dry-run
      newsletter send open-day --to friends --never-after "2026-12-01 18:00"
      newsletter send open-day --to friends --override link-target "the page opens on Monday"
    """
    outlast_readers()
    place = workspace(near=issue)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    latest_at = moment_of("--never-after", never_after, zone, now()) if never_after is not None else None
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
            quiet=quiet,
            may_differ=may_differ,
            approved_version=approved_version,
            latest_at=latest_at,
        )
        with nullcontext() if dry_run else refusals_noted(store, f"issue {slug}", "send"):
            planned = plan_mailing(place, store, path, slug, wishes)
        if planned is None:
            return 0 if dry_run else _nobody_left(store, slug)
        mailing, is_new = planned, True
    else:
        refuse_scheduled(mailing, place)
        _same_audience(mailing, to, excepted)
        _same_latest_time(mailing, latest_at, zone)
        _nothing_new(mailing, again=bool(again), overrides=bool(overrides))
        is_new = False
    if dry_run:
        tell(store, mailing, place, None, json_=json_)
        if not json_:
            click.echo("Nothing was sent (--dry-run).")
        return 0
    return go_on(place, store, mailing, is_new=is_new, json_=json_, quiet=quiet)


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


def _same_latest_time(mailing: Mailing, latest_at: datetime | None, zone: ZoneInfo) -> None:
    """It was fixed when the mailing began, as its audience was."""
    if latest_at is None or latest_at == mailing.latest_at:
        return
    fixed = (
        f"its latest time is {show.moment(mailing.latest_at, zone)}" if mailing.latest_at else "it has no latest time"
    )
    raise SendingRefused(
        f"mailing {mailing.number} of this issue is not finished, and {fixed}",
        "Finish it without --never-after; or, so that nobody else gets it: "
        f"newsletter mailings cancel {mailing.number} --reason WHY",
    )


def _nothing_new(mailing: Mailing, *, again: bool, overrides: bool) -> None:
    """Its reason to go to those who have it, and what is let stand, were fixed too."""
    asked = " and ".join(name for name, is_asked in (("--again", again), ("--override", overrides)) if is_asked)
    if asked:
        raise SendingRefused(
            f"mailing {mailing.number} of this issue is not finished: {asked} would change nothing about it",
            f"Finish it without {asked}; or, so that nobody else gets it: "
            f"newsletter mailings cancel {mailing.number} --reason WHY",
        )


def _nobody_left(store: Store, slug: str) -> int:
    """The exit code when everybody has the issue, unless some only may have it."""
    from newsletter.store import mailings

    with store.read() as connection:
        return 3 if mailings.in_doubt(connection, slug) else 0
