"""Debian's Chromium, driven by Playwright. Nothing is fetched but files, data and what a test itself serves."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser, Page, Route

CHROMIUM = shutil.which("chromium")
#: what a module needs whose tests look at pages
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian package chromium is not installed"),
]
_SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_HARMLESS = ("file:", "data:", "blob:", "about:")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a file.

    Not for the whole run: while it is open an event loop counts as running in this thread, and tests elsewhere begin
    loops of their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield browser
        browser.close()


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
