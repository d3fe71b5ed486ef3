"""`newsletter init`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli import show
from newsletter.cli.context import json_option


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@json_option
def init(folder: Path, json_: bool) -> None:
    """Make a workspace: settings, a first issue, its secret.

    What is in DIR already stays as it is.

    \b
    Example:
      newsletter init my-letter
    """
    from newsletter.cli.starter import make_workspace

    made, kept = make_workspace(folder)
    if json_:
        show.as_json({"folder": str(folder.resolve()), "made": [str(p) for p in made], "kept": [str(p) for p in kept]})
        return
    for path in made:
        click.echo(f"Made {path}")
    for path in kept:
        click.echo(f"Kept {path} as it was")
    click.echo(f"\nNext: put your own names into {folder / 'newsletter.toml'}, then")
    if folder.resolve() != Path.cwd():
        click.echo(f"  cd {folder}")
    click.echo("  newsletter check welcome")
