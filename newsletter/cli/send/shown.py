"""What a mailing would do, shown before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.approvals.words import sign_off_json, signed_line, words_of
from newsletter.cli.audience.words import change_in_words, left_out, whom_in_words
from newsletter.cli.mailings.words import doubt_hint
from newsletter.cli.terms import terms_json, terms_lines, through, too_late
from newsletter.cli.words import refusal_lines
from newsletter.errors import SendingRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from newsletter.deliver.ports import Sender
    from newsletter.model.refusal import Refusal
    from newsletter.model.version import Version
    from newsletter.pipeline import Plan, Prepared
    from newsletter.settings import Settings
    from newsletter.signoff.rules import SignOff


#: where the words begin, behind the column of what they are about
_INDENT = " " * 10


@dataclass(frozen=True, kw_only=True)
class When:
    """A planned time, and what is to be said of it."""

    begins_at: datetime
    lines: Sequence[str] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """All that is known before a mailing begins."""

    prepared: Prepared
    version: Version
    #: who signed it, where somebody had to
    sign_off: SignOff | None
    plan: Plan
    settings: Settings
    senders: Sequence[Sender]
    #: sender -> what it leaves out or changes
    remarks: Mapping[str, Sequence[str]]
    #: by how many percent the audience may differ from the last one; 0: by any
    most_change: int
    latest_at: datetime | None
    #: when it would begin
    now: datetime
    #: None: at once
    when: When | None = None
    #: why real mail would not leave, where that was looked at
    refusals: Sequence[Refusal] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.newsletter.timezone)


def show_outlook(outlook: Outlook, *, dry_run: bool, json_: bool, quiet: bool) -> None:
    """Where there is nobody to send to, only that.

    Raises:
        SendingRefused: nobody is in the audience at all.
    """
    plan = outlook.plan
    if plan.subscribed == 0:
        raise _nobody_at_all(plan)
    if json_:
        if dry_run or plan.to_send == 0:
            show.as_json(_as_json(outlook))
        return
    if quiet:
        return
    if plan.to_send == 0:
        click.echo(_nobody_left(outlook.prepared.slug, plan))
        for line in _doubt(plan):
            click.echo(line)
        return
    for line in _lines(outlook):
        click.echo(line)
    for line in _dry_lines(outlook) if dry_run else ():
        click.echo(line)


def _lines(outlook: Outlook) -> Iterator[str]:
    prepared, plan = outlook.prepared, outlook.plan
    yield from show.problem_lines(prepared.problems)
    yield f"Issue     {prepared.slug}"
    if prepared.rendered:
        yield f"Subject   {show.clean(words_of(prepared.rendered.subject))}"
        yield f"From      {show.clean(prepared.rendered.from_name)} <{prepared.rendered.from_address}>"
    yield show.folded(f"Through   {through(outlook.senders, outlook.settings)}", _INDENT)
    for name, remarks in outlook.remarks.items():
        whose = f"{name}: " if len(outlook.senders) > 1 else ""
        yield from (show.folded(f"{_INDENT}- {whose}{show.clean(remark)}", f"{_INDENT}  ") for remark in remarks)
    yield from _audience(plan, outlook.most_change)
    yield from (show.folded(line, _INDENT) for line in (outlook.when.lines if outlook.when else ()))
    terms = terms_lines(
        outlook.settings,
        outlook.zone,
        plan.to_send,
        outlook.latest_at,
        outlook.now,
        planned=outlook.when is not None,
    )
    yield from (show.folded(line, _INDENT) for line in terms)
    if late := _too_late(outlook):
        some = f"At this pace about {show.number(late)} of them would not get it."
        yield _INDENT + (some if late < plan.to_send else "Mail may not leave before that: nobody would get it.")
    yield f"Checks    {_checks(outlook)}"
    yield from (f"          {line}" for line in show.waiver_lines(prepared.waivers))
    if outlook.sign_off:
        yield show.folded(f"Signed    {signed_line(outlook.version, outlook.sign_off, outlook.zone)}", _INDENT)
        until = outlook.sign_off.valid_until
        if outlook.when and until and until < outlook.when.begins_at:
            yield f"{_INDENT}The signatures have run out by then: it will be held until it is signed again."
    yield from _doubt(plan)


def _checks(outlook: Outlook) -> str:
    """Of what was signed before the files moved on, what was found then."""
    if outlook.version.number and outlook.prepared.issue is None:
        found = len(outlook.version.checks)
        return (
            f"{found} {show.plural(found, 'finding')} when it was signed" if found else "no problems when it was signed"
        )
    return show.count_line(outlook.prepared.problems)


def _too_late(outlook: Outlook) -> int:
    return too_late(outlook.settings.sending, outlook.zone, outlook.plan.to_send, outlook.now, outlook.latest_at)


def _dry_lines(outlook: Outlook) -> Iterator[str]:
    if held := outlook.plan.held:
        yield f"Stopped   {held.why}.\n          {held.next_step}"
    if outlook.refusals:
        yield "Stopped   Real mail must not leave yet:"
        yield from refusal_lines(outlook.refusals)
    yield f"Nothing was {'scheduled' if outlook.when else 'sent'} (--dry-run)."


def _audience(plan: Plan, most_change: int) -> Iterator[str]:
    out = ", ".join(left_out(plan.suppressed, plan.already_sent))
    readers = f"{show.number(plan.to_send)} {show.plural(plan.to_send, 'reader')}"
    yield f"To        {_whom(plan)}: {readers}" + (f" (left out: {out})" if out else "")
    if plan.addressed.assumed:
        names = ", ".join(entry.name for entry in plan.addressed.lists)
        yield f"          No list was named: {names} is taken, {plan.addressed.assumed}."
    for number, line in enumerate(show.variant_lines(plan.variants)):
        yield f"{'' if number else 'Variants':<9} {line}"
    if plan.before:
        stops = plan.before.differs_from(plan.subscribed, most_change)
        advice = "; it is not sent without --audience-may-differ" if stops else ""
        yield f"Last time {change_in_words(plan.before, plan.subscribed)}{advice}"


def _doubt(plan: Plan) -> Iterator[str]:
    for mailing, count in plan.in_doubt.items():
        of_them, what_to_do = doubt_hint(mailing, count)
        yield f"Mailing {mailing}: {of_them}"
        yield what_to_do


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


def _as_json(outlook: Outlook) -> dict[str, object]:
    prepared, plan = outlook.prepared, outlook.plan
    audience, before = plan.addressed.audience, plan.before
    return {
        "mailing": None,
        "issue": prepared.slug,
        "lists": [entry.name for entry in plan.addressed.lists],
        "segments": sorted(audience.narrowed),
        "excepted": sorted(audience.excepted),
        "version": outlook.version.number or None,
        "sign_off": sign_off_json(outlook.sign_off) if outlook.sign_off else None,
        "sender": outlook.senders[0].name,
        "fallback": [sender.name for sender in outlook.senders[1:]],
        "remarks": {name: list(remarks) for name, remarks in outlook.remarks.items()},
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
            "stops": before.differs_from(plan.subscribed, outlook.most_change),
        },
        **(outlook.when.facts if outlook.when else {}),
        "terms": terms_json(outlook.settings, outlook.latest_at),
        "too_late": _too_late(outlook),
        "held": plan.held.why if plan.held else None,
        "refusals": [{"why": one.why, "next_step": one.next_step} for one in outlook.refusals],
        "problems": [problem.as_json() for problem in prepared.problems],
        "waivers": [waiver.as_json() for waiver in prepared.waivers],
    }
