"""`newsletter report`: what became of a mailing, or how a list grows, in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from newsletter.report.around import Around
    from newsletter.report.document import Document
    from newsletter.settings import Settings

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("what", metavar="MAILING|ISSUE|LIST")
@click.option(
    "--html", type=_FILE, metavar="FILE", help="Write one page that needs nothing else; - for standard output."
)
@click.option(
    "--csv", "csv_", type=_FILE, metavar="FILE", help="Write a table for spreadsheets; - for standard output."
)
@click.option("--since", metavar="YYYY-MM", help="Of a list: from this month on. Otherwise the last twelve.")
@click.option("--until", metavar="YYYY-MM", help="Of a list: to the end of this month.")
@click.option("--list", "list_only", is_flag=True, help="The list of that name, although an issue is called so too.")
@json_option
def report(
    what: str, html: Path | None, csv_: Path | None, since: str | None, until: str | None, list_only: bool, json_: bool
) -> None:
    """Report how a mailing went, or how a list grows: in numbers, with what cannot be known.

    MAILING is its number; an issue means its newest mailing. No reader is named, and what fewer than 5 readers have in
    common is counted together.

    \b
    Example:
      newsletter report 3
      newsletter report knees-in-winter --html knees.html
      newsletter report friends --since 2026-01 --csv friends.csv
    """
    _refuse_mixed(html, csv_, json_)
    place = workspace()
    store = open_store(place)
    with store.read() as connection:
        told = _document(connection, what, (since, until), place.settings, list_only=list_only)
    zone = ZoneInfo(place.settings.newsletter.timezone)
    if html:
        _write_html(told, html, zone)
    if csv_:
        _write_csv(told, csv_)
    if json_:
        from newsletter.report.exports import as_json

        show.as_json(as_json(told))
    elif not (html or csv_):
        from newsletter.cli.report.terminal import lines

        for line in lines(told, zone):
            click.echo(line)


def _refuse_mixed(html: Path | None, csv_: Path | None, json_: bool) -> None:
    """Standard output takes one thing only."""
    from newsletter.cli.out_file import STREAM

    if [html == STREAM, csv_ == STREAM, json_].count(True) > 1:
        msg = "Only one of --html -, --csv - and --json can go to standard output: name a file for the others."
        raise click.UsageError(msg)


def _document(
    connection: Connection,
    what: str,
    months: tuple[str | None, str | None],
    settings: Settings,
    *,
    list_only: bool,
) -> Document:
    from newsletter.cli.report.months import edges
    from newsletter.cli.report.named import named

    around, meant = _around(settings), named(connection, what, list_only=list_only)
    if isinstance(meant, int):
        from newsletter.report import mailing
        from newsletter.store.reporting import mailing as stored

        if any(months):
            msg = "--since and --until are for lists: a mailing is reported as a whole."
            raise click.UsageError(msg)
        return mailing.report_of(stored.facts(connection, meant), around)
    from newsletter.report import listing
    from newsletter.store.reporting import listing as stored_list

    told = edges(*months, around.now, ZoneInfo(settings.newsletter.timezone))
    return listing.report_of(stored_list.facts(connection, meant, told), around)


def _around(settings: Settings) -> Around:
    from newsletter.report.around import Around

    return Around(
        newsletter=settings.newsletter.name,
        zone=ZoneInfo(settings.newsletter.timezone),
        now=now(),
        telling_all=("sendgrid",) if settings.events.public_key else (),
        telling_returns=("smtp",) if settings.mailbox.address else (),
        keep_events_days=settings.events.keep_events_days,
        tracking=settings.tracking.opens or settings.tracking.clicks,
    )


def _write_html(told: Document, file: Path, zone: ZoneInfo) -> None:
    from newsletter.cli.out_file import STREAM, out_file
    from newsletter.cli.report.page import page

    with out_file(file, "--html") as stream:
        stream.write(page(told, zone).encode())
    if file != STREAM:
        click.echo(f"Wrote {show.clean(str(file))}; open it in a browser, or print it.", err=True)


def _write_csv(told: Document, file: Path) -> None:
    import csv
    import io

    from newsletter.cli.out_file import STREAM, out_file
    from newsletter.report.exports import csv_rows

    with out_file(file, "--csv") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
        csv.writer(text).writerows(csv_rows(told))
        text.detach()
    if file != STREAM:
        click.echo(f"Wrote {show.clean(str(file))}.", err=True)
