"""Before a mailing: check the issue, show who would get it, ask, and plan it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.audience.words import asked_of, change_in_words
from newsletter.cli.context import now, open_keys
from newsletter.cli.send.shown import Outlook, show_outlook
from newsletter.errors import NotSendable, SendingRefused
from newsletter.model.mailing import Planned
from newsletter.model.problem import has_errors
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.address.audience import Asked
    from newsletter.deliver.ports import Sender
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
    #: nothing is said while all is well
    quiet: bool
    #: many more or fewer readers than last time are meant
    may_differ: bool
    #: after this nobody gets it any more
    latest_at: datetime | None


def plan_mailing(place: Workspace, store: Store, path: Path | None, slug: str, wishes: Wishes) -> Mailing | None:
    """Check, show and ask; then plan the mailing. None when there is nothing to do or it was only a look."""
    from newsletter import pipeline, wiring
    from newsletter.read import find_issue

    # a mailing can be finished without its file, but none can begin: looking again raises, with the nearest name
    prepared = pipeline.prepare(place, path or find_issue(place.folder, slug), now(), wiring.outside(place))
    prepared = _with_overrides(place, prepared, wishes.overrides)
    _refuse_unsendable(prepared)
    _refuse_unapproved(place)
    asked = asked_of(place, _names(prepared, wishes), wishes.excepted, f"newsletter send {slug}")
    with closing_all(wiring.open_senders(place)) as senders:
        outlook = _outlook(place, store, senders, prepared, asked, wishes)
        # before somebody says yes, they see what to
        quiet = wishes.quiet and not (wishes.ask or wishes.dry_run)
        show_outlook(outlook, dry_run=wishes.dry_run, json_=wishes.json_, quiet=quiet)
        if outlook.plan.to_send == 0 or wishes.dry_run:
            return None
        return _planned(place, store, senders, outlook, asked, wishes)


def _outlook(
    place: Workspace, store: Store, senders: Sequence[Sender], prepared: Prepared, asked: Asked, wishes: Wishes
) -> Outlook:
    from newsletter import pipeline, wiring
    from newsletter.pipeline.refusing import refusals
    from newsletter.pipeline.remarks import remarks

    # a look makes no secret, and stores no image that the pages could show
    keys = wiring.keys_at_hand(place) if wishes.dry_run else None
    return Outlook(
        prepared=prepared,
        plan=pipeline.foresee(store, prepared, asked, now(), again=bool(wishes.again)),
        settings=place.settings,
        senders=senders,
        remarks=remarks(place, prepared, senders, now()),
        most_change=0 if wishes.may_differ else place.settings.policy.audience_change,
        latest_at=wishes.latest_at,
        now=now(),
        refusals=refusals(place, store, keys, senders, prepared.variants, ()) if keys else (),
    )


def _planned(
    place: Workspace, store: Store, senders: Sequence[Sender], outlook: Outlook, asked: Asked, wishes: Wishes
) -> Mailing:
    """The mailing, once nothing speaks against it and somebody said yes."""
    from newsletter import pipeline
    from newsletter.pipeline.refusing import refuse_unless_ready
    from newsletter.store import mailings

    plan, prepared = outlook.plan, outlook.prepared
    if plan.held:
        raise plan.held
    pipeline.refuse_if_it_differs(plan.before, plan.subscribed, outlook.most_change)
    refuse_unless_ready(place, store, open_keys(place, store), senders, prepared.variants, prepared.images)
    if wishes.ask:
        _ask(plan)
    tracking = place.settings.tracking
    number = pipeline.plan(
        store,
        prepared,
        asked,
        senders[0],
        wishes.again,
        now(),
        version=pipeline.version_of(prepared, now()),
        most_change=outlook.most_change,
        planned=Planned(latest_at=wishes.latest_at),
        tracking=tracking.opens or tracking.clicks,
    )
    with store.read() as connection:
        return mailings.get(connection, number)


@contextmanager
def closing_all(senders: Sequence[Sender]) -> Iterator[Sequence[Sender]]:
    try:
        yield senders
    finally:
        for sender in senders:
            sender.close()


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
