"""`newsletter references retractions`: how old the table of retractions is, and what it says of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace

if TYPE_CHECKING:
    from newsletter.model.notice import Notice
    from newsletter.references.retractions import Retractions


@click.command("retractions")
@click.argument("numbers", nargs=-1, metavar="[DOI|PMID]...")
@json_option
def retractions(numbers: tuple[str, ...], json_: bool) -> int:
    """Show how old the table of retractions is, and what it says of papers.

    The table is the file of Retraction Watch that `references.retraction_watch` names in newsletter.toml. Exit code 1 when it
    cannot be used, or when one of these papers was retracted.

    \b
    Example:
      newsletter references retractions 10.1177/0363546511434564
    """
    from newsletter.model.notice import NoticeKind
    from newsletter.pipeline.knowledge import retractions_of

    place = workspace()
    if place.settings.references.retraction_watch is None:
        click.echo(
            "No table of retractions: name the file of Retraction Watch as references.retraction_watch in newsletter.toml."
        )
        return 1
    table, problems = retractions_of(place)
    found = {number: _notice(table, number) for number in numbers} if table else {}
    if json_:
        show.as_json(
            {
                "table": table.described() if table else None,
                "days": _days(table) if table else None,
                "rows": table.facts.rows if table else 0,
                "papers": {number: _facts(notice) for number, notice in found.items()},
                "problems": [problem.as_json() for problem in problems],
            }
        )
    else:
        for line in show.problem_lines(problems):
            click.echo(line)
        if table:
            days = _days(table)
            click.echo(f"{table.described()}: {table.facts.rows:,} rows, {days:,} {show.plural(days, 'day')} old.")
        for number, notice in found.items():
            click.echo(f"  {show.clean(number)}: {_words(notice)}")
    retracted = any(notice and notice.kind is NoticeKind.RETRACTION for notice in found.values())
    return 1 if retracted or not table else 0


def _days(table: Retractions) -> int:
    return max(0, (now().date() - table.newest).days)


def _notice(table: Retractions, number: str) -> Notice | None:
    """All digits are a number of PubMed, everything else is taken for a DOI."""
    return table.notice("", number) if number.isdecimal() else table.notice(number, "")


def _facts(notice: Notice | None) -> dict[str, str | None] | None:
    if notice is None:
        return None
    return {"kind": notice.kind.value, "date": notice.date.isoformat() if notice.date else None, "text": notice.text}


def _words(notice: Notice | None) -> str:
    if notice is None:
        return "nothing known"
    since = f" of {notice.date.isoformat()}" if notice.date else ""
    return show.clean(f"{notice.kind.value}{since}" + (f": {notice.text}" if notice.text else ""))
