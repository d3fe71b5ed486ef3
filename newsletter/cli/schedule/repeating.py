"""`newsletter schedule --every`: a mailing again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.audience.words import asked_of, whom_in_words
from newsletter.cli.clock import naming
from newsletter.cli.context import actor, now
from newsletter.cli.schedule.words import cron_lines
from newsletter.cli.send.plan import ask as ask_whether
from newsletter.errors import SendingRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from newsletter.schedule.rules import Rule
    from newsletter.settings import Workspace
    from newsletter.store.database import Store

#: times that are shown
_NEXT = 3
#: within which each rule has so many
_AHEAD = timedelta(days=130)


def repeat(
    place: Workspace,
    store: Store,
    every: str,
    to: Sequence[str],
    excepted: Sequence[str],
    *,
    local: bool,
    ask: bool,
    dry_run: bool,
    json_: bool,
) -> int:
    """Look at it, ask, and keep it."""
    from newsletter.schedule.rules import rule_written

    if not to:
        msg = "Say to whom: --to LIST (see `newsletter audience list`)."
        raise click.UsageError(msg)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    with naming("--every"):
        rule = rule_written(every)
    whom, readers = _audience(place, store, to, excepted)
    _refuse_twice(store, rule, to, excepted)
    times = [moment for moment, _ in rule.moments(now(), now() + _AHEAD, zone)][:_NEXT]
    if not json_:
        _show(place, rule, whom, readers, times, zone, local=local)
    if dry_run:
        if json_:
            show.as_json(_json(None, rule, to, excepted, times, local=local))
        else:
            click.echo("Nothing was scheduled (--dry-run).")
        return 0
    if ask:
        ask_whether(f"Send the newest issue to {whom}, each time ({rule})?", "Not scheduled")
    number = _keep(store, rule, to, excepted, local=local)
    if json_:
        show.as_json(_json(number, rule, to, excepted, times, local=local))
        return 0
    click.echo(f"Recurring schedule {number}: {rule}, to {whom}.")
    click.echo(f"To end it: newsletter unschedule recurring {number} --reason WHY")
    for line in cron_lines(store):
        click.echo(line)
    return 0


def _audience(place: Workspace, store: Store, to: Sequence[str], excepted: Sequence[str]) -> tuple[str, int]:
    """In words, and how many are in it now. Raises AudienceUnclear, ConsentRefused, SegmentUnusable."""
    from newsletter.model.segment import Sorting
    from newsletter.pipeline.mailing import whom
    from newsletter.store.audiences import audience

    with store.read() as connection:
        found = whom(connection, asked_of(place, to, excepted, "newsletter schedule --every RULE"), now())
        readers = audience.foresee(connection, "", found.audience, Sorting(), again=True)[0]
    lists = [entry.name for entry in found.lists]
    return whom_in_words(lists, found.audience.narrowed, found.audience.excepted), readers


def _refuse_twice(store: Store, rule: Rule, to: Sequence[str], excepted: Sequence[str]) -> None:
    from newsletter.store import recurrences

    with store.read() as connection:
        for known in recurrences.going_on(connection):
            if (known.rule, {*known.to}, {*known.excepted}) == (str(rule), {*to}, {*excepted}):
                raise SendingRefused(
                    f"recurring schedule {known.number} does that already",
                    f"See `newsletter calendar`; to end it: newsletter unschedule recurring {known.number} --reason WHY",
                )


def _show(
    place: Workspace, rule: Rule, whom: str, readers: int, times: Sequence[datetime], zone: ZoneInfo, *, local: bool
) -> None:
    wanted = place.settings.policy.approvals
    which = f"with {wanted} {show.plural(wanted, 'signature')}" if wanted else "without errors"
    click.echo(f"Every     {rule} ({'where each reader is' if local else zone.key})")
    click.echo(f"To        {whom}: {show.number(readers)} {show.plural(readers, 'reader')} now")
    click.echo(f"Sends     the newest issue dated that day or earlier, {which}, that was not sent yet")
    for number, moment in enumerate(times):
        click.echo(f"{'' if number else 'Next':<9} {show.moment(moment, zone)}")


def _keep(store: Store, rule: Rule, to: Sequence[str], excepted: Sequence[str], *, local: bool) -> int:
    from newsletter.store import recurrences

    with store.write() as connection:
        return recurrences.add(
            connection, rule=str(rule), to=to, excepted=excepted, local=local, made_by=actor(), now=now()
        )


def _json(
    number: int | None,
    rule: Rule,
    to: Sequence[str],
    excepted: Sequence[str],
    times: Sequence[datetime],
    *,
    local: bool,
) -> dict[str, Any]:
    return {
        "recurrence": number,
        "rule": str(rule),
        "to": list(to),
        "excepted": list(excepted),
        "in_reader_time_zone": local,
        "next": [moment.isoformat() for moment in times],
    }
