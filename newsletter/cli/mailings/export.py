"""`newsletter mailings export`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace
from newsletter.cli.logged import note_export
from newsletter.cli.mailings.exporting import write_csv, write_json
from newsletter.cli.mailings.words import deliveries
from newsletter.cli.out_file import STREAM, out_file
from newsletter.model.audit import Action
from newsletter.model.mailing import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsletter.model.delivery import Delivery

_WRITERS = {"csv": write_csv, "json": write_json}
#: steps of the bar
_AT_ONCE = 500


@click.command("export")
@click.argument("number", type=int)
@click.option("--out", type=click.Path(path_type=Path), default=STREAM, help="The file to write (default: print).")
@click.option(
    "--outcome",
    "outcomes",
    type=click.Choice([outcome.value for outcome in Outcome]),
    multiple=True,
    help="Only these; may be given again.",
)
@click.option(
    "--format", "format_", type=click.Choice(["csv", "json"]), help="Default: what --out ends with, else csv."
)
@json_option
def export_(number: int, out: Path, outcomes: tuple[str, ...], format_: str | None, json_: bool) -> None:
    """Write who got it, who did not, and why.

    Each delivery is a row, with what was reported of it since. A text that a spreadsheet would run as a formula gets an
    apostrophe in front. The file is for you alone (mode 0600); delete it when it has served. Of people who were erased
    there is no address.

    \b
    Example:
      newsletter mailings export 3 --out mailing-3.csv
      newsletter mailings export 3 --outcome refused --outcome uncertain --out to-look-at.csv
    """
    from newsletter.store import mailings
    from newsletter.store.ledger import exporting

    chosen = format_ or ("json" if out.suffix.lower() == ".json" or (json_ and out == STREAM) else "csv")
    store = open_store(workspace())
    with store.read() as connection:
        number = mailings.get(connection, number).number
        audience = mailings.tally(connection, number).audience
        with out_file(out) as stream, _progress(audience, quiet=json_ or out == STREAM) as advance:
            note_export(store, Action.MAILING_EXPORTED, f"mailing {number}", outcomes=outcomes, format=chosen)
            every = advance(exporting.deliveries(connection, number))
            wanted = (one for one in every if not outcomes or one.outcome in outcomes)
            count = _WRITERS[chosen](stream, number, wanted)
    if out == STREAM:
        return
    if json_:
        show.as_json({"file": str(out), "format": chosen, "deliveries": count})
    else:
        click.echo(f"Wrote {deliveries(count)} to {out}. It holds readers' data: delete it when it has served.")


@contextmanager
def _progress(count: int, *, quiet: bool) -> Iterator[Callable[[Iterable[Delivery]], Iterable[Delivery]]]:
    """A bar on a terminal that moves as the deliveries go by."""
    if quiet or not sys.stderr.isatty():
        yield lambda every: every
        return
    with click.progressbar(length=count, label="Exporting", file=sys.stderr, update_min_steps=_AT_ONCE) as bar:

        def advance(every: Iterable[Delivery]) -> Iterator[Delivery]:
            for one in every:
                bar.update(1)
                yield one

        yield advance
