"""`newsletter schedule`: a mailing at a time, or again and again."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.clock import moment_of, naming
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.logged import refusals_noted
from newsletter.cli.outlasting import outlast_readers
from newsletter.cli.schedule.planning import AtATime
from newsletter.cli.schedule.repeating import repeat
from newsletter.cli.schedule.words import scheduled_lines
from newsletter.cli.send.plan import Wishes, plan_mailing

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

#: options that mean nothing to a recurring schedule
_ONCE = ("--at", "--passed-at-once", "--never-after", "--approved-version", "--override", "--again")


@click.command()
@click.argument("issue", required=False)
@click.option("--to", "to", multiple=True, metavar="NAME", help="A list or segment to send to; may be given again.")
@click.option("--except", "excepted", multiple=True, metavar="NAME", help="A list or segment to leave out.")
@click.option("--at", metavar="TIME", help='When it begins, by the newsletter\'s clocks, such as "2026-12-01 09:00".')
@click.option("--every", metavar="RULE", help='Again and again, such as "first tuesday 09:00": the newest issue.')
@click.option(
    "--in-reader-time-zone", "local", is_flag=True, help="Each reader gets it when their own clock shows that time."
)
@click.option(
    "--passed-at-once", is_flag=True, help="Where that time has passed already, readers get it when the mailing begins."
)
@click.option("--never-after", metavar="TIME", help="Nobody gets it after this time of the newsletter's clocks.")
@click.option(
    "--approved-version", is_flag=True, help="Send what was signed off, although files of the issue changed since."
)
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
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@json_option
def schedule(
    issue: str | None,
    to: tuple[str, ...],
    excepted: tuple[str, ...],
    at: str | None,
    every: str | None,
    local: bool,
    passed_at_once: bool,
    never_after: str | None,
    approved_version: bool,
    again: str,
    overrides: tuple[tuple[str, str], ...],
    may_differ: bool,
    yes: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Plan a mailing for a time, or for every first Tuesday.

    The checks run now, and what is stored now is what goes. When its time comes everything is looked at again, and
    `newsletter run-due` (in cron, see `newsletter cron`) begins it. If something speaks against it then, it is held and you
    are told; what has not begun 12 hours later (schedule.start_within_minutes) is missed and never sent by itself.

    Scheduling the same issue for the same audience again changes when and what is sent. To take it off: `newsletter
    unschedule`; to see all of it: `newsletter calendar`.

    With --every the newest issue dated that day or earlier goes, if it is signed off (or needs no sign-off and has no
    errors) and has not been sent to these lists.

    \b
    Example:
      newsletter schedule open-day --to friends --at "2026-12-01 09:00"
      newsletter schedule open-day --to friends --at "2026-12-01 09:00" --in-reader-time-zone
      newsletter schedule --every "first tuesday 09:00" --to friends
    """
    outlast_readers()
    place = workspace(near=issue)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    _refuse_what_does_not_fit(issue, at, every, passed_at_once=passed_at_once, local=local)
    if every is not None:
        given = (at, passed_at_once, never_after, approved_version, overrides, again)
        if strange := [name for name, value in zip(_ONCE, given, strict=True) if value]:
            msg = f"{', '.join(strange)}: not with --every, which sends issues that are not written yet."
            raise click.UsageError(msg)
        return repeat(
            place, open_store(place), every, to, excepted, local=local, ask=not yes, dry_run=dry_run, json_=json_
        )
    latest_at = moment_of("--never-after", never_after, zone, now()) if never_after is not None else None
    shown, moment = _at(at or "", zone, local=local)
    doing = AtATime(place.settings, zone, shown, moment, passed_at_once=passed_at_once)
    store = open_store(place)
    wishes = Wishes(
        to=to,
        excepted=excepted,
        again=again,
        overrides=dict(overrides),
        ask=not yes,
        dry_run=dry_run,
        json_=json_,
        quiet=False,
        may_differ=may_differ,
        approved_version=approved_version,
        latest_at=latest_at,
    )
    return _plan(place, store, issue or "", wishes, doing)


def _plan(place: Workspace, store: Store, issue: str, wishes: Wishes, doing: AtATime) -> int:
    from newsletter.read import find_issue, slug_of

    path = find_issue(place.folder, issue)
    slug = slug_of(path)
    with nullcontext() if wishes.dry_run else refusals_noted(store, f"issue {slug}", "schedule"):
        mailing = plan_mailing(place, store, path, slug, wishes, doing)
    if mailing:
        _tell(place, store, mailing, doing, json_=wishes.json_)
    return 0


def _tell(place: Workspace, store: Store, mailing: Mailing, doing: AtATime, *, json_: bool) -> None:
    from newsletter.cli.mailings.standing import standing_json, standing_of

    if json_:
        before = doing.replaced.due_at.isoformat() if doing.replaced and doing.replaced.due_at else None
        show.as_json(standing_json(standing_of(store, mailing.number, place.settings)) | {"was_due_at": before})
        return
    for line in scheduled_lines(store, mailing, doing.replaced, ZoneInfo(place.settings.newsletter.timezone)):
        click.echo(line)


def _refuse_what_does_not_fit(
    issue: str | None, at: str | None, every: str | None, *, passed_at_once: bool, local: bool
) -> None:
    if every is not None and issue:
        msg = "--every sends the newest issue each time: leave the issue away, or give --at TIME instead."
        raise click.UsageError(msg)
    if every is None and not issue:
        msg = "Name the issue to be sent; or, for one each week or month: --every RULE."
        raise click.UsageError(msg)
    if every is None and at is None:
        msg = f'Say when: --at "2026-12-01 09:00". To send it now: newsletter send {issue}'
        raise click.UsageError(msg)
    if passed_at_once and not local:
        msg = "--passed-at-once belongs to --in-reader-time-zone."
        raise click.UsageError(msg)


def _at(at: str, zone: ZoneInfo, *, local: bool) -> tuple[datetime | None, datetime | None]:
    """What each reader's clock shows then; or the moment, where it is one for all."""
    from newsletter.schedule.clock_times import local_time_written

    if not local:
        return None, moment_of("--at", at, zone, now())
    with naming("--at"):
        return local_time_written(at, zone), None
