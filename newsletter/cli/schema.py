"""`newsletter schema`."""

from __future__ import annotations

import click

from newsletter.cli import show


@click.command()
@click.argument("what", type=click.Choice(["settings", "issue"]), default="settings")
def schema(what: str) -> None:
    """Print the JSON Schema of settings or issues, for editors.

    \b
    Example:
      newsletter schema settings > newsletter.schema.json
      newsletter schema issue > issue.schema.json
    """
    if what == "settings":
        from newsletter.settings import Settings

        show.as_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()})
    else:
        from newsletter.read import front_matter_schema

        show.as_json(front_matter_schema())
