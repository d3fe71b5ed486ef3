"""A finished mail in Chromium: what axe-core finds, whether columns stand side by side, whether anything sticks out.

axe-core: https://github.com/dequelabs/axe-core. Its rules for landmarks are left out: a mail is no page of a site.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

    ColorScheme = Literal["light", "dark"]

_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PAGE_RULES = ("region", "landmark-one-main")
_VIEWS: tuple[tuple[int, ColorScheme], ...] = ((375, "light"), (375, "dark"), (700, "light"), (700, "dark"))

#: as a client that knows no media queries
_NO_MEDIA = """() => {
  for (const sheet of [...document.styleSheets]) {
    if (sheet.media.length) { sheet.disabled = true; continue }
    for (let n = sheet.cssRules.length - 1; n >= 0; n--)
      if (sheet.cssRules[n] instanceof CSSMediaRule) sheet.deleteRule(n)
  }
}"""
#: as a client that takes all style elements away
_NO_STYLE = "() => document.querySelectorAll('style').forEach(style => style.remove())"
#: where the letters of a text stand, whatever elements they are in
_PLACE = """words => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    if (!walker.currentNode.data.includes(words)) continue
    const range = document.createRange()
    range.selectNodeContents(walker.currentNode)
    const { left, right, top, bottom } = range.getBoundingClientRect()
    return { left, right, top, bottom }
  }
}"""
_STICKS_OUT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What Chromium shows of one mail."""

    #: rule of axe -> places, the most of any of the four views
    faults: dict[str, int]
    #: without media queries: side by side at 700 pixels, below each other at 375
    columns_wide: bool
    columns_narrow: bool
    #: pixels that a phone of 320 would have to scroll sideways: as sent, without media queries, without style elements
    sticks_out: tuple[int, int, int]
    #: whether anything looks different in dark mode
    turns_dark: bool


@contextmanager
def browser() -> Iterator[Browser | None]:
    """Chromium, or None where Playwright or Chromium is not installed."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        yield None
        return
    if chromium is None:
        yield None
        return
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield shown
        shown.close()


def judge(chromium: Browser, html: str, picture: bytes, columns: tuple[str, str], axe: Path | None) -> Verdict:
    """`columns` are words that stand in the first and in the second column. Without axe there are no faults."""

    def narrow(change: str | None) -> int:
        with _shown(chromium, html, picture, 320, "light") as page:
            if change:
                page.evaluate(change)
            return int(page.evaluate(_STICKS_OUT))

    return Verdict(
        faults=_faults(chromium, html, picture, axe) if axe else {},
        columns_wide=_side_by_side(chromium, html, picture, columns, 700),
        columns_narrow=not _side_by_side(chromium, html, picture, columns, 375),
        sticks_out=(narrow(None), narrow(_NO_MEDIA), narrow(_NO_STYLE)),
        turns_dark=_picture_of(chromium, html, picture, "light") != _picture_of(chromium, html, picture, "dark"),
    )


@contextmanager
def _shown(chromium: Browser, html: str, picture: bytes, width: int, scheme: ColorScheme) -> Iterator[Page]:
    """The mail in a window; its image is there, nothing else is fetched."""

    def answer(route: Route) -> None:
        if "/i/" in route.request.url:
            route.fulfill(body=picture, content_type="image/png")
        else:
            route.abort()

    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.route("**/*", answer)
    page.set_content(html, wait_until="load")
    yield page
    page.close()


def _picture_of(chromium: Browser, html: str, picture: bytes, scheme: ColorScheme) -> bytes:
    with _shown(chromium, html, picture, 700, scheme) as page:
        return page.screenshot()


def _side_by_side(chromium: Browser, html: str, picture: bytes, columns: tuple[str, str], width: int) -> bool:
    with _shown(chromium, html, picture, width, "light") as page:
        page.evaluate(_NO_MEDIA)
        first, second = (page.evaluate(_PLACE, words) for words in columns)
        return bool(first["right"] <= second["left"] and second["top"] < first["bottom"])


def _faults(chromium: Browser, html: str, picture: bytes, axe: Path) -> dict[str, int]:
    most: dict[str, int] = {}
    for width, scheme in _VIEWS:
        with _shown(chromium, html, picture, width, scheme) as page:
            page.add_script_tag(path=axe)
            rules = {rule: {"enabled": False} for rule in _PAGE_RULES}
            found: dict[str, Any] = page.evaluate("rules => axe.run(document, { rules })", rules)
            for fault in found["violations"]:
                most[fault["id"]] = max(most.get(fault["id"], 0), len(fault["nodes"]))
    return most
