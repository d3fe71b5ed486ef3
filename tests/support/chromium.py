"""Debian's Chromium, driven by Playwright. Nothing is fetched but files, data and what a test itself serves."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.support.browsers import CHROMIUM, QUICK_CHROMIUM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser, Page, Route

#: what a module needs whose tests look at pages
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian package chromium is not installed"),
]
_SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
#: no test may fail because the machine is slow
expect.set_options(timeout=60_000)
_HARMLESS = ("file:", "data:", "blob:", "about:")

Kept = TypeVar("Kept")


class OneBrowser:
    """Kept from test to test, since starting it takes longer than most of them.

    While it is open an event loop counts as running in this thread, and tests elsewhere begin loops of their own: before
    each test that does not ask for it tests/conftest.py closes it.
    """

    def __init__(self) -> None:
        self._open = ExitStack()
        self._browser: Browser | None = None
        self._kept: dict[object, Any] = {}

    def browser(self) -> Browser:
        if self._browser is None:
            playwright = self._open.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(executable_path=QUICK_CHROMIUM, args=_SWITCHES)
            self._open.callback(self._browser.close)
        return self._browser

    def keep(self, opening: Callable[[Browser], AbstractContextManager[Kept]]) -> Kept:
        """What `opening` opens in it, the same for all who ask until the browser is closed."""
        browser = self.browser()
        if opening not in self._kept:
            self._kept[opening] = self._open.enter_context(opening(browser))
        kept: Kept = self._kept[opening]
        return kept

    def close(self) -> None:
        self._browser = None
        self._kept.clear()
        self._open.close()


ONE_BROWSER = OneBrowser()


@pytest.fixture
def chromium() -> Browser:
    """One browser for all tests that follow each other and ask for it."""
    return ONE_BROWSER.browser()


@contextmanager
def opened(
    browser: Browser,
    *,
    width: int = 700,
    dark: bool = False,
    phone: bool = False,
    scripts: bool = True,
    served: Mapping[str, tuple[str, bytes]] | None = None,
    own: str = "",
) -> Iterator[Page]:
    """An empty page that forgets everything. `own` begins the addresses of a server that the test runs."""
    context = browser.new_context(
        viewport={"width": width, "height": 760},
        color_scheme="dark" if dark else "light",
        is_mobile=phone,
        java_script_enabled=scripts,
    )

    def answer(route: Route) -> None:
        address = route.request.url
        if served is not None and address in served:
            media_type, content = served[address]
            route.fulfill(body=content, content_type=media_type)
        elif address.startswith(_HARMLESS) or (own and address.startswith(own)):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", answer)
    try:
        yield context.new_page()
    finally:
        context.close()
