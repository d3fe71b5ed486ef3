"""A page on which one mail after the other is shown, and looking.js to ask it with: `page.evaluate("looking.cut()")`.

One for all tests of a file, since opening it takes longer than most questions.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.chromium import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Dialog, Page

    from tests.judges.mails import Mail

_LOOKING = Path(__file__).parent / "looking.js"


class Desk:
    """`refused` are the addresses that the mail has asked for in vain, `said` what scripts in it say."""

    def __init__(self, page: Page, served: dict[str, tuple[str, bytes]]) -> None:
        self._page = page
        self._served = served
        self.refused: list[str] = []
        self.said: list[str] = []
        page.on("requestfailed", lambda request: self.refused.append(request.url))
        page.on("dialog", self._hear)
        page.on("pageerror", lambda error: self.said.append(error.message))

    def _hear(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def show(self, one: Mail, html: str | None = None, *, images: bool = True) -> Page:
        """The mail, or another HTML in its place, at 700 pixels in light mode."""
        self._served.clear()
        self._served.update(one.served(html, images=images))
        self.refused.clear()
        self.said.clear()
        resize(self._page, 700)
        self._page.goto(one.address)
        return self._page


@contextmanager
def open_desk(browser: Browser) -> Iterator[Desk]:
    served: dict[str, tuple[str, bytes]] = {}
    with opened(browser, served=served) as page:
        page.add_init_script(path=_LOOKING)
        yield Desk(page, served)


def resize(page: Page, width: int, *, dark: bool = False) -> None:
    page.set_viewport_size({"width": width, "height": 760})
    page.emulate_media(color_scheme="dark" if dark else "light")
