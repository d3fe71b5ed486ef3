"""Sending a planned mailing from this process, for the first time or again."""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli.audience.words import options_of, whom_of
from newsletter.cli.context import open_keys
from newsletter.cli.send.plan import closing_all
from newsletter.cli.send.run import run
from newsletter.cli.send.told import tell
from newsletter.errors import NotApproved, PauseStands, SendingRefused
from newsletter.model.mailing import MailingState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.mailing import Mailing
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


def go_on(
    place: Workspace, store: Store, mailing: Mailing, *, is_new: bool, json_: bool, quiet: bool, resumes: bool = False
) -> int:
    """Hand over what is left, say how it stands then, and return the exit code.

    `is_new`: what it needs was just looked at. `resumes`: a person's pause, and one after an alarm, is lifted too.

    Raises:
        PauseStands: it is paused so, and we do not lift that.
    """
    refuse_scheduled(mailing, place)
    if mailing.paused_by and not resumes:
        raise PauseStands(mailing.number, mailing.reason)
    same_sender(mailing, place)
    if not is_new:
        refuse_withdrawn(place, store, mailing)
        _refuse_unless_still_ready(place, store, mailing)
    if not (json_ or quiet):
        click.echo(f"Mailing {mailing.number}: sending {mailing.issue} to {whom_of(mailing)} through {mailing.sender}.")
    with _without_warnings() if quiet else nullcontext():
        ended = run(place, store, mailing, resumes=resumes, quiet=json_ or quiet)
    return tell(store, mailing, place, ended, json_=json_, quiet=quiet)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Cron mails whatever is said: that another sender took over stands in the ledger. Errors are told all the same."""
    log = logging.getLogger("newsletter.deliver")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def refuse_scheduled(mailing: Mailing, place: Workspace) -> None:
    """It has a time of its own, and everything is looked at again then."""
    from newsletter.cli.schedule.words import when_of

    if mailing.state is not MailingState.SCHEDULED:
        return
    when = when_of(mailing, ZoneInfo(place.settings.newsletter.timezone))
    raise SendingRefused(
        f"mailing {mailing.number} of this issue to {whom_of(mailing)} is {when}",
        f"Wait for it; or, to send it now: newsletter unschedule {mailing.number} --reason WHY, then newsletter send "
        f"{mailing.issue} {options_of(mailing)}",
    )


def same_sender(mailing: Mailing, place: Workspace) -> None:
    """One half in files and the other half to people is never what was meant."""
    esp = place.settings.esp
    if mailing.sender not in {esp.name, esp.fallback}:
        raise SendingRefused(
            f"mailing {mailing.number} of this issue was begun through {mailing.sender} and is not finished; esp.name is "
            f"{esp.name} now",
            f'Set esp.name = "{mailing.sender}" again to finish it, and change it after that. Or end it, and a new one reaches '
            f"the rest: newsletter mailings cancel {mailing.number} --reason WHY, then newsletter send {mailing.issue} "
            f"{options_of(mailing)}",
        )


def same_readers(mailing: Mailing, *, reaches_people: bool) -> None:
    """Readers of a rehearsal count as having the issue: the rest of a real mailing would be forgotten."""
    if mailing.real is None or mailing.real == reaches_people:
        return
    begun, now_is = ("to real readers", "as a rehearsal")[:: 1 if mailing.real else -1]
    raise SendingRefused(
        f"mailing {mailing.number} was begun {begun}, and by the settings it would go on {now_is}",
        "Look at sandbox, rehearsal and host in [esp]; set them back to finish it, or cancel it: "
        f"newsletter mailings cancel {mailing.number} --reason WHY",
    )


def refuse_withdrawn(place: Workspace, store: Store, mailing: Mailing) -> None:
    """Somebody has seen, since it began, that it must not go out.

    Raises:
        NotApproved
    """
    from newsletter.pipeline.signing import why_withdrawn

    if mailing.version is None or mailing.started_at is None:
        return
    with store.read() as connection:
        why = why_withdrawn(
            connection, place, mailing.version, mailing.started_at, approved_version=mailing.approved_version
        )
    if why:
        raise NotApproved(
            mailing.issue,
            why,
            f"So that nobody else gets it: newsletter mailings cancel {mailing.number} --reason WHY. See who signed: "
            f"newsletter approvals show {mailing.issue}",
        )


def _refuse_unless_still_ready(place: Workspace, store: Store, mailing: Mailing) -> None:
    from newsletter import wiring
    from newsletter.pipeline.refusing import refuse_unless_still_ready

    with closing_all(wiring.open_senders(place)) as senders:
        same_readers(mailing, reaches_people=any(sender.real for sender in senders))
        refuse_unless_still_ready(place, store, open_keys(place, store), senders, mailing)
