"""`newsletter events handle`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from newsletter.keys import Keys
    from newsletter.pipeline.handling import Handled
    from newsletter.settings import Workspace
    from newsletter.store.database import Store


@click.command("handle")
@click.option("--again", is_flag=True, help="Also those that could not be understood before.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while all is well, for cron.")
@json_option
def handle(again: bool, quiet: bool, json_: bool) -> int:
    """Work off the reports that were taken and not handled yet; says nothing when there are none.

    `newsletter serve` does this by itself. By hand, or from cron, it does no harm: each report is handled once, whoever
    comes first. Reports that are older than events.keep_days are deleted, and events older than events.keep_events_days.
    Exit code 1 when one could not be understood.

    \b
    Example:
      newsletter events handle
    """
    from newsletter.store.events import inbox

    place = workspace()
    store = open_store(place)
    keys, moment = open_keys(place, store), now()
    if again:
        with store.write() as connection:
            inbox.handle_again(connection)
    total, deleted = work_off(place, store, keys, moment, quiet=json_ or quiet)
    if json_:
        show.as_json(as_json(total, deleted))
    elif total.faults or not quiet:
        for line in lines(total, deleted):
            click.echo(line)
    return 1 if total.faults else 0


def work_off(place: Workspace, store: Store, keys: Keys, moment: datetime, *, quiet: bool) -> tuple[Handled, int]:
    """Handle all that is waiting, with a bar on a terminal; and how many old reports were deleted."""
    from newsletter import wiring
    from newsletter.pipeline.handling import Handled, Handler, Keep

    handler = Handler(store=store, keys=keys, readers=wiring.event_readers(store, keys))
    total = Handled()
    with _progress(store, quiet=quiet) as advance:
        for handled in handler.rounds(moment):
            total += handled
            advance(handled.reports)
    return total, handler.prune(Keep.asked(place.settings.events), moment)


@contextmanager
def _progress(store: Store, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, where something is to be done."""
    from newsletter.store.events import inbox

    waiting = 0
    if not quiet and sys.stderr.isatty():
        with store.read() as connection:
            waiting = inbox.count_waiting(connection)
    if not waiting:
        yield lambda _count: None
        return
    with click.progressbar(length=waiting, label="Handling", file=sys.stderr) as bar:
        yield bar.update


def as_json(total: Handled, deleted: int) -> dict[str, Any]:
    received = total.received
    return {
        "reports": total.reports,
        "events": received.total,
        "new": {kind.value: count for kind, count in received.new.items()},
        "repeated": received.repeated,
        "not_noted": received.not_noted,
        "not_ours": received.foreign,
        "suppressed": received.suppressed,
        "settled": received.settled,
        "faults": [{"report": number, "fault": fault} for number, fault in total.faults.items()],
        "deleted": deleted,
    }


def lines(total: Handled, deleted: int) -> Iterator[str]:
    received = total.received
    if total.reports:
        kinds = ", ".join(f"{show.number(count)} {kind}" for kind, count in sorted(received.new.items()))
        yield f"Handled {_counted(total.reports, 'report')}: {kinds or 'nothing new'}."
        facts = (
            (received.repeated, "told before"),
            (received.not_noted, "of readers who do not agree to tracking, not stored"),
            (received.foreign, "not about mail of this database"),
        )
        yield from (f"  {show.number(count)} {what}" for count, what in facts if count)
    if received.suppressed:
        which = "address is" if received.suppressed == 1 else "addresses are"
        yield f"  {show.number(received.suppressed)} {which} suppressed by this: newsletter suppressions list"
    if received.settled:
        yield f"  {_counted(received.settled, 'delivery', 'deliveries')} had been in doubt and are known to be accepted now"
    for number, fault in total.faults.items():
        yield f"  report {number}: {show.clean(fault)}"
    if total.faults:
        yield "  What to do about these: newsletter events faults"
    if deleted:
        yield f"Deleted {_counted(deleted, 'old report')}."


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{show.number(count)} {one if count == 1 else several or one + 's'}"
