"""What a mailing would do, shown before anybody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.audience.words import change_in_words, left_out, whom_in_words
from newsletter.cli.mailings import doubt_line
from newsletter.errors import SendingRefused
from newsletter.model.document import plain_words

if TYPE_CHECKING:
    from newsletter.deliver.ports import Sender
    from newsletter.pipeline import Plan, Prepared


def show_plan(prepared: Prepared, plan: Plan, sender: Sender, *, most_change: int, dry_run: bool, json_: bool) -> None:
    """Where there is nobody to send to, only that.

    Raises:
        SendingRefused: nobody is in the audience at all.
    """
    if plan.subscribed == 0:
        raise _nobody_at_all(plan)
    if json_:
        if dry_run or plan.to_send == 0:
            show.as_json(_plan_json(prepared, plan, sender, most_change))
        return
    if plan.to_send == 0:
        click.echo(_nobody_left(prepared.slug, plan))
        _show_doubt(plan)
        return
    for line in show.problem_lines(prepared.problems):
        click.echo(line)
    subject = prepared.issue.subject if prepared.issue else ()
    click.echo(f"Issue     {prepared.slug}")
    click.echo(f"Subject   {show.clean(plain_words(subject))}")
    if prepared.rendered:
        click.echo(f"From      {prepared.rendered.from_name} <{prepared.rendered.from_address}>")
    rehearsal = "" if sender.real else " (no mail leaves this machine; its readers count as having the issue)"
    click.echo(f"Through   {sender.name}{rehearsal}")
    _show_audience(plan, most_change)
    click.echo(f"Checks    {show.count_line(prepared.problems)}")
    for line in show.waiver_lines(prepared.waivers):
        click.echo(f"          {line}")
    _show_doubt(plan)
    if dry_run and plan.held:
        click.echo(f"Stopped   {plan.held.why}.\n          {plan.held.next_step}")
    if dry_run:
        click.echo("Nothing was sent (--dry-run).")


def _show_audience(plan: Plan, most_change: int) -> None:
    out = ", ".join(left_out(plan.suppressed, plan.already_sent))
    readers = f"{show.number(plan.to_send)} {show.plural(plan.to_send, 'reader')}"
    click.echo(f"To        {_whom(plan)}: {readers}" + (f" (left out: {out})" if out else ""))
    if plan.addressed.assumed:
        names = ", ".join(entry.name for entry in plan.addressed.lists)
        click.echo(f"          No list was named: {names} is taken, {plan.addressed.assumed}.")
    for number, line in enumerate(show.variant_lines(plan.variants)):
        click.echo(f"{'' if number else 'Variants':<9} {line}")
    if plan.before:
        stops = plan.before.differs_from(plan.subscribed, most_change)
        advice = "; it is not sent without --audience-may-differ" if stops else ""
        click.echo(f"Last time {change_in_words(plan.before, plan.subscribed)}{advice}")


def _show_doubt(plan: Plan) -> None:
    for mailing, count in plan.in_doubt.items():
        click.echo(f"Mailing {mailing}: {doubt_line(mailing, count)}")


def _whom(plan: Plan) -> str:
    audience = plan.addressed.audience
    return whom_in_words([entry.name for entry in plan.addressed.lists], audience.narrowed, audience.excepted)


def _nobody_at_all(plan: Plan) -> SendingRefused:
    first = plan.addressed.lists[0].name
    if plan.addressed.audience.narrowed or plan.addressed.audience.excepted:
        return SendingRefused(
            f"nobody is in this audience: {_whom(plan)}",
            "See why: newsletter audience show, with the same --to and --except.",
        )
    return SendingRefused(
        f"nobody is subscribed to {_whom(plan)}",
        f'Import readers: newsletter subscribers import FILE --list {first} --consent "how they agreed"',
    )


def _nobody_left(slug: str, plan: Plan) -> str:
    if plan.already_sent:
        has = "has, or may have," if plan.in_doubt else "has"
        return f"Everybody on {_whom(plan)} {has} {slug} already ({show.number(plan.already_sent)}). Nothing to send."
    return f"Nobody on {_whom(plan)} can be mailed: all {show.number(plan.suppressed)} are suppressed. Nothing to send."


def _plan_json(prepared: Prepared, plan: Plan, sender: Sender, most_change: int) -> dict[str, object]:
    audience, before = plan.addressed.audience, plan.before
    return {
        "mailing": None,
        "issue": prepared.slug,
        "lists": [entry.name for entry in plan.addressed.lists],
        "segments": sorted(audience.narrowed),
        "excepted": sorted(audience.excepted),
        "sender": sender.name,
        "subscribed": plan.subscribed,
        "suppressed": plan.suppressed,
        "already_sent": plan.already_sent,
        "to_send": plan.to_send,
        "in_doubt": dict(plan.in_doubt),
        "variants": dict(plan.variants),
        "before": before
        and {
            "mailing": before.mailing,
            "audience": before.readers,
            "stops": before.differs_from(plan.subscribed, most_change),
        },
        "held": plan.held.why if plan.held else None,
        "problems": [problem.as_json() for problem in prepared.problems],
        "waivers": [waiver.as_json() for waiver in prepared.waivers],
    }
