"""Before a mailing: check the issue, show who would get it, ask, and plan it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import now, open_keys
from newsletter.cli.mailings import doubt_line
from newsletter.errors import ListNotFound, NotSendable, SendingRefused
from newsletter.model.document import plain_words
from newsletter.model.problem import has_errors
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing
    from newsletter.model.subscriber import MailingList
    from newsletter.pipeline import Plan, Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person who sends has asked for."""

    to: Sequence[str]
    again: str
    #: codes of checks whose errors are to stand -> why
    overrides: Mapping[str, str]
    ask: bool
    dry_run: bool
    json_: bool


def plan_mailing(place: Workspace, store: Store, path: Path | None, slug: str, wishes: Wishes) -> Mailing | None:
    """Check, show and ask; then plan the mailing. None when there is nothing to do or it was only a look."""
    from newsletter import pipeline, wiring
    from newsletter.read import find_issue
    from newsletter.store import mailings

    # a mailing can be finished without its file, but none can begin: looking again raises, with the nearest name
    prepared = pipeline.prepare(place, path or find_issue(place.folder, slug), now(), wiring.outside(place))
    prepared = _with_overrides(place, prepared, wishes.overrides)
    _refuse_unsendable(prepared)
    _refuse_unapproved(place)
    lists = _lists(store, place, wishes.to or (prepared.issue.audience if prepared.issue else ()))
    sender = wiring.open_sender(place)
    plan = pipeline.foresee(store, prepared, lists, place.settings.segments, again=bool(wishes.again))
    _show_plan(prepared, lists, plan, sender, dry_run=wishes.dry_run, json_=wishes.json_)
    if plan.to_send == 0 or wishes.dry_run:
        return None
    pipeline.refuse_unless_reachable(place, open_keys(place, store), sender)
    if wishes.ask:
        _ask(plan.to_send)
    number = pipeline.plan(store, prepared, lists, place.settings.segments, sender, wishes.again, now())
    with store.read() as connection:
        return mailings.get(connection, number)


def _with_overrides(place: Workspace, prepared: Prepared, overrides: Mapping[str, str]) -> Prepared:
    """A code that nobody has, or no reason, is a slip of whoever typed it."""
    from newsletter import pipeline
    from newsletter.check.book import by_code
    from newsletter.pipeline.own_rules import rules_of

    if not overrides:
        return prepared
    rules, _ = rules_of(place)
    book = by_code(rules)
    for code, reason in overrides.items():
        if code not in book:
            guess = nearest(code, book)
            msg = f"--override: there is no check `{code}`." + (f" Did you mean {guess}?" if guess else "")
            raise click.UsageError(msg)
        if not reason.strip():
            msg = f"--override {code}: say why; the reason is kept with the mailing."
            raise click.UsageError(msg)
        if book[code].must:
            raise SendingRefused(
                f"`{code}` guards what law or safety demands, or says that something cannot be read; it cannot be "
                "overridden",
                f"Correct the issue: newsletter check {prepared.slug}",
            )
    return pipeline.overridden(prepared, overrides, rules)


def _refuse_unsendable(prepared: Prepared) -> None:
    """Raises NotSendable when the issue has errors."""
    if prepared.rendered is None or has_errors(prepared.problems):
        raise NotSendable(prepared.slug, prepared.problems)


def _refuse_unapproved(place: Workspace) -> None:
    """Approvals cannot be given in this version, so an issue that needs them cannot be sent."""
    if wanted := place.settings.policy.approvals:
        raise SendingRefused(
            f"policy.approvals asks for {wanted}, and this version cannot record an approval",
            "Set it to 0 if the issue may go out without, or wait for a version with `newsletter approve`.",
        )


def _lists(store: Store, place: Workspace, names: Sequence[str]) -> tuple[MailingList, ...]:
    from newsletter.address.audience import included_lists
    from newsletter.store import lists

    if not names:
        msg = "Say to whom: --to LIST (see `newsletter lists list`), or put `audience:` into the issue."
        raise click.UsageError(msg)
    with store.read() as connection:
        known = lists.every(connection)
    try:
        return included_lists(names, known)
    except ListNotFound as why:
        if why.name not in place.settings.segments:
            raise
        msg = f"{why.name} is a segment, and a mailing goes to lists (see `newsletter lists list`)."
        raise click.UsageError(msg) from None


def _show_plan(
    prepared: Prepared,
    lists: Sequence[MailingList],
    plan: Plan,
    sender: Sender,
    *,
    dry_run: bool,
    json_: bool,
) -> None:
    names = ", ".join(entry.name for entry in lists)
    if plan.subscribed == 0:
        raise SendingRefused(
            f"nobody is subscribed to {names}",
            f'Import readers: newsletter subscribers import FILE --list {lists[0].name} --consent "how they agreed"',
        )
    if json_:
        if dry_run or plan.to_send == 0:
            show.as_json(_plan_json(prepared, lists, plan, sender))
        return
    if plan.to_send == 0:
        click.echo(_nobody_left(names, prepared.slug, plan))
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
    click.echo(f"To        {names}: {show.number(plan.to_send)} {show.plural(plan.to_send, 'reader')}{_left_out(plan)}")
    for number, line in enumerate(show.variant_lines(plan.variants)):
        click.echo(f"{'' if number else 'Variants':<9} {line}")
    click.echo(f"Checks    {show.count_line(prepared.problems)}")
    for line in show.waiver_lines(prepared.waivers):
        click.echo(f"          {line}")
    _show_doubt(plan)
    if dry_run:
        click.echo("Nothing was sent (--dry-run).")


def _show_doubt(plan: Plan) -> None:
    for mailing, count in plan.in_doubt.items():
        click.echo(f"Mailing {mailing}: {doubt_line(mailing, count)}")


def _left_out(plan: Plan) -> str:
    parts = []
    if plan.suppressed:
        parts.append(f"{show.number(plan.suppressed)} suppressed")
    if plan.already_sent:
        parts.append(f"{show.number(plan.already_sent)} who have it already")
    return f" (left out: {', '.join(parts)})" if parts else ""


def _nobody_left(names: str, slug: str, plan: Plan) -> str:
    if plan.already_sent:
        has = "has, or may have," if plan.in_doubt else "has"
        return f"Everybody on {names} {has} {slug} already ({show.number(plan.already_sent)}). Nothing to send."
    return f"Nobody on {names} can be mailed: all {show.number(plan.suppressed)} are suppressed. Nothing to send."


def _plan_json(prepared: Prepared, lists: Sequence[MailingList], plan: Plan, sender: Sender) -> dict[str, object]:
    return {
        "mailing": None,
        "issue": prepared.slug,
        "lists": [entry.name for entry in lists],
        "sender": sender.name,
        "subscribed": plan.subscribed,
        "suppressed": plan.suppressed,
        "already_sent": plan.already_sent,
        "to_send": plan.to_send,
        "in_doubt": dict(plan.in_doubt),
        "variants": dict(plan.variants),
        "problems": [problem.as_json() for problem in prepared.problems],
        "waivers": [waiver.as_json() for waiver in prepared.waivers],
    }


def _ask(count: int) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes."""
    try:
        agreed = click.confirm(f"Send to {show.number(count)} {show.plural(count, 'reader')} now?", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        msg = "Not sent: nobody answered. Add --yes to send without being asked."
        raise click.UsageError(msg) from None
    if not agreed:
        click.echo("Not sent.", err=True)
        raise click.exceptions.Exit(2)
