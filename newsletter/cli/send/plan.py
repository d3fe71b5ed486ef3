"""Before a mailing: check the issue, show who would get it, ask, and plan it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.audience.words import asked_of, change_in_words
from newsletter.cli.context import now, open_keys
from newsletter.cli.send.shown import show_plan
from newsletter.errors import NotSendable, SendingRefused
from newsletter.model.problem import has_errors
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.model.mailing import Mailing
    from newsletter.pipeline import Plan, Prepared
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person who sends has asked for."""

    to: Sequence[str]
    excepted: Sequence[str]
    again: str
    #: codes of checks whose errors are to stand -> why
    overrides: Mapping[str, str]
    ask: bool
    dry_run: bool
    json_: bool
    #: many more or fewer readers than last time are meant
    may_differ: bool


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
    asked = asked_of(place, _names(prepared, wishes), wishes.excepted, f"newsletter send {slug}")
    sender = wiring.open_sender(place)
    plan = pipeline.foresee(store, prepared, asked, now(), again=bool(wishes.again))
    most_change = 0 if wishes.may_differ else place.settings.policy.audience_change
    show_plan(prepared, plan, sender, most_change=most_change, dry_run=wishes.dry_run, json_=wishes.json_)
    if plan.to_send == 0 or wishes.dry_run:
        return None
    if plan.held:
        raise plan.held
    pipeline.refuse_if_it_differs(plan.before, plan.subscribed, most_change)
    pipeline.refuse_unless_reachable(place, open_keys(place, store), sender)
    if wishes.ask:
        _ask(plan)
    number = pipeline.plan(store, prepared, asked, sender, wishes.again, now(), most_change=most_change)
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


def _names(prepared: Prepared, wishes: Wishes) -> Sequence[str]:
    names = wishes.to or (prepared.issue.audience if prepared.issue else ())
    if not names:
        msg = "Say to whom: --to LIST (see `newsletter audience list`), or put `audience:` into the issue."
        raise click.UsageError(msg)
    return names


def _ask(plan: Plan) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes."""
    change = f" ({change_in_words(plan.before, plan.subscribed)})" if plan.before else ""
    readers = f"{show.number(plan.to_send)} {show.plural(plan.to_send, 'reader')}"
    try:
        agreed = click.confirm(f"Send to {readers} now?{change}", err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        msg = "Not sent: nobody answered. Add --yes to send without being asked."
        raise click.UsageError(msg) from None
    if not agreed:
        click.echo("Not sent.", err=True)
        raise click.exceptions.Exit(2)
