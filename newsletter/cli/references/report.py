"""`newsletter references report`: one page for the medical reviewer of an issue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from newsletter.pipeline.report.facts import Report

_ENDINGS = (".html", ".htm")


@click.command()
@click.argument("issue")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The page's file (default: <slug>-review.html in this folder). With --json a page is written only if it is named.",
)
@json_option
def report(issue: str, out: Path | None, json_: bool) -> None:
    """Write a page for the medical reviewer of an issue.

    Every sentence that cites, quotes or claims, with its sources, each quotation beside the stored abstract, what the
    checks found and who signed what, with boxes to tick. The page needs nothing but itself and is made to be printed.
    It is a pre-screen and no promise of compliance. Exit code 0 even where problems are told, 1 when the issue cannot
    be read.

    \b
    Example:
      newsletter references report running-after-hip-resurfacing
      newsletter references report running-after-hip-resurfacing --out review.html
    """
    from newsletter.pipeline.report.as_json import report_json
    from newsletter.pipeline.report.making import report_of
    from newsletter.pipeline.report.page import report_html
    from newsletter.read import find_issue

    if out is not None and out.suffix.casefold() not in _ENDINGS:
        raise click.UsageError(f"--out: the page is HTML; give its file a name that ends in .html, not {out.name!r}.")
    place = workspace(near=issue)
    made = report_of(place, find_issue(place.folder, issue), now())
    file = out or (None if json_ else Path(f"{made.slug}-review.html"))
    if file is not None:
        _write(file, report_html(made))
    if json_:
        show.as_json(report_json(made) | {"page": str(file) if file else None})
    else:
        click.echo(f"Wrote {file}: {_counted(made)}.")


def _write(file: Path, html: str) -> None:
    try:
        file.write_text(html, encoding="utf-8", newline="\n")
    except OSError as why:
        raise FileUnreadable(file, why.strerror or str(why)) from None


def _counted(made: Report) -> str:
    statements, references = len(made.statements), len(made.references)
    said = (
        f"{statements:,} {show.plural(statements, 'statement')}, {references:,} {show.plural(references, 'reference')}"
    )
    return f"{said}; {show.count_line(made.every_problem)}"
