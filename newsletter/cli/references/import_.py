"""`newsletter references import`: the references of files, into the library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.cli.references.marks import cut
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.pipeline.references import Imported
    from newsletter.references.library.intake import Taken

#: entries that a terminal is shown of one kind; --json has all
_MOST_SHOWN = 50
_TITLE = 100


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would be added.")
@json_option
def import_(files: tuple[str, ...], dry_run: bool, json_: bool) -> int:
    """Add the references of files to the library.

    CSL-JSON, BibTeX, RIS, PubMed's .nbib and EndNote's exports are read. What is in the library already stays as it is.
    A broken entry is told with its line, and the others go in; so is one that was retracted or is in doubt. Exit code 1
    when something was broken.

    \b
    Example:
      newsletter references import pubmed.nbib zotero.bib
      newsletter references import old-references.ris --dry-run
    """
    from newsletter.pipeline.references import import_files

    done = import_files(workspace(), [Path(file) for file in files], dry_run=dry_run)
    if json_:
        show.as_json(_imported(done, dry_run=dry_run))
    else:
        for line in _lines(done, dry_run=dry_run):
            click.echo(line)
    return 1 if done.broken else 0


def _imported(done: Imported, *, dry_run: bool) -> dict[str, Any]:
    def rows(*, new: bool) -> list[dict[str, str]]:
        return [{"key": one.reference.key, "key_in_file": one.wanted} for one in done.taken if one.new is new]

    problems = [problem.as_json() for problem in done.problems]
    return {
        "file": str(done.file),
        "dry_run": dry_run,
        "added": rows(new=True),
        "there": rows(new=False),
        "problems": problems,
    }


def _lines(done: Imported, *, dry_run: bool) -> Iterator[str]:
    new = [one for one in done.taken if one.new]
    there = [one for one in done.taken if not one.new]
    yield from _some([_new_line(one) for one in new])
    yield from _some([_there_line(one) for one in there])
    # what matters most comes first, where there are too many
    problems = sorted(done.problems, key=lambda problem: list(Level).index(problem.level))
    yield from show.problem_lines(problems[:_MOST_SHOWN])
    yield from _and_more(len(problems))
    verb = "would be added" if dry_run else f"added to {show.short(str(done.file))}"
    counts = [f"{len(new):,} {show.plural(len(new), 'reference')} {verb}", f"{len(there):,} there already"]
    yield f"{', '.join(counts)}; {show.count_line(done.problems)}."
    if done.doubtful and not dry_run:
        yield "What is doubtful in the library: newsletter references check"
    if new and not dry_run:
        yield "Cite them in any issue as [@key]."


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST_SHOWN]
    yield from _and_more(len(lines))


def _and_more(many: int) -> Iterator[str]:
    if many > _MOST_SHOWN:
        yield f"  ... and {many - _MOST_SHOWN:,} more; --json shows all"


def _new_line(one: Taken) -> str:
    from newsletter.references.text import plain

    key = one.reference.key
    renamed = f" (in the file: {one.wanted})" if one.wanted and one.wanted != key else ""
    return show.clean(f"  + {key}{renamed}  {cut(plain(one.reference.csl.get('title', '')), _TITLE, at_word=True)}")


def _there_line(one: Taken) -> str:
    key = one.reference.key
    what = f"{one.wanted} is" if one.wanted and one.wanted != key else "is"
    return show.clean(f"  = {what} there already as {key}" if what != "is" else f"  = {key} is there already")
