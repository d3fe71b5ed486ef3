"""`newsletter suppressions sync`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.errors import ProviderFailed, SecretMissing, ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.model.mirror import SyncReport
    from newsletter.pipeline.syncing import SuppressionMirror
    from newsletter.settings import Workspace


@click.command("sync")
@click.option("--pull", is_flag=True, help="Only what your provider knows.")
@click.option("--push", is_flag=True, help="Only what it does not know yet.")
@click.option("--forget-erased", is_flag=True, help="Have it forget people who were erased here.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@json_option
def sync(pull: bool, push: bool, forget_erased: bool, dry_run: bool, json_: bool) -> None:
    """Bring the suppressions here and those of your provider (SendGrid) into line.

    Who bounced for good, complained or left at SendGrid is suppressed here too; it would drop mail to them anyway, without
    a word beforehand. Who left everything, complained, bounced for good or was suppressed by hand here is told to SendGrid;
    that is taken back when they come back. Run it once a day, and before a big mailing; whatever interrupts it, run it again.

    \b
    Example:
      newsletter suppressions sync --dry-run
      newsletter suppressions sync
    """
    from newsletter.pipeline.syncing import Sync

    if forget_erased and push and not pull:
        msg = "--forget-erased needs to see whom your provider knows: leave out --push, or add --pull."
        raise click.UsageError(msg)
    place = workspace()
    mirror = _mirror(place)
    store = open_store(place)
    keys = open_keys(place, store)
    both = pull == push
    with _progress(mirror.name, quiet=json_) as advance:
        run = Sync(store, keys, mirror, now(), dry_run=dry_run, progress=advance)
        try:
            report = run.run(pull=pull or both, push=push or both, forget_erased=forget_erased)
        except ProviderFailed:
            _tell(run.report, json_=False, to_stderr=True)
            raise
        finally:
            run.note()
    _tell(report, json_=json_)


def _mirror(place: Workspace) -> SuppressionMirror:
    """Raises:
    SecretMissing, ServiceMissing: there is nobody to ask.
    """
    from newsletter import wiring

    mirror = wiring.open_mirror(place)
    if mirror:
        return mirror
    esp = place.settings.esp
    if "sendgrid" in {esp.name, esp.fallback}:
        raise SecretMissing("SENDGRID_API_KEY")
    raise ServiceMissing(
        "the suppressions of a provider", f'`{esp.name}` keeps none; this is for [esp] name = "sendgrid"'
    )


@contextmanager
def _progress(name: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """People done so far, on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda done: click.echo(f"\r\x1b[K{name}: {show.number(done)} people", nl=False, err=True)
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)


def _tell(report: SyncReport, *, json_: bool, to_stderr: bool = False) -> None:
    if json_:
        show.as_json(report.as_json())
        return
    for line in _lines(report):
        click.echo(line, err=to_stderr)
    if report.dry_run:
        click.echo("Nothing was changed (--dry-run).", err=to_stderr)


def _lines(report: SyncReport) -> Iterator[str]:
    name = report.provider
    sums = [(count, words) for count, words in _sums(report) if count]
    if not sums:
        yield f"{name} and this database know the same: nothing to do."
    yield from (f"{show.number(count):>9} {words}" for count, words in sums)
    left = report.erased - report.forgotten
    if left:
        yield f"To have {name} forget those who were erased here: newsletter suppressions sync --forget-erased"
    if report.soft or report.lifted_since:
        yield f"{name} drops mail to whom it holds back. To have it let go: newsletter suppressions remove ADDRESS --at-esp"


def _sums(report: SyncReport) -> tuple[tuple[int, str], ...]:
    name, reasons = report.provider, ", ".join(report.reasons)
    would = report.dry_run
    return (
        (report.new, f"{'would be suppressed' if would else 'suppressed now'}: {reasons}"),
        (report.already - report.graver, "suppressed before: nothing to do"),
        (report.graver, f"suppressed before for a lesser reason: {reasons}"),
        (report.lifted_since, f"lifted here since: left alone, but {name} holds them back"),
        (report.soft, f"bounced for now only: left alone, but {name} holds them back"),
        (report.unusable, "passed over: no address that anybody can have"),
        (report.erased - report.forgotten, f"erased here, and {name} still has their address"),
        (report.forgotten, f"erased here before, and forgotten by {name} now"),
        (report.pushed, f"{'would be told' if would else 'told'} to {name}"),
        (report.taken_back, f"not suppressed here any more: {'would be ' if would else ''}taken back from {name}"),
        (report.refused, f"not told: {name} does not take them"),
    )
