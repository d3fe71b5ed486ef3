"""`newsletter suppressions export`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_keys, open_store, workspace
from newsletter.cli.logged import note_export
from newsletter.cli.out_file import STREAM, out_file
from newsletter.model.audit import Action
from newsletter.model.subscriber import SuppressionReason

_KEY = 8


@click.command("export")
@click.option("--out", type=click.Path(path_type=Path), default=STREAM, help="The file to write (default: print).")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "json", "addresses"]),
    help="addresses: nothing else, for another provider. Default: what --out ends with, else csv.",
)
@click.option("--reason", type=click.Choice([reason.value for reason in SuppressionReason]), help="Only these.")
@json_option
def export(out: Path, format_: str | None, reason: str | None, json_: bool) -> None:
    """Write all suppressions into a file.

    `import` reads the CSV back. Of erased people no address is known: the CSV and the JSON hold a hash of it, which only
    a database with the same secret understands. The file is for you alone (mode 0600); delete it when it has served.

    \b
    Example:
      newsletter suppressions export --out suppressions.csv
      newsletter suppressions export --format addresses --out for-our-new-provider.csv
    """
    from newsletter.store import suppressions as stored
    from newsletter.subscribers.suppressions.exporting import WRITERS

    place = workspace()
    store = open_store(place)
    key = open_keys(place, store).fingerprint[:_KEY]
    chosen = format_ or ("json" if out.suffix.lower() == ".json" or (json_ and out == STREAM) else "csv")
    with store.read() as connection, out_file(out) as stream:
        note_export(store, Action.SUPPRESSIONS_EXPORTED, "suppressions", reason=reason, format=chosen)
        rows = stored.stream(connection, SuppressionReason(reason) if reason else None)
        written, nameless = WRITERS[chosen](stream, rows, key)
    if json_ and out != STREAM:
        show.as_json({"file": str(out), "format": chosen, "written": written, "without_address": nameless})
        return
    if out != STREAM:
        click.echo(
            f"Wrote {show.number(written)} {'address' if written == 1 else 'addresses'} to {out}. It holds personal data: "
            "delete it when it has served."
        )
    if nameless:
        what = "and not in the file" if chosen == "addresses" else "and in the file by a hash"
        click.echo(
            f"Of {show.number(nameless)} the address is not known any more (erased, replaced), {what}.", err=True
        )
