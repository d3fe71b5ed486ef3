"""`newsletter subscribers export`: everybody as a table, or one person with everything."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, open_keys, open_store, workspace
from newsletter.cli.logged import note_export
from newsletter.cli.out_file import STREAM, out_file
from newsletter.cli.subscribers.person import hash_of
from newsletter.model.audit import Action, reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from newsletter.keys import Keys
    from newsletter.model.exporting import Exported, Wanted
    from newsletter.settings import Workspace
    from newsletter.store.database import Store
    from newsletter.subscribers.exporting.formats import ExportFormat


@click.command("export")
@click.option("--list", "name", metavar="LIST", help="Only those who know this list, with how they stand with it.")
@click.option("--status", type=click.Choice(["pending", "subscribed", "unsubscribed"]), help="Only these.")
@click.option("--tag", metavar="TAG", help="Only those with this tag.")
@click.option(
    "--person", metavar="ADDRESS", help="Everything that is stored of one person, as JSON: an access request."
)
@click.option("--out", type=click.Path(path_type=Path), default=STREAM, help="The file to write (default: print).")
@click.option("--format", "format_", type=click.Choice(["csv", "xlsx", "json"]), help="Default: what --out ends with.")
@json_option
def export(
    name: str | None,
    status: str | None,
    tag: str | None,
    person: str | None,
    out: Path,
    format_: str | None,
    json_: bool,
) -> None:
    """Write readers into a file, or everything that is stored of one person.

    The table has fields, attributes, tags, lists and suppressions, and `import` reads it back without a change. A text
    that a spreadsheet would run as a formula gets an apostrophe in front. The file is for you alone (mode 0600); delete
    it when it has served.

    \b
    Example:
      newsletter subscribers export --out readers.xlsx
      newsletter subscribers export --list friends --status subscribed --out friends.csv
      newsletter subscribers export --person ada@example.org --out ada.json
    """
    place = workspace()
    store = open_store(place)
    if person is not None:
        if name or status or tag or format_ not in {None, "json"}:
            msg = "--person gives everything of one person, as JSON: leave --list, --status, --tag and --format out."
            raise click.UsageError(msg)
        _export_person(place, store, person, out, json_=json_)
        return
    _export_readers(place, store, _wanted(store, name, status, tag), out, format_, json_=json_)


def _wanted(store: Store, name: str | None, status: str | None, tag: str | None) -> Wanted:
    from newsletter.address.audience import included_lists
    from newsletter.model.exporting import Wanted
    from newsletter.model.subscriber import SubscriptionStatus
    from newsletter.model.tag import tag_name
    from newsletter.store.people import lists

    if name:
        with store.read() as connection:
            included_lists([name], lists.every(connection))
    try:
        tag = tag_name(tag) if tag is not None else None
    except ValueError as why:
        msg = f"--tag: {why}"
        raise click.UsageError(msg) from None
    return Wanted(list_name=name, status=SubscriptionStatus(status) if status else None, tag=tag)


def _export_person(place: Workspace, store: Store, address: str, out: Path, *, json_: bool) -> None:
    import orjson

    from newsletter.pipeline.access import all_about

    keys = open_keys(place, store)
    document = all_about(place.settings, store, keys, address, now())
    with out_file(out) as stream:
        note_export(store, Action.SUBSCRIBERS_EXPORTED, reader(_number_of(store, keys, address)))
        stream.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    if out != STREAM:
        _say(out, "one person", {"format": "json", "people": 1}, json_=json_)


def _number_of(store: Store, keys: Keys, address: str) -> int | None:
    from newsletter.store.people.subscribers import find

    with store.read() as connection:
        found = find(connection, hash_of(keys, address))
    return found.number if found else None


def _export_readers(
    place: Workspace, store: Store, wanted: Wanted, out: Path, format_: str | None, *, json_: bool
) -> None:
    from newsletter.store.people import exporting
    from newsletter.store.people import lists as stored_lists
    from newsletter.subscribers.exporting import layout_of
    from newsletter.subscribers.exporting.formats import ExportFormat, format_of

    chosen = ExportFormat(format_) if format_ else format_of(out.name)
    if out == STREAM:
        chosen = ExportFormat.JSON if json_ and not format_ else chosen
    with store.read() as connection:
        count = exporting.count(connection, wanted)
        _refuse_what_does_not_fit(chosen, out, count)
        lists = [wanted.list_name] if wanted.list_name else [one.name for one in stored_lists.every(connection)]
        layout = layout_of(
            tuple(place.settings.attributes),
            exporting.attribute_names(connection),
            lists,
            one_list=wanted.list_name is not None,
        )
        with out_file(out) as stream, _progress(count, quiet=json_ or out == STREAM) as advance:
            _note(store, wanted, chosen, count)
            people = advance(exporting.people(connection, wanted))
            _write(chosen, stream, layout, people, out)
    if out != STREAM:
        _say(
            out,
            f"{show.number(count)} {show.plural(count, 'reader')}",
            {"format": chosen, "people": count},
            json_=json_,
        )


def _note(store: Store, wanted: Wanted, chosen: ExportFormat, count: int) -> None:
    subject = f"list {wanted.list_name}" if wanted.list_name else "subscribers"
    facts = {"people": count, "status": wanted.status, "tag": wanted.tag, "format": chosen}
    note_export(store, Action.SUBSCRIBERS_EXPORTED, subject, **facts)


def _refuse_what_does_not_fit(chosen: ExportFormat, out: Path, count: int) -> None:
    from newsletter.subscribers.exporting.formats import SHEET_ROWS, ExportFormat

    if chosen is not ExportFormat.XLSX:
        return
    if out == STREAM:
        msg = "A spreadsheet cannot be printed: add --out FILE.xlsx."
        raise click.UsageError(msg)
    if count > SHEET_ROWS:
        msg = f"A sheet has room for {show.number(SHEET_ROWS)} readers, not {show.number(count)}: use --format csv, or --list."
        raise click.UsageError(msg)


def _write(chosen: ExportFormat, stream: BinaryIO, layout: Any, people: Iterable[Exported], out: Path) -> None:  # noqa: ANN401
    from newsletter.subscribers.exporting.formats import ExportFormat, write_csv, write_json, write_sheet

    match chosen:
        case ExportFormat.CSV:
            write_csv(stream, layout, people)
        case ExportFormat.JSON:
            write_json(stream, people)
        case ExportFormat.XLSX:
            write_sheet(stream, layout, people, out.absolute().parent)


@contextmanager
def _progress(count: int, *, quiet: bool) -> Iterator[Any]:
    """A bar on a terminal that moves as the people go by."""
    if quiet or not sys.stderr.isatty():
        yield lambda people: people
        return
    with click.progressbar(length=count, label="Exporting", file=sys.stderr, update_min_steps=500) as bar:

        def advance(people: Iterable[Exported]) -> Iterator[Exported]:
            for one in people:
                bar.update(1)
                yield one

        yield advance


def _say(out: Path, what: str, facts: dict[str, Any], *, json_: bool) -> None:
    if json_:
        show.as_json({"file": str(out), **facts})
    else:
        click.echo(f"Wrote {what} to {out}. It holds readers' data: delete it when it has served.")
