"""`newsletter clients`: which mail programs the readers use, what they make of an issue, and a newer table of what they can do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show as looks
from newsletter.cli.context import json_option, now, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.clients.report import Degraded
    from newsletter.check.clients.support import Audience
    from newsletter.check.clients.table import ClientTable
    from newsletter.settings import Workspace

#: where the table is published (MIT licence)
ADDRESS = "https://www.caniemail.com/api/data.json"
MOST_BYTES = 5_000_000
SECONDS = 30


@click.group()
def clients() -> None:
    """Show what mail programs make of an issue, and renew what we know about them.

    \b
    Example:
      newsletter clients show welcome
      newsletter clients renew
    """


@clients.command()
@click.argument("issue", required=False)
@json_option
def show(issue: str | None, json_: bool) -> None:
    """Show which mail programs readers use and, of an issue, what they would see without.

    The programs are those of `[clients]` in newsletter.toml, or nine usual ones. Of an issue's mail, every feature is listed
    that a tenth of the readers or more cannot see; what matters to a reader is marked, all else is only nicer with it.

    \b
    Example:
      newsletter clients show
      newsletter clients show welcome --json
    """
    from newsletter.check.clients.support import audience
    from newsletter.check.clients.table import table_for

    place = workspace(near=issue)
    table, readers = table_for(place.folder), audience(place.settings.clients)
    rows = _degraded(place, issue, table, readers) if issue else None
    if json_:
        looks.as_json(_facts(table, readers, rows))
        return
    for line in (*_head(table, readers), *(_lines(rows, issue or "") if rows is not None else ())):
        click.echo(line)


def _degraded(place: Workspace, issue: str, table: ClientTable, readers: Audience) -> list[Degraded]:
    from newsletter.check.clients.report import degraded
    from newsletter.pipeline import prepare
    from newsletter.read import find_issue

    prepared = prepare(place, find_issue(place.folder, issue), now())
    return degraded(prepared.variants, table, readers)


def _age(table: ClientTable) -> int:
    """Months."""
    return max(0, (now().date() - table.day).days * 12 // 365)


def _head(table: ClientTable, readers: Audience) -> Iterator[str]:
    from newsletter.check.clients.support import percent
    from newsletter.model.mail_programs import in_words

    said = "as newsletter.toml says" if readers.declared else "usual ones, since newsletter.toml has no [clients]"
    yield f"Mail programs of the readers ({said}):"
    for program, share in sorted(readers.shares.items(), key=lambda one: -one[1]):
        yield f"  {percent(share):>9}  {in_words([program], readers.shares)}"
    age = _age(table)
    yield f"What they can do: caniemail.com, {table.day} ({age} {looks.plural(age, 'month')} old)"
    if age > 18:
        yield "It is old. Fetch the newest: newsletter clients renew"


def _lines(rows: list[Degraded], issue: str) -> Iterator[str]:
    from newsletter.check.clients.support import percent

    if not rows:
        yield f"Nothing in {issue} is unknown to a tenth of the readers or more."
        return
    yield f"In {issue}, unknown to a tenth of the readers or more (! where it matters):"
    for row in rows:
        mark = "!" if row.matters else " "
        yield f"{mark} {percent(row.without):>9}  {row.title}: {row.programs}"
    if not any(row.matters for row in rows):
        yield "None of it is marked: the mail says the same without it, and is only nicer with it."


def _facts(table: ClientTable, readers: Audience, rows: list[Degraded] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "declared": readers.declared,
        "readers": {program: round(share, 4) for program, share in readers.shares.items()},
        "data": {"source": "caniemail.com", "date": table.day.isoformat(), "age_months": _age(table)},
    }
    if rows is not None:
        facts["features"] = [
            {
                "feature": row.feature,
                "title": row.title,
                "uses": row.uses,
                "without": round(row.without, 4),
                "partly": round(row.partly, 4),
                "programs": list(row.names),
                "matters": row.matters,
            }
            for row in rows
        ]
    return facts


@clients.command()
@click.option(
    "--from",
    "source",
    metavar="FILE|URL",
    default=ADDRESS,
    show_default=True,
    help="A file, or an https address.",
)
@json_option
def renew(source: str, json_: bool) -> None:
    """Fetch the newest table of what mail programs can do.

    It is written into the workspace as caniemail.json, in a short form, and is used wherever it is newer than the one that came
    with this software. What is no such table, or larger than 5 MB, is refused, and nothing changes.

    \b
    Example:
      newsletter clients renew
      newsletter clients renew --from data.json
    """
    from newsletter.check.clients.table import FILE_NAME, shipped_table

    target = workspace().folder / FILE_NAME
    table = fetched(source)
    write_whole(target, table.as_text())
    used = table.day > shipped_table().day
    if json_:
        looks.as_json({"file": str(target), "date": table.day.isoformat(), "features": len(table.titles), "used": used})
        return
    click.echo(f"Wrote {target}: {len(table.titles)} features, of {table.day}.")
    if not used:
        click.echo(f"The one that came with this software is of {shipped_table().day}, no older, and is used instead.")


def fetched(source: str) -> ClientTable:
    """The table in a file or at an https address.

    Raises:
        ServiceMissing: it cannot be fetched.
        FileUnreadable: it is no such table.
    """
    from newsletter.check.clients.table import BadTable, read_table
    from newsletter.errors import FileUnreadable

    content = _download(source) if "://" in source else _read(Path(source))
    try:
        return read_table(content)
    except BadTable as why:
        raise FileUnreadable(source, str(why)) from None


def _download(url: str) -> bytes:
    from newsletter.probe.download import download

    return download(url, most=MOST_BYTES, seconds=SECONDS)


def _read(path: Path) -> bytes:
    from newsletter.errors import FileUnreadable

    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as why:
        raise FileUnreadable(path, why.strerror or str(why)) from None
    if len(content) > MOST_BYTES:
        raise FileUnreadable(path, f"it is larger than {MOST_BYTES / 1e6:.0f} MB")
    return content


def write_whole(target: Path, text: str) -> None:
    """All of it or nothing: whoever reads meanwhile finds the old file or the new one.

    Raises:
        FileUnreadable: it cannot be written there.
    """
    from newsletter.errors import FileUnreadable

    beside = target.with_name(f".{target.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as why:
        beside.unlink(missing_ok=True)
        raise FileUnreadable(target, why.strerror or str(why)) from None
