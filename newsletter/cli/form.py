"""`newsletter form`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, open_store, workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.subscriber import MailingList
    from newsletter.web.pages import Pages


@click.command()
@click.option(
    "--list", "names", metavar="LIST", multiple=True, help="A list to offer; repeatable. Else all public ones."
)
@click.option("--lang", "language", metavar="TAG", help="In which language; else in that of the newsletter.")
@json_option
def form(names: tuple[str, ...], language: str | None, json_: bool) -> None:
    """Print a sign-up form to paste into a website.

    It is plain HTML, without script or style: your website's own style applies. It posts to `newsletter serve`. Print it
    anew when you change titles of lists: people agree to what they read.

    \b
    Example:
      newsletter form > form.html
      newsletter form --list friends --lang de
    """
    from newsletter.web.embedding import embedded_form
    from newsletter.web.pages import Pages

    place = workspace()
    pages = Pages(place.settings, (place.templates,))
    spoken = _spoken(pages, language or place.settings.newsletter.language)
    lists = _offered(names)
    html = embedded_form(pages, place.settings, (place.templates,), lists, spoken)
    if json_:
        show.as_json({"lists": [entry.name for entry in lists], "language": spoken, "html": html})
    else:
        click.echo(html)


def _spoken(pages: Pages, language: str) -> str:
    """Raises:
    click.UsageError: our words are not there in this language.
    """
    known = pages.words(language).language
    if known != language:
        file = f"translations/{language.lower()[:60]}.toml"
        msg = (
            f"The words of the form are not there in {language[:60]!r}. Choose another, or translate them: "
            f"newsletter templates copy translations/en.toml --as {file}"
        )
        raise click.UsageError(msg)
    return known


def _offered(names: Sequence[str]) -> tuple[MailingList, ...]:
    """Raises:
    click.UsageError: one of them cannot be joined by a page, or none can.
    """
    from newsletter.cli.subscribers.person import lists_named
    from newsletter.store.people.offered import offered

    with open_store(workspace()).read() as connection:
        every = offered(connection)
        wanted = lists_named(connection, names) if names else every
    if not every and not names:
        msg = "No list can be joined by a page. Offer one: newsletter lists edit NAME --public"
        raise click.UsageError(msg)
    for entry in wanted:
        if entry not in every:
            way = f"archive {entry.name} --unarchive" if entry.archived_at else f"edit {entry.name} --public"
            msg = f"{entry.name} cannot be joined by a page. To offer it: newsletter lists {way}"
            raise click.UsageError(msg)
    return tuple(entry for entry in every if entry in wanted)
