"""`newsletter preview`."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from newsletter.cli.context import now, workspace

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from newsletter.settings import Workspace


@click.command()
@click.argument("issue", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="0 takes a free one.")
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
def preview(issue: str | None, port: int, open_: bool) -> None:
    """Show issues in the browser while they are written.

    The page follows each time you save: the mail on a phone and on a desktop, in light and dark, without images, as
    text, as inboxes list it, for each kind of reader, with all problems and the place of each. It can be opened on
    this machine only. Ctrl-C ends it.

    \b
    Example:
      newsletter preview
      newsletter preview running-after-hip-resurfacing --open
    """
    from newsletter.web.preview.serving import listen_on_loopback

    place = workspace(near=issue)
    slug, others = _wanted(place, issue)
    sockets = listen_on_loopback(port)
    where = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/" + (f"issues/{quote(slug)}/" if slug else "")
    click.echo(f"Preview of {place.settings.newsletter.name}: {where} (Ctrl-C ends it)")
    if open_:
        click.launch(where)
    with suppress(KeyboardInterrupt):
        _serve(place.folder, slug, others, sockets)


def _serve(folder: Path, slug: str, others: dict[str, Path], sockets: list[socket.socket]) -> None:
    """What takes long to import is imported when the address has been said; the browser's first request waits for it."""
    from newsletter import wiring
    from newsletter.settings import load
    from newsletter.web.preview.app import create_preview
    from newsletter.web.preview.desk import Desk
    from newsletter.web.preview.serving import serve_preview

    desk = Desk(
        folder=folder,
        load=lambda: load(folder, os.environ),
        open_store=wiring.open_store,
        clock=now,
        others=others,
        first=slug,
    )
    serve_preview(create_preview(desk), sockets, desk.events.close)


def _wanted(place: Workspace, issue: str | None) -> tuple[str, dict[str, Path]]:
    """The issue's slug, and its file if it lies elsewhere than the workspace's issues do."""
    from newsletter.read.find import find_issue, slug_of, slugs

    if issue is None:
        return "", {}
    path = find_issue(place.folder, issue).absolute()
    slug = slug_of(path)
    inside = slug in slugs(place.folder) and find_issue(place.folder, slug).resolve() == path.resolve()
    return slug, {} if inside else {slug: path}
