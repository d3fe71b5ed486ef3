"""The readers' pages in a real browser: their style, their buttons, by keyboard and without JavaScript."""

from __future__ import annotations

import io
import shutil
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from newsletter.render.theme import palette
from newsletter.web.serve import listen, server
from tests.support.chromium import NEEDS_CHROMIUM, opened
from tests.web.sample_mailing import sample_mailing, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.web.sample_mailing import SampleMailing

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
def site(tmp_path: Path, migrated_sqlite: Path) -> Iterator[SampleMailing]:
    shutil.copy(migrated_sqlite, tmp_path)
    with listen("127.0.0.1", 0) as listening:
        given = settings(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}")
        made = sample_mailing(tmp_path, titles=("Friends of the clinic", "Runners" * 30), given=given)
        running = server(made.app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield made
        running.should_exit = True
        thread.join()
        made.store.close()


@contextmanager
def reading(
    browser: Browser, site: SampleMailing, purpose: str, n: int = 1, *, scripts: bool = False, **look: Any
) -> Iterator[tuple[Page, list[str]]]:
    """The page, and what the console says: violations of the content policy, files that are missing."""
    base_url = site.settings.newsletter.base_url
    complaints: list[str] = []
    with opened(browser, scripts=scripts, own=base_url, **look) as page:
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{base_url}/{purpose}/{site.token(n)}")
        yield page, complaints


def press_and_follow(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def picture(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


@pytest.mark.parametrize("purpose", ["u", "p"])
@pytest.mark.parametrize("width", [375, 700])
@pytest.mark.parametrize("dark", [False, True])
def test_a_page_has_the_colours_of_the_theme_and_fits(
    site: SampleMailing, chromium: Browser, purpose: str, width: int, dark: bool
) -> None:
    colours = palette(site.settings.theme.dark if dark else site.settings.theme)
    with reading(chromium, site, purpose, width=width, dark=dark, phone=width < 500) as (page, complaints):
        assert f"#{picture(page).crop((2, 2, 3, 3)).tobytes().hex()}" == colours.canvas
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("Math.min(...[...document.querySelectorAll('button')].map(b => b.offsetHeight))") >= 44
        assert complaints == []


def test_the_keyboard_alone_leaves(site: SampleMailing, chromium: Browser) -> None:
    with reading(chromium, site, "u") as (page, complaints):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Unsubscribe"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        press_and_follow(page)
        assert "You are unsubscribed" in page.inner_text("body")
        assert complaints == []
    assert site.statuses(1) == {"friends": "unsubscribed", "runners": "unsubscribed", "staff": "subscribed"}


def test_the_keyboard_alone_leaves_one_list(site: SampleMailing, chromium: Browser) -> None:
    with reading(chromium, site, "u", 2) as (page, _):
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        press_and_follow(page)
        assert page.inner_text("h1") == "Ihre Abonnements"
        page.keyboard.press("Tab")
        press_and_follow(page)
        assert "verlassen" in page.inner_text("body")
    assert site.statuses(2) == {"friends": "unsubscribed", "runners": "subscribed", "staff": "subscribed"}


def test_the_mail_is_shown_with_its_images_and_styles(site: SampleMailing, chromium: Browser) -> None:
    with reading(chromium, site, "v", 3) as (page, complaints):
        assert "<script>alert(1)</script>" in page.inner_text("body")
        assert page.evaluate("getComputedStyle(document.querySelector('p')).marginTop") == "0px"
        assert (255, 0, 0) in {colour for _, colour in picture(page).getcolors(1_000_000) or ()}
        assert complaints == []


def test_a_script_on_a_page_would_be_refused(site: SampleMailing, chromium: Browser) -> None:
    with reading(chromium, site, "u", scripts=True) as (page, complaints):
        for tag, text in (("style", "h1{color:red}"), ("script", "window.x = 1")):
            page.evaluate(
                "([tag, text]) => { document.body.append(Object.assign(document.createElement(tag), {textContent: text})) }",
                [tag, text],
            )
        assert page.evaluate("window.x") is None
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
        assert len(complaints) >= 2
