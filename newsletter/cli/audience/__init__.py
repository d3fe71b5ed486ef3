"""`newsletter audience`: who would be mailed, before anybody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.audience.shown import choice_json, choice_lines, look_json, look_lines
from newsletter.cli.audience.words import asked_of
from newsletter.cli.context import json_option, now, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.pipeline import Prepared
    from newsletter.settings import Workspace


@click.group()
def audience() -> None:
    """Look at who would be mailed, and why others would not.

    \b
    Example:
      newsletter audience list
      newsletter audience show --to friends --to runners --except board
    """


@audience.command("show")
@click.option("--to", "to", multiple=True, metavar="NAME", help="A list or segment; may be given again.")
@click.option("--except", "excepted", multiple=True, metavar="NAME", help="A list or segment to leave out.")
@click.option("--issue", metavar="ISSUE", help="Also who has this issue already, and who gets which variant.")
@json_option
def show_(to: tuple[str, ...], excepted: tuple[str, ...], issue: str | None, json_: bool) -> None:
    """Count an audience, say why others are left out, and show ten of its readers.

    Several lists are joined: whoever is subscribed to one of them. Segments narrow them to readers who are in one of the
    segments. Nothing is changed and nothing is sent. Without --to, the audience that the issue names is shown.

    \b
    Example:
      newsletter audience show --to friends --to runners --except board
      newsletter audience show --to friends --issue open-day
    """
    from newsletter.pipeline.audience import look

    place = workspace(near=issue)
    prepared = _prepared(place, issue) if issue else None
    names = to or _named_by(prepared)
    if not names:
        msg = "Say whom to look at: --to NAME (see `newsletter audience list`), or --issue with an `audience:` of its own."
        raise click.UsageError(msg)
    command = f"newsletter audience show --issue {issue}" if issue else "newsletter audience show"
    asked = asked_of(place, names, excepted, command)
    seen = look(open_store(place), asked, now(), prepared)
    most_change = place.settings.policy.audience_change
    if json_:
        show.as_json(look_json(seen, asked, most_change) | {"issue": prepared.slug if prepared else None})
        return
    for line in look_lines(seen, asked, prepared.slug if prepared else "", most_change):
        click.echo(line)


@audience.command("list")
@json_option
def list_(json_: bool) -> None:
    """Show all lists and segments, how many readers each has, and what the segments mean.

    A segment is counted among all who are subscribed to a list.

    \b
    Example:
      newsletter audience list
    """
    from newsletter.pipeline.audience import choices

    place = workspace()
    asked = asked_of(place, (), (), "newsletter audience show")
    every = choices(open_store(place), asked, now())
    if json_:
        show.as_json(choice_json(every, asked.zone))
        return
    for line in choice_lines(every, asked.zone):
        click.echo(line)


def _prepared(place: Workspace, issue: str) -> Prepared:
    from newsletter import pipeline
    from newsletter.read import find_issue

    return pipeline.prepare(place, find_issue(place.folder, issue), now())


def _named_by(prepared: Prepared | None) -> Sequence[str]:
    return prepared.issue.audience if prepared and prepared.issue else ()
