"""`newsletter subscribers import`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.subscribers.fields import tag_names
from newsletter.cli.subscribers.import_bar import bar
from newsletter.cli.subscribers.import_shown import report_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.importing import Orders
    from newsletter.model.subscriber import MailingList
    from newsletter.settings.schema import Settings
    from newsletter.store.database import Store
    from newsletter.subscribers.formats import Format

#: the code of a run that was stopped half way
_STOPPED = 3


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "name", required=True, metavar="LIST", help="The list they join.")
@click.option("--consent", metavar="TEXT", help="How and when they agreed; without it they stay pending, never mailed.")
@click.option("--wording", metavar="TEXT", help="The exact words that they agreed to, where there were any.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Give everybody this tag; repeatable.")
@click.option(
    "--map", "maps", metavar="HEADING=FIELD", multiple=True, help="What a column holds; - for nothing; repeatable."
)
@click.option("--format", "format_", metavar="SYSTEM", help="The system that wrote the file (default: found out).")
@click.option("--encoding", metavar="NAME", help="Such as utf-8 or windows-1252 (default: found out).")
@click.option("--separator", metavar="SIGN", help="Such as ; or tab (default: found out).")
@click.option("--sheet", metavar="NAME", help="The sheet of a workbook (default: the first with addresses).")
@click.option("--rejected", type=click.Path(path_type=Path), help="Where rejected rows go (default: beside the file).")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@json_option
def import_(
    file: Path,
    name: str,
    consent: str | None,
    wording: str | None,
    tags: tuple[str, ...],
    maps: tuple[str, ...],
    format_: str | None,
    encoding: str | None,
    separator: str | None,
    sheet: str | None,
    rejected: Path | None,
    dry_run: bool,
    json_: bool,
) -> int:
    """Import readers from a file: CSV, TSV, XLSX, or what another system exports.

    Headings, encoding and separator are found out and shown. Bad rows are told with their line and written into a file
    of their own, the good ones go in. Nobody who left comes back this way, and whoever the file says has left is left
    out. The same file again changes nothing; if an import was stopped, run the same command again. Exit code 1 when rows
    were rejected.

    \b
    Example:
      newsletter subscribers import readers.csv --list friends --consent "Signed the form at the front desk, May 2026"
      newsletter subscribers import export.zip --list friends --dry-run
      newsletter subscribers import readers.xlsx --list friends --map "Ihre Mailadresse=email" --tag spring-fair
    """
    from newsletter.store.importing import StoredSubscribers
    from newsletter.subscribers.importing import import_file
    from newsletter.subscribers.importing.mapped_tables import Reading

    _refuse_empty(consent, wording)
    how = Reading(
        given=_given(maps),
        format=_format(format_),
        encoding=encoding,
        separator=separator,
        sheet=sheet,
        consented=consent is not None,
    )
    _refuse_replacing(rejected)
    place = workspace()
    store = open_store(place)
    keys = open_keys(place, store)
    with bar(file, quiet=json_) as progress:
        try:
            report = import_file(
                file,
                orders=_orders(_list(store, name), place.settings, consent, wording, tag_names(tags)),
                attributes=place.settings.attributes,
                store=StoredSubscribers(store),
                identity_hashes=keys.identity_hashes,
                reading=how,
                rejected=rejected or _beside(file, dry_run=dry_run),
                dry_run=dry_run,
                progress=progress,
            )
        except KeyboardInterrupt:
            words = "Nothing was changed" if dry_run else "What was imported so far stays"
            click.echo(f"\nStopped. {words}; run the same command again, and it goes on.", err=True)
            return _STOPPED
    if json_:
        show.as_json(report.as_json())
    else:
        for line in report_lines(report, name, consented=consent is not None):
            click.echo(line)
    return 1 if report.rejected_count else 0


def _refuse_empty(consent: str | None, wording: str | None) -> None:
    if consent is not None and not consent.strip():
        msg = "--consent is empty. Say how and when they agreed, or leave it out: then they stay pending."
        raise click.UsageError(msg)
    if wording is not None and not wording.strip():
        msg = "--wording is empty. Give the words that they agreed to, or leave it out."
        raise click.UsageError(msg)
    if wording and not consent:
        msg = "--wording are the words that they agreed to; say with --consent how and when they did."
        raise click.UsageError(msg)


def _given(maps: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for said in maps:
        heading, sign, field = said.rpartition("=")
        if not sign or not heading.strip():
            raise click.UsageError(f'--map "{said}": write HEADING=FIELD, such as --map "Your address=email"')
        if heading in given:
            raise click.UsageError(f"--map names the column `{heading}` twice")
        given[heading] = field.strip()
    return given


def _format(name: str | None) -> Format | None:
    from newsletter.subscribers.formats import FORMATS

    if name is None:
        return None
    if name not in FORMATS:
        raise click.UsageError(
            f"--format: `{name}` is not known; known are {', '.join(FORMATS)}. Leave it out to find out."
        )
    return FORMATS[name]


def _list(store: Store, name: str) -> MailingList:
    from newsletter.address.audience import included_lists
    from newsletter.store.people import lists as stored

    with store.read() as connection:
        (list_,) = included_lists([name], stored.every(connection))
    return list_


def _orders(
    list_: MailingList, settings: Settings, consent: str | None, wording: str | None, tags: tuple[str, ...]
) -> Orders:
    from newsletter.model.importing import Orders

    return Orders(
        list=list_, now=now(), ground=consent, wording=wording or "", tags=tags, keep_ip=settings.consent.keep_ip
    )


def _beside(file: Path, *, dry_run: bool) -> Path | None:
    """Where rejected rows go when nobody says it; nowhere when nothing is to be changed, or nothing can be written there."""
    from newsletter.subscribers.importing.rejects import rejects_beside

    if dry_run or not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        return None
    return rejects_beside(file)


def _refuse_replacing(rejected: Path | None) -> None:
    """Somebody may have mended rows there."""
    if rejected and os.path.lexists(rejected):
        raise click.UsageError(f"--rejected {show.clean(str(rejected))}: it is there already; name a file that is not.")
