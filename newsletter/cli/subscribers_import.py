"""`newsletter subscribers import`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.model.importing import ImportReport

#: rejected rows that a terminal is shown; --json has all
_MOST_SHOWN = 50


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "name", required=True, metavar="LIST", help="The list they join.")
@click.option("--consent", metavar="TEXT", help="How and when they agreed; without it they stay pending, never mailed.")
@json_option
def import_(file: Path, name: str, consent: str | None, json_: bool) -> int:
    """Import readers from a CSV file with a header line.

    Bad rows are told with their line, the good ones go in. Nobody who left comes back this way. Exit code 1 when rows
    were rejected.

    \b
    Example:
      newsletter subscribers import readers.csv --list friends --consent "Signed the form at the front desk, May 2026"
    """
    import uuid

    if consent is not None and not consent.strip():
        msg = "--consent is empty. Say how and when they agreed, or leave it out: then they stay pending."
        raise click.UsageError(msg)
    from newsletter.address.audience import included_lists
    from newsletter.store import lists as stored
    from newsletter.store.importing import StoredSubscribers
    from newsletter.subscribers.importing import import_file

    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    with store.read() as connection:
        (list_,) = included_lists([name], stored.every(connection))
    with _progress(file, quiet=json_) as advance:
        report = import_file(
            file,
            list_=list_,
            consent=consent,
            attributes=place.settings.attributes,
            store=StoredSubscribers(store),
            identity_hash=keys.identity_hash,
            new_public_id=lambda: uuid.uuid4().hex,
            now=now(),
            progress=advance,
        )
    if json_:
        show.as_json(report.as_json())
    else:
        for line in _report_lines(report, name, consented=bool(consent and consent.strip())):
            click.echo(line)
    return 1 if report.rejected else 0


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Rows done so far, on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _rows: None
        return
    yield lambda rows: click.echo(f"\rImporting {file.name}: {show.number(rows)} rows", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)


def _report_lines(report: ImportReport, name: str, *, consented: bool) -> Iterator[str]:
    sums = (
        (report.added, "new"),
        (report.updated, "updated"),
        (report.unchanged, "unchanged"),
        (report.suppressed, "suppressed"),
        (len(report.rejected), "rejected"),
    )
    said = ", ".join(f"{show.number(count)} {word}" for count, word in sums if count)
    yield f"{show.number(report.rows)} {show.plural(report.rows, 'row')} read: {said}."
    details = (
        (report.subscribed, f"joined {name} with this import"),
        (report.pending, f"are pending on {name}: they have not agreed and are never mailed"),
        (report.left_earlier, f"left {name} earlier and stay out"),
        (report.suppressed, "are suppressed: they are never mailed"),
    )
    yield from (f"  {show.number(count):>9} {words}" for count, words in details if count)
    if report.ignored:
        yield f"Columns that were not used: {', '.join(show.clean(column) for column in report.ignored)}"
    yield from _rejected_lines(report)
    if not consented and report.pending:
        yield 'To subscribe them, import again with --consent "how and when they agreed".'


def _rejected_lines(report: ImportReport) -> Iterator[str]:
    yield from (f"  line {entry.line}: {show.clean(entry.reason)}" for entry in report.rejected[:_MOST_SHOWN])
    if len(report.rejected) > _MOST_SHOWN:
        yield f"  ... and {show.number(len(report.rejected) - _MOST_SHOWN)} more; --json shows all"
    if report.rejected:
        yield "Correct these rows and import the file again; those that are in stay as they are."
