"""`newsletter schema`."""

from __future__ import annotations

import click

from newsletter.cli import show
from newsletter.cli.context import workspace
from newsletter.errors import WorkspaceNotFound


@click.command()
@click.argument("what", type=click.Choice(["settings", "issue", "api"]), default="settings")
def schema(what: str) -> None:
    """Print the JSON Schema of settings or issues, or the OpenAPI of the API.

    \b
    Example:
      newsletter schema settings > newsletter.schema.json
      newsletter schema issue > issue.schema.json
      newsletter schema api > openapi.json
    """
    if what == "settings":
        from newsletter.settings import Settings

        show.as_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **Settings.model_json_schema()})
    elif what == "api":
        from newsletter.web.api.document import document

        show.as_json(document(_base_url()))
    else:
        from newsletter.read import front_matter_schema

        show.as_json(front_matter_schema())


def _base_url() -> str:
    """That of the workspace; outside of any the description is of an API somewhere."""
    try:
        return workspace().settings.newsletter.base_url
    except WorkspaceNotFound:
        return "https://news.example.org"
