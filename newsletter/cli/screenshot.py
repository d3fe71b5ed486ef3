"""`newsletter screenshot`: an issue -> PNG pictures of its mail, phone and desktop, light and dark."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import show
from newsletter.cli.context import json_option, now, workspace
from newsletter.compose.links import delivery_links
from newsletter.compose.slots import fill
from newsletter.model.problem import has_errors
from newsletter.probe.browser import HOME, MOST_HEIGHT, Scheme, View, WebPage, open_browser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.model.rendered import ImageFile, Rendered
    from newsletter.pipeline import Prepared
    from newsletter.probe.browser import Photograph
    from newsletter.settings import Workspace

    _Shot = tuple[str, View]

_SCHEMES = {"light": (Scheme.LIGHT,), "dark": (Scheme.DARK,), "both": (Scheme.LIGHT, Scheme.DARK)}


@click.command()
@click.argument("issue")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the pictures.")
@click.option(
    "--width",
    "widths",
    type=click.IntRange(200, 2000),
    multiple=True,
    default=(375, 700),
    show_default=True,
    help="Width of the window in pixels; give it several times for several pictures.",
)
@click.option("--scheme", type=click.Choice(list(_SCHEMES)), default="both", show_default=True, help="Colour scheme.")
@click.option("--images/--no-images", default=True, show_default=True, help="Whether the reader lets images in.")
@click.option(
    "--scale",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="Pixels of the picture for each pixel of the window; 2 is sharp on a good screen.",
)
@click.option(
    "--browser",
    metavar="PATH",
    default="",
    envvar="NEWSLETTER_CHROMIUM",
    show_envvar=True,
    help="Chromium, Chrome or Edge (default: the one that is installed).",
)
@json_option
def screenshot(
    issue: str, out: Path, widths: tuple[int, ...], scheme: str, images: bool, scale: int, browser: str, json_: bool
) -> int:
    """Write pictures of an issue's mail: phone and desktop, light and dark.

    Each is a PNG of the whole mail, `<slug>-<width>-<scheme>.png`. They show what a reader gets whose name we do not
    know, in the engine of Chromium; other mail programs differ. Nothing is loaded from the web. Needs
    `pip install 'newsletter-pipeline[screenshot]'` and Chromium. Exit code 1 when the issue has errors (the pictures
    are written all the same where that is possible). Each variant for readers of some segments has pictures of its own.

    \b
    Example:
      newsletter screenshot running-after-hip-resurfacing --out rendered
      newsletter screenshot welcome --out rendered --width 320 --scheme dark --no-images
    """
    from newsletter.pipeline import prepare
    from newsletter.read import find_issue

    place = workspace(near=issue)
    prepared = prepare(place, find_issue(place.folder, issue), now())
    views = [
        View(width=width, scheme=one, scale=scale, images=images)
        for width in dict.fromkeys(widths)
        for one in _SCHEMES[scheme]
    ]
    written, notes = _photograph(_pages(place, prepared), views, out, browser, quiet=json_)
    if json_:
        problems = [problem.as_json() for problem in prepared.problems]
        show.as_json({"files": [str(path) for path in written], "notes": notes, "problems": problems})
    else:
        for line in [*show.problem_lines(prepared.problems), *(f"Wrote {path}" for path in written), *notes]:
            click.echo(line)
    return 1 if has_errors(prepared.problems) else 0


def _pages(place: Workspace, prepared: Prepared) -> dict[str, WebPage]:
    """The name of each variant's pictures -> what is on them."""
    base_url = place.settings.newsletter.base_url
    return {
        ".".join(part for part in (prepared.slug, rendered.variant) if part): web_page(
            rendered, prepared.images, base_url
        )
        for rendered in prepared.variants
    }


def web_page(rendered: Rendered, images: Iterable[ImageFile], base_url: str) -> WebPage:
    """The mail of a reader of whom we know nothing; its images come from us, since they are not yet on the web."""
    html = fill(rendered.html, delivery_links(base_url, "preview"))
    files = {image.name: image for image in images}
    for name in files:
        html = html.replace(f"{base_url}/i/{name}", f"{HOME}{name}")
    return WebPage(html=html, files=files)


def _photograph(
    pages: Mapping[str, WebPage], views: Sequence[View], out: Path, browser: str, *, quiet: bool
) -> tuple[list[Path], list[str]]:
    """Write `<name>-<width>-<scheme>[-no-images].png` for each page and view; returns the files, and notes about them."""
    written: list[Path] = []
    notes: dict[str, None] = {}
    shots = [(name, view) for name in pages for view in views]
    if not shots:
        return [], []
    out.mkdir(parents=True, exist_ok=True)
    with open_browser(browser) as opened, _progress(shots, quiet=quiet) as each:
        for name, view in each:
            taken = opened.photograph(pages[name], view)
            path = out / f"{name}-{view.width}-{view.scheme}{'' if view.images else '-no-images'}.png"
            path.write_bytes(taken.png)
            written.append(path)
            notes |= dict.fromkeys(_notes(taken, view))
    return written, list(notes)


@contextmanager
def _progress(shots: Sequence[_Shot], *, quiet: bool) -> Iterator[Iterable[_Shot]]:
    if quiet or not sys.stderr.isatty():
        yield shots
        return
    with click.progressbar(shots, label="Taking pictures", file=sys.stderr, show_pos=True) as bar:
        yield bar


def _notes(taken: Photograph, view: View) -> Iterator[str]:
    for url in taken.refused:
        yield f"Not shown, since nothing is loaded from the web: {show.clean(url)}"
    if taken.width > view.width:
        yield f"At {view.width} pixels the mail is {taken.width} wide: readers would have to move it sideways."
    if taken.height > MOST_HEIGHT:
        yield f"At {view.width} pixels the mail is {taken.height} long; the picture ends at {MOST_HEIGHT}."
