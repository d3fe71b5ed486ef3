"""`newsletter references`: the library that all issues of a workspace cite from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.cli.references_add import add
from newsletter.cli.references_import import import_
from newsletter.cli.references_journals import journals
from newsletter.cli.references_list import list_
from newsletter.cli.references_print import export, format_, printed
from newsletter.cli.references_report import report
from newsletter.cli.references_retractions import retractions
from newsletter.model.problem import Level, has_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.reference import Reference


@click.group()
def references() -> None:
    """Keep the library that all issues cite from.

    Its files are `references/*.json` of the workspace (CSL-JSON). What is in it can be cited in every issue as [@key].

    \b
    Example:
      newsletter references add 10.1177/0363546511434564
    """


@references.command("show")
@click.argument("key")
@json_option
def show_(key: str, json_: bool) -> None:
    """Show one reference, and which issues cite it.

    First as readers see it, then all its fields.

    \b
    Example:
      newsletter references show smith2014
    """
    from newsletter.pipeline.references import citing, library_of, named
    from newsletter.references.intake import cite_as

    place = workspace()
    (reference,) = named(library_of(place), [key])
    (entry,) = printed(place, [reference])
    issues = citing(place, key)
    if json_:
        facts = {"key": key, "cite": cite_as(key), "text": entry.text, "url": entry.url, "issues": issues}
        at = {"file": reference.at.file, "line": reference.at.line}
        show.as_json({**facts, **at, "csl": dict(reference.csl), "problems": [p.as_json() for p in reference.problems]})
        return
    click.echo(show.clean(entry.text))
    click.echo(f"\n  {'cite it as':<22} {cite_as(key)}")
    for name, value in _fields(reference):
        click.echo(f"  {name:<22} {show.clean(value)}")
    click.echo(f"  {'link':<22} {entry.url or 'none'}")
    click.echo(f"  {'file':<22} {show.short(reference.at.file)}:{reference.at.line}")
    click.echo(f"  {'cited in':<22} {', '.join(issues) or 'no issue'}")
    for line in show.problem_lines(reference.problems):
        click.echo(line)


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    for name, value in reference.csl.items():
        if name != "id":
            yield name, _words(value)


def _words(value: Any) -> str:  # noqa: ANN401 - any field
    """Names and dates as people write them."""
    from newsletter.references.names import printable_name

    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return "; ".join(", ".join(printable_name(one).values()) for one in value)
    if isinstance(value, dict) and "date-parts" in value:
        return " to ".join("-".join(f"{part:02}" for part in parts) for parts in value["date-parts"])
    if isinstance(value, dict) and "literal" in value:
        return str(value["literal"])
    return str(value)


@references.command("check")
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option("--strict", is_flag=True, help="Warnings count as errors do: exit code 1.")
@json_option
def check(keys: tuple[str, ...], strict: bool, json_: bool) -> int:
    """Tell what is wrong with references of the library.

    What is missing, broken, or there twice: in the whole library, or with these keys. Exit code 1 when there are errors.

    \b
    Example:
      newsletter references check
      newsletter references check smith2014 --strict
    """
    from newsletter.pipeline.references import library_problems

    count, problems = library_problems(workspace(), now(), keys)
    if json_:
        show.as_json({"references": count, "problems": [problem.as_json() for problem in problems]})
    else:
        for line in show.problem_lines(problems):
            click.echo(line)
        click.echo(f"{count:,} {show.plural(count, 'reference')} checked: {show.count_line(problems)}.")
    return 1 if has_errors(problems) or (strict and any(p.level is Level.WARNING for p in problems)) else 0


for _command in (add, import_, list_, format_, export, report, journals, retractions):
    references.add_command(_command)
