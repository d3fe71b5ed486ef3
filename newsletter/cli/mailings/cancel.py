"""`newsletter mailings cancel`."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace
from newsletter.cli.mailings.asking import ask
from newsletter.cli.mailings.standing import read_standing, standing_json, standing_of
from newsletter.cli.mailings.words import report_lines
from newsletter.errors import LeaseHeld, LeaseLost, SecretMissing, ServiceMissing, StateForbids
from newsletter.model.mailing import MailingState, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.cli.mailings.standing import Standing
    from newsletter.deliver.ports import Sender
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@click.command("cancel")
@click.argument("number", type=int)
@click.option("--reason", required=True, metavar="WORDS", help="Why; it is kept with the mailing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def cancel_(number: int, reason: str, yes: bool, json_: bool) -> None:
    """End a mailing before everybody has it.

    Also one that another process is sending. There is no way back: whoever has it keeps it, and what is under way may
    still arrive. The others can get the issue by a new mailing.

    \b
    Example:
      newsletter mailings cancel 3 --reason "the wrong dose in the table"
    """
    from newsletter import wiring
    from newsletter.store import ledger

    if not reason.strip():
        msg = "--reason: say why; it is kept with the mailing."
        raise click.UsageError(msg)
    place = workspace()
    store = open_store(place)
    before = standing_of(store, number, place.settings)
    if before.mailing.state in {MailingState.FINISHED, MailingState.MISSED}:
        raise StateForbids(number, before.mailing.state.value, "cancelled")
    if not yes and before.mailing.state is not MailingState.CANCELLED:
        ask(_question(before), "Not cancelled.")
    if before.tally[Outcome.IN_FLIGHT]:
        _settle_interrupted(place, store, number)
    with store.write() as connection:
        ledger.cancel(connection, number, reason.strip(), now(), wiring.may_be_alive)
        standing = read_standing(connection, number, place.settings)
    if json_:
        show.as_json(standing_json(standing))
        return
    for line in report_lines(standing, place.settings):
        click.echo(line)


def _settle_interrupted(place: Workspace, store: Store, number: int) -> None:
    """What a process that died had in hand, by what its sender remembers: else all of it would be in doubt."""
    import random

    from newsletter import wiring
    from newsletter.cli.send.plan import closing_all  # it imports words of this package
    from newsletter.deliver.orphans import clear_up
    from newsletter.store.ledger import StoredLedger

    ledger = StoredLedger(store, wiring.may_be_alive)
    # somebody is at work and settles it
    with suppress(LeaseHeld, LeaseLost), closing_all(_senders(place)) as senders:
        lease = ledger.take_as_it_is(number, wiring.owner(), now())
        try:
            clear_up(ledger, lease, senders, now, random.Random(), past=partial(wiring.memory_of, place))
        finally:
            ledger.give_back(lease)


def _senders(place: Workspace) -> Sequence[Sender]:
    """None where they cannot be opened: to remember, some need neither a key nor a server."""
    from newsletter import wiring

    try:
        return wiring.open_senders(place)
    except (SecretMissing, ServiceMissing):
        return ()


def _question(standing: Standing) -> str:
    tally, number = standing.tally, standing.mailing.number
    if standing.mailing.state is MailingState.SCHEDULED:
        return f"Mailing {number} ({show.clean(standing.mailing.issue)}) has not begun. Cancel it for good?"
    has = tally[Outcome.ACCEPTED]
    parts = [f"{show.number(has)} {'has' if has == 1 else 'have'} it"]
    if maybe := tally[Outcome.UNCERTAIN]:
        parts.append(f"{show.number(maybe)} may have it")
    if flying := tally[Outcome.IN_FLIGHT]:
        parts.append(f"{show.number(flying)} {'is' if flying == 1 else 'are'} under way and may still get it")
    parts.append(f"{show.number(tally[Outcome.PLANNED])} will not get it")
    said = show.folded(f"Of mailing {number} ({show.clean(standing.mailing.issue)}) {', '.join(parts)}.")
    return f"{said}\nCancel it for good?"
