"""`newsletter new`, `render`: commands on files, which run anywhere and never need the database."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.model.problem import has_errors


@click.command()
@click.argument("title")
@click.option("--slug", help="Name of its folder (default: made from the title).")
@json_option
def new(title: str, slug: str | None, json_: bool) -> None:
    """Begin a new issue.

    \b
    Example:
      newsletter new "Walking after a knee operation"
    """
    from newsletter.cli.starter import begin_issue

    path = begin_issue(workspace(), title, slug, now())
    if json_:
        show.as_json({"slug": path.parent.name, "file": str(path)})
        return
    click.echo(f"Your new issue is {path}.")
    click.echo(f"Write it, then run: newsletter check {path.parent.name}")


@click.command()
@click.argument("issue")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the files.")
@json_option
def render(issue: str, out: Path, json_: bool) -> int:
    """Write an issue as HTML, text and mail files.

    They show what a reader gets whose name we do not know; the links in them lead nowhere. Exit code 1 when the issue
    has errors (the files are written all the same where that is possible). Each variant for readers of some segments
    is written under its own name, such as walking.runners.html.

    \b
    Example:
      newsletter render running-after-hip-resurfacing --out rendered
    """
    from newsletter.cli.files import write_rendered
    from newsletter.pipeline import prepare
    from newsletter.read import find_issue

    place = workspace(near=issue)
    prepared = prepare(place, find_issue(place.folder, issue), now())
    written = write_rendered(place, prepared, out, now()) if prepared.rendered else []
    if json_:
        problems = [problem.as_json() for problem in prepared.problems]
        show.as_json({"files": [str(path) for path in written], "problems": problems})
    else:
        for line in show.problem_lines(prepared.problems):
            click.echo(line)
        for path in written:
            click.echo(f"Wrote {path}")
    return 1 if has_errors(prepared.problems) else 0
