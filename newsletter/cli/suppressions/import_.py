"""`newsletter suppressions import`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.suppressions.words import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.model.suppressing import SuppressionReport

#: rejected rows that a terminal is shown; --json has more
_MOST_SHOWN = 20
_KEY = 8


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--reason", type=click.Choice(REASONS), help="Why, for all of them (default: what the file says).")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@json_option
def import_(file: Path, reason: str | None, dry_run: bool, json_: bool) -> int:
    """Suppress everybody whom a file names: what a provider exports, or a list of addresses.

    Known by their names or headings: the suppressions of SendGrid (bounces, invalid emails, spam reports, unsubscribes),
    Mailchimp's cleaned and unsubscribed, listmonk's blocklist, and what `suppressions export` wrote. Any other file with a
    column of addresses needs --reason. Who bounced for now only, or was lifted since, is passed over. The same file again
    changes nothing. Exit code 1 when rows were rejected.

    \b
    Example:
      newsletter suppressions import suppression_bounces.csv
      newsletter suppressions import do-not-mail.txt --reason "by hand" --dry-run
    """
    from newsletter.model.subscriber import SuppressionReason
    from newsletter.store.suppressions.many import StoredSuppressions
    from newsletter.subscribers.suppressions.importing import import_suppressions
    from newsletter.subscribers.suppressions.kinds import ReasonNeeded

    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    try:
        with _progress(file, quiet=json_) as advance:
            reports = import_suppressions(
                file,
                reason=SuppressionReason(reason) if reason else None,
                store=StoredSuppressions(store),
                identity_hash=keys.identity_hash,
                key=keys.fingerprint[:_KEY],
                now=now(),
                dry_run=dry_run,
                progress=advance,
            )
    except ReasonNeeded as why:
        msg = f"{show.clean(file.name)}: {why}."
        raise click.UsageError(msg) from None
    if json_:
        show.as_json({"dry_run": dry_run, "files": [report.as_json() for report in reports]})
    else:
        for report in reports:
            for line in _lines(report, dry_run=dry_run):
                click.echo(line)
        if dry_run:
            click.echo("Nothing was changed (--dry-run).")
    return 1 if any(report.rejected_rows for report in reports) else 0


@contextmanager
def _progress(file: Path, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Rows done so far, on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _rows: None
        return
    yield lambda rows: click.echo(f"\rReading {file.name}: {show.number(rows)} rows", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)


def _lines(report: SuppressionReport, *, dry_run: bool) -> Iterator[str]:
    name = show.clean(report.file)
    if report.left_out:
        yield f"{name}: left out, {show.clean(report.left_out)}."
        return
    yield f"{name} ({report.kind}): {show.number(report.rows)} {show.plural(report.rows, 'row')} read."
    if report.remark:
        yield report.remark
    for count, words in _sums(report, dry_run=dry_run):
        if count:
            yield f"  {show.number(count):>9} {words}"
    for why, count in report.passed_over.items():
        yield f"  {show.number(count):>9} passed over: {show.clean(why)}"
    if report.left:
        lists = f"{show.number(report.left)} {show.plural(report.left, 'subscription')}"
        yield f"{lists} of theirs {'would end' if dry_run else 'ended'}: they left everything."
    yield from _rejected_lines(report)


def _sums(report: SuppressionReport, *, dry_run: bool) -> tuple[tuple[int, str], ...]:
    reasons = ", ".join(report.reasons)
    return (
        (report.new, f"{'would be suppressed' if dry_run else 'suppressed now'}: {reasons}"),
        (report.already - report.graver, "suppressed before: nothing to do"),
        (report.graver, f"suppressed before for a lesser reason: {reasons}"),
        (report.lifted_since, "lifted by hand after the time in the file: left alone, may be mailed"),
        (report.repeated, "repeated: people of an earlier row"),
        (report.rejected_rows, "rejected"),
    )


def _rejected_lines(report: SuppressionReport) -> Iterator[str]:
    yield from (f"  line {entry.line}: {show.clean(entry.reason)}" for entry in report.rejected[:_MOST_SHOWN])
    if report.rejected_rows > _MOST_SHOWN:
        yield f"  ... and {show.number(report.rejected_rows - _MOST_SHOWN)} more; --json shows more of them"
    if report.rejected_rows:
        yield "Nobody was suppressed by these rows. Correct them and import the file again, if they matter."
