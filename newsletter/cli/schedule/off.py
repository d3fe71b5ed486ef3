"""`newsletter unschedule`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.approvals.words import said
from newsletter.cli.audience.words import options_of, whom_of
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.mailing import Mailing
    from newsletter.store.database import Store

_RECURRING = "recurring"
_MOST_DIGITS = 9


@click.command()
@click.argument("what", nargs=-1, required=True, metavar="ISSUE|MAILING|recurring NUMBER")
@click.option("--reason", required=True, metavar="WORDS", help="Why; it is kept.")
@json_option
def unschedule(what: tuple[str, ...], reason: str, json_: bool) -> None:
    """Take a mailing off the schedule, or end a recurring one.

    Nobody gets it; the issue can be sent, or scheduled, again. What has begun is stopped by `newsletter mailings pause` or
    `cancel`.

    \b
    Example:
      newsletter unschedule open-day --reason "the hall is not free"
      newsletter unschedule recurring 1 --reason "monthly from now on"
    """
    if not reason.strip():
        msg = "--reason: say why; it is kept."
        raise click.UsageError(msg)
    place = workspace()
    store, zone = open_store(place), ZoneInfo(place.settings.newsletter.timezone)
    if what[0] == _RECURRING:
        _end(store, what[1:], said(reason), json_=json_)
        return
    if len(what) != 1:
        msg = "Name one issue, or one mailing by its number."
        raise click.UsageError(msg)
    mailing = _take_off(store, what[0], said(reason))
    if json_:
        show.as_json({"mailing": mailing.number, "issue": mailing.issue, "state": mailing.state.value})
        return
    at = f" It was scheduled for {show.moment(mailing.due_at, zone)}." if mailing.due_at else ""
    click.echo(f"Mailing {mailing.number}, {mailing.issue} to {whom_of(mailing)}, is off the schedule.{at}")
    click.echo(f"To plan it anew: newsletter schedule {mailing.issue} {options_of(mailing)} --at TIME")


def _end(store: Store, numbers: Sequence[str], reason: str, *, json_: bool) -> None:
    from newsletter.store import recurrences

    number = _number(numbers[0]) if len(numbers) == 1 else None
    if number is None:
        msg = (
            "Name the recurring schedule by its number: newsletter unschedule recurring 1 (see `newsletter calendar`)."
        )
        raise click.UsageError(msg)
    with store.write() as connection:
        ended = recurrences.end(connection, number, reason, now())
    if json_:
        show.as_json({"recurrence": ended.number, "rule": ended.rule, "ended_at": ended.ended_at})
        return
    click.echo(f"Recurring schedule {ended.number} ({ended.rule}) comes no more.")
    click.echo("A mailing that it has planned already stays: see `newsletter calendar`.")


def _take_off(store: Store, what: str, reason: str) -> Mailing:
    from newsletter.store import mailings, scheduled

    number = _number(what)
    if number is None:
        number = _of_issue(store, what)
    with store.write() as connection:
        before = mailings.get(connection, number)
        if before.state is MailingState.CANCELLED:
            return before
        scheduled.take_off(connection, number, reason, now())
        return mailings.get(connection, number)


def _number(text: str) -> int | None:
    """None for what is no number, or one that no database counts up to."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _of_issue(store: Store, issue: str) -> int:
    from newsletter.store import scheduled
    from newsletter.validate import nearest

    slug = issue.rstrip("/").removesuffix("/issue.md").rpartition("/")[2]
    with store.read() as connection:
        if found := scheduled.of_issue(connection, slug):
            return found.number
        known = [one.issue for one in scheduled.every(connection)]
    guess = nearest(slug, known)
    advice = f"Did you mean {guess}?" if guess else "See `newsletter calendar`."
    msg = f"Nothing of {issue} is scheduled. {advice}"
    raise click.UsageError(msg)
