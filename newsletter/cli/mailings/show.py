"""`newsletter mailings show`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.mailings.doubt import doubt_lines, reports
from newsletter.cli.mailings.standing import read_standing, standing_json
from newsletter.cli.mailings.words import carried, head_line, next_steps, refusal_lines, waiting_lines
from newsletter.cli.schedule.words import when_of
from newsletter.model.mailing import MailingState, Outcome
from newsletter.pipeline.mailing_facts import read_more

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.cli.mailings.standing import Standing
    from newsletter.pipeline.mailing_facts import More
    from newsletter.settings import Settings
    from newsletter.store.audiences.engaged import Engaged


#: what a mailing may end as
_ENDS = (MailingState.FINISHED, MailingState.CANCELLED)


@click.command("show")
@click.argument("number", type=int)
@json_option
def show_(number: int, json_: bool) -> None:
    """Show all that is known of a mailing.

    Every outcome and their sum, why some were excluded or refused, what the provider reported since, what waits and until
    when, what is in doubt, and what to do.

    \b
    Example:
      newsletter mailings show 1
    """
    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        standing, more = read_standing(connection, number, place.settings), read_more(connection, number)
    if json_:
        show.as_json(standing_json(standing) | more.as_json(standing.mailing))
        return
    for line in _lines(standing, more, place.settings):
        click.echo(line)


def _lines(standing: Standing, more: More, settings: Settings) -> Iterator[str]:
    zone = ZoneInfo(settings.newsletter.timezone)
    yield head_line(standing)
    yield from _course(standing, more.through, zone)
    yield from show.tally_lines(standing.tally)
    yield from refusal_lines(standing.refusals, standing.mailing.number)
    yield from waiting_lines(standing, settings)
    yield from (f"  variant for {line}" for line in show.variant_lines(more.readers))
    yield from (f"  {line}" for line in show.waiver_lines(more.let_stand))
    yield from _fates(standing, more, settings)
    yield from _engaged(more.engaged)
    yield from doubt_lines(standing, settings, zone)
    yield from next_steps(standing, settings)


def _course(standing: Standing, through: Mapping[str, int], zone: ZoneInfo) -> Iterator[str]:
    """When it began and ended, through whom, and until when it may go on."""
    mailing = standing.mailing
    parts = [f"begun {show.moment(mailing.started_at, zone)}"] if mailing.started_at else []
    if mailing.state is MailingState.SCHEDULED:
        parts.append(
            when_of(mailing, zone) + (f" by {show.clean(mailing.scheduled_by)}" if mailing.scheduled_by else "")
        )
    elif mailing.due_at:
        parts.append(f"due {show.moment(mailing.due_at, zone)}")
    if mailing.finished_at and mailing.state in _ENDS:  # it may have been opened again since
        parts.append(f"{mailing.state.value} {show.moment(mailing.finished_at, zone)}")
    yield show.folded(f"  {', '.join([*parts, f'through {carried(mailing.sender, through)}'])}", "    ")
    if mailing.again:
        yield show.folded(f"  also to those who had it already: {show.clean(mailing.again)}", "    ")
    if mailing.state is MailingState.SCHEDULED and mailing.start_by:
        yield f"  missed if it has not begun by {show.moment(mailing.start_by, zone)}"
    if mailing.latest_at:
        yield f"  nobody gets it after {show.moment(mailing.latest_at, zone)}"
    if standing.holder and standing.tally[Outcome.PLANNED]:
        yield f"  {show.number(standing.rate)} accepted in the last minute"


def _fates(standing: Standing, more: More, settings: Settings) -> Iterator[str]:
    """What the world did with what was accepted."""
    accepted, fates = standing.tally[Outcome.ACCEPTED], more.fates
    if not fates and not (accepted and any(reports(settings, sender) for sender in more.through)):
        return
    yield "What became of those accepted, as reported so far:"
    for fate, count in fates.items():
        yield f"  {fate.value:<13} {show.number(count):>9}"
    if (silent := accepted - sum(fates.values())) > 0:
        yield f"  {'no report yet':<13} {show.number(silent):>9}"


def _engaged(engaged: Engaged) -> Iterator[str]:
    if engaged.readers:
        did = ", ".join(f"{show.number(count)} {kind.value}" for kind, count in engaged.did.items())
        yield f"Of {show.number(engaged.readers)} {show.plural(engaged.readers, 'reader')} who agreed to it being noted: {did}."
