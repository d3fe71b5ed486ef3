"""`newsletter references`: the library that all issues of a workspace cite from."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.cli.references.add import add
from newsletter.cli.references.fields import fields
from newsletter.cli.references.import_ import import_
from newsletter.cli.references.journals import journals
from newsletter.cli.references.list import list_
from newsletter.cli.references.marks import field_lines, gravest, marked
from newsletter.cli.references.print import export, format_, printed
from newsletter.cli.references.report import report
from newsletter.cli.references.retractions import retractions
from newsletter.model.problem import Level, has_errors


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
    from newsletter.pipeline.references import became, citing, library_of, named, told_later
    from newsletter.references.library.intake import cite_as

    place = workspace()
    (reference,) = named(library_of(place), [key])
    (entry,) = printed(place, [reference])
    issues = citing(place, key)
    problems = [*reference.problems, *told_later(place, [reference])]
    notices = became(place)(reference)
    if json_:
        facts = {"key": key, "cite": cite_as(key), "text": entry.text, "url": entry.url, "issues": issues}
        at = {"file": reference.at.file, "line": reference.at.line}
        told = [{"kind": kind.value, "source": one.source, "text": one.text} for kind, one in notices.items()]
        csl = {"csl": dict(reference.csl), "notices": told}
        show.as_json({**facts, **at, **csl, "problems": [p.as_json() for p in problems]})
        return
    click.echo(show.clean(marked(entry.text, gravest(notices))))
    click.echo()
    rows = [("cite it as", cite_as(key)), *fields(reference, gravest(notices)), ("link", entry.url or "none")]
    rows += [("file", f"{show.short(reference.at.file)}:{reference.at.line}")]
    rows += [("cited in", ", ".join(issues) or "no issue")]
    for name, value in rows:
        for line in field_lines(name, value):
            click.echo(line)
    for line in show.problem_lines(problems):
        click.echo(line)


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
