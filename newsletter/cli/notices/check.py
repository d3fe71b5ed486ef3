"""`newsletter notices check`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, workspace
from newsletter.model.problem import has_errors


@click.command("check")
@json_option
def check_(json_: bool) -> int:
    """Tell what is wrong with your own texts of these mails (templates/notices/). Exit code 1 when there are errors.

    \b
    Example:
      newsletter notices check
    """
    from newsletter.pipeline.notices_made import mistakes

    problems = mistakes(workspace())
    if json_:
        show.as_json({"problems": [problem.as_json() for problem in problems]})
    else:
        for line in show.problem_lines(problems):
            click.echo(line)
        click.echo(f"Notices: {show.count_line(problems)}.")
    return 1 if has_errors(problems) else 0
