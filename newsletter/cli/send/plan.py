"""Before a mailing: check the issue, show who would get it, ask, and plan it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import click

from newsletter.cli import show
from newsletter.cli.audience.words import asked_of, change_in_words
from newsletter.cli.context import now, open_keys
from newsletter.cli.overriding import with_overrides
from newsletter.cli.send.shown import Outlook, show_outlook
from newsletter.errors import NotApproved
from newsletter.model.mailing import Planned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.address.audience import Asked
    from newsletter.cli.send.shown import When
    from newsletter.deliver.ports import Sender
    from newsletter.model.mailing import Mailing
    from newsletter.model.version import Version
    from newsletter.pipeline import Plan, Prepared
    from newsletter.settings import Workspace
    from newsletter.signoff.rules import SignOff
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
    #: what was signed off goes, although the sources moved on
    approved_version: bool
    #: after this nobody gets it any more
    latest_at: datetime | None


class Doing(Protocol):
    """What comes of a mailing once nothing speaks against it and somebody said yes."""

    #: of the command, for advice; and what is said where the answer is no
    command: str
    not_done: str

    def when(self, store: Store, slug: str, asked: Asked, wishes: Wishes) -> When | None:
        """When it would begin, looked at before anything is shown; None: now."""

    def question(self, plan: Plan, when: When | None) -> str: ...

    def carry_out(
        self, place: Workspace, store: Store, sender: Sender, outlook: Outlook, asked: Asked, wishes: Wishes
    ) -> Mailing: ...


class AtOnce:
    """It is sent now."""

    command = "send"
    not_done = "Not sent"

    def when(self, store: Store, slug: str, asked: Asked, wishes: Wishes) -> When | None:
        del store, slug, asked, wishes
        return None

    def question(self, plan: Plan, when: When | None) -> str:
        del when
        return f"Send to {readers_in_words(plan)} now?"

    def carry_out(
        self, place: Workspace, store: Store, sender: Sender, outlook: Outlook, asked: Asked, wishes: Wishes
    ) -> Mailing:
        from newsletter import pipeline
        from newsletter.store import mailings

        tracking = place.settings.tracking
        number = pipeline.plan(
            store,
            outlook.prepared,
            asked,
            sender,
            wishes.again,
            now(),
            version=outlook.version,
            most_change=outlook.most_change,
            planned=Planned(latest_at=wishes.latest_at, approved_version=wishes.approved_version),
            tracking=tracking.opens or tracking.clicks,
            wanted=place.settings.policy.approvals,
            last_look=lambda connection: _refuse_if_void(connection, place, outlook.version, wishes),
        )
        with store.read() as connection:
            return mailings.get(connection, number)


def plan_mailing(
    place: Workspace, store: Store, path: Path | None, slug: str, wishes: Wishes, doing: Doing | None = None
) -> Mailing | None:
    """Check, show and ask; then plan the mailing. None when there is nothing to do or it was only a look."""
    from newsletter import pipeline, wiring
    from newsletter.read import find_issue

    # a mailing can be finished without its file, but none can begin: looking again raises, with the nearest name
    prepared = pipeline.prepare(place, path or find_issue(place.folder, slug), now(), wiring.outside(place))
    prepared = with_overrides(place, prepared, wishes.overrides)
    version = pipeline.ready_version(store, place, prepared, now(), approved_version=wishes.approved_version)
    prepared = pipeline.as_it_goes(store, place, prepared, version)
    doing = doing or AtOnce()
    asked = asked_of(place, _names(prepared, wishes), wishes.excepted, f"newsletter {doing.command} {slug}")
    when = doing.when(store, slug, asked, wishes)
    with closing_all(wiring.open_senders(place)) as senders:
        outlook = _outlook(place, store, senders, prepared, version, asked, wishes, when)
        # before somebody says yes, they see what to
        quiet = wishes.quiet and not (wishes.ask or wishes.dry_run)
        show_outlook(outlook, dry_run=wishes.dry_run, json_=wishes.json_, quiet=quiet)
        if outlook.plan.to_send == 0 or wishes.dry_run:
            return None
        _refuse_or_ask(place, store, senders, outlook, wishes, doing)
        return doing.carry_out(place, store, senders[0], outlook, asked, wishes)


def _outlook(
    place: Workspace,
    store: Store,
    senders: Sequence[Sender],
    prepared: Prepared,
    version: Version,
    asked: Asked,
    wishes: Wishes,
    when: When | None,
) -> Outlook:
    from newsletter import pipeline, wiring
    from newsletter.pipeline.refusing import refusals
    from newsletter.pipeline.remarks import remarks

    # a look makes no secret, and stores no image that the pages could show
    keys = wiring.keys_at_hand(place) if wishes.dry_run else None
    return Outlook(
        prepared=prepared,
        version=version,
        sign_off=_sign_off(place, store, version),
        plan=pipeline.foresee(store, prepared, asked, now(), again=bool(wishes.again)),
        settings=place.settings,
        senders=senders,
        remarks=remarks(place, prepared, senders, now()),
        most_change=0 if wishes.may_differ else place.settings.policy.audience_change,
        latest_at=wishes.latest_at,
        now=when.begins_at if when else now(),
        when=when,
        refusals=refusals(place, store, keys, senders, prepared.variants, ()) if keys else (),
    )


def _sign_off(place: Workspace, store: Store, version: Version) -> SignOff | None:
    """Of a version that was signed; None where nobody had to."""
    from newsletter.pipeline.signing import sign_off_of

    if not version.number:
        return None
    with store.read() as connection:
        return sign_off_of(connection, place, version, now())


def _refuse_if_void(connection: Connection, place: Workspace, version: Version, wishes: Wishes) -> None:
    """Somebody may have taken their signature back while we asked.

    Raises:
        NotApproved
    """
    from newsletter.pipeline.signing import why_void

    if why := why_void(connection, place, version, now(), approved_version=wishes.approved_version):
        raise NotApproved(version.issue, why, f"See: newsletter approvals show {version.issue}")


def _refuse_or_ask(
    place: Workspace, store: Store, senders: Sequence[Sender], outlook: Outlook, wishes: Wishes, doing: Doing
) -> None:
    """Comes back once nothing speaks against it and somebody said yes."""
    from newsletter import pipeline
    from newsletter.pipeline.refusing import refuse_unless_ready

    plan, prepared = outlook.plan, outlook.prepared
    if plan.held:
        raise plan.held
    pipeline.refuse_if_it_differs(plan.before, plan.subscribed, outlook.most_change)
    refuse_unless_ready(place, store, open_keys(place, store), senders, prepared.variants, prepared.images)
    if wishes.ask:
        change = f" ({change_in_words(plan.before, plan.subscribed)})" if plan.before else ""
        ask(f"{doing.question(plan, outlook.when)}{change}", doing.not_done)
    with store.read() as connection:
        _refuse_if_void(connection, place, outlook.version, wishes)


@contextmanager
def closing_all(senders: Sequence[Sender]) -> Iterator[Sequence[Sender]]:
    try:
        yield senders
    finally:
        for sender in senders:
            sender.close()


def _names(prepared: Prepared, wishes: Wishes) -> Sequence[str]:
    names = wishes.to or (prepared.issue.audience if prepared.issue else ())
    if not names:
        msg = "Say to whom: --to LIST (see `newsletter audience list`), or put `audience:` into the issue."
        raise click.UsageError(msg)
    return names


def readers_in_words(plan: Plan) -> str:
    return f"{show.number(plan.to_send)} {show.plural(plan.to_send, 'reader')}"


def ask(question: str, not_done: str) -> None:
    """Exit code 2, as for any command that was not carried out, unless the answer is yes."""
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        if sys.stdin.isatty():
            raise
        msg = f"{not_done}: nobody answered. Add --yes so that nobody is asked."
        raise click.UsageError(msg) from None
    if not agreed:
        click.echo(f"{not_done}.", err=True)
        raise click.exceptions.Exit(2)
