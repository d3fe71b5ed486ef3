"""HTML -> PNG, in an installed Chromium at a given width and colour scheme: no JavaScript, and no network at all.

Playwright, an optional extra, drives it (https://playwright.dev/python/docs/api/class-browsercontext). The page and its
files are handed over by intercepting requests; whatever else the page asks for is refused and named.
"""

from __future__ import annotations

import io
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ServiceMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page as Tab
    from playwright.sync_api import Playwright, Route

    from newsletter.model.rendered import ImageFile

#: where the page says that its files are; a name that never exists (RFC 6761, `.invalid`)
HOME = "https://mail.invalid/"
#: pixels of the page; what is below is not photographed
MOST_HEIGHT = 40_000
#: device pixels drawn at once; beyond the largest texture of the graphics card, 8,192 or 16,384, Chromium repeats the page
#: (https://issues.chromium.org/issues/41347676), so a long one is photographed in pieces
_PIECE = 8_000
_WINDOW_HEIGHT = 640
_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "msedge")
_MAC = ("Chromium", "Google Chrome", "Microsoft Edge")
_WINDOWS = (
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
#: interception does not see preconnect and DNS prefetch
_NO_NETWORK = ("--host-resolver-rules=MAP * ~NOTFOUND",)


class Scheme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class View:
    """How a reader looks at it. `scale` is device pixels per pixel of the page."""

    width: int
    scheme: Scheme = Scheme.LIGHT
    scale: int = 1
    images: bool = True


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """`files`: the name that follows HOME in the page -> its bytes."""

    html: str
    files: Mapping[str, ImageFile] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """`width` and `height` are those of the whole page: larger than the view's where not all of it is in the PNG."""

    png: bytes = field(repr=False)
    width: int
    height: int
    #: what the page wanted from elsewhere
    refused: tuple[str, ...]


class Browser:
    """A running Chromium; made by `open_browser`."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium

    def photograph(self, page: WebPage, view: View) -> Photograph:
        """The page from top to bottom, as wide as the view."""
        refused: dict[str, None] = {}
        context = self._chromium.new_context(
            viewport={"width": view.width, "height": _WINDOW_HEIGHT},
            device_scale_factor=view.scale,
            color_scheme=view.scheme.value,
            java_script_enabled=False,
            service_workers="block",
            offline=True,
        )
        try:
            context.route("**/*", lambda route: _answer(route, page, view, refused))
            tab = context.new_page()
            tab.goto(HOME)
            width, height = _size(tab)
            png = _shot(tab, view, min(height, MOST_HEIGHT))
        finally:
            context.close()
        return Photograph(png=png, width=width, height=height, refused=tuple(refused))


@contextmanager
def open_browser(named: str = "") -> Iterator[Browser]:
    """A browser for as long as the block lasts; `named` is a path or a command.

    Raises:
        ServiceMissing: Playwright or a browser is not installed, or the browser fails.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        why = "it is not installed; run: pip install 'newsletter-pipeline[screenshot]', and install Chromium"
        raise ServiceMissing("Playwright", why) from None
    try:
        with sync_playwright() as playwright:
            # without Chromium's sandbox, which root and many containers cannot have: nothing foreign runs in it
            yield Browser(playwright.chromium.launch(executable_path=_executable(named, playwright), args=_NO_NETWORK))
    except Error as why:
        raise ServiceMissing("Chromium", str(why).strip().partition("\n")[0]) from None


def find_chromium(named: str = "") -> str | None:
    """The one that is named; else the first on PATH or where installers put it. None where there is none."""
    found = (shutil.which(command) for command in ([named] if named else [*_COMMANDS, *map(str, _usual_places())]))
    return next((path for path in found if path), None)


def _executable(named: str, playwright: Playwright) -> str:
    if found := find_chromium(named):
        return found
    if named:
        raise ServiceMissing(
            "Chromium", f"{named} cannot be run; name the program with --browser or NEWSLETTER_CHROMIUM"
        )
    if Path(downloaded := playwright.chromium.executable_path).exists():
        return downloaded
    why = "it was not found; install Chromium, Chrome or Edge, or name it with --browser or NEWSLETTER_CHROMIUM"
    raise ServiceMissing("Chromium", why)


def _usual_places() -> list[Path]:
    """Where the installers of macOS and Windows put it."""
    mac = [Path("/Applications", f"{name}.app", "Contents", "MacOS", name) for name in _MAC]
    bases = [base for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if (base := os.environ.get(name))]
    return mac + [Path(base, program) for program in _WINDOWS for base in bases]


def _answer(route: Route, page: WebPage, view: View, refused: dict[str, None]) -> None:
    url = route.request.url
    file = page.files.get(url.removeprefix(HOME))
    if url == HOME:
        route.fulfill(body=page.html, content_type="text/html; charset=utf-8")
    elif file and view.images:
        route.fulfill(body=file.content, content_type=file.media_type)
    else:
        route.abort()
        refused |= {} if file else {url: None}


def _size(tab: Tab) -> tuple[int, int]:
    """Of the whole page, from the browser itself: the page may not run JavaScript."""
    size = tab.context.new_cdp_session(tab).send("Page.getLayoutMetrics")["cssContentSize"]
    return int(size["width"]), int(size["height"])


def _shot(tab: Tab, view: View, height: int) -> bytes:
    step = _PIECE // view.scale
    pieces = [
        tab.screenshot(
            full_page=True,
            animations="disabled",
            clip={"x": 0, "y": top, "width": view.width, "height": min(step, height - top)},
        )
        for top in range(0, height, step)
    ]
    return pieces[0] if len(pieces) == 1 else _joined(pieces)


def _joined(pieces: list[bytes]) -> bytes:
    from PIL import Image

    shots = [Image.open(io.BytesIO(piece)).convert("RGB") for piece in pieces]
    whole = Image.new("RGB", (shots[0].width, sum(shot.height for shot in shots)))
    top = 0
    for shot in shots:
        whole.paste(shot, (0, top))
        top += shot.height
    made = io.BytesIO()
    whole.save(made, "PNG")
    return made.getvalue()
