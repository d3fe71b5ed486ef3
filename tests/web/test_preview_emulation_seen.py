"""The views of the preview in a real browser, held against what the browser itself can emulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.web.preview.emulation import emulate
from tests.judges.looked import open_desk, resize
from tests.judges.mails import mail
from tests.support.chromium import NEEDS_CHROMIUM, ONE_BROWSER, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.judges.looked import Desk

__all__ = ["chromium"]

pytestmark = NEEDS_CHROMIUM

TWO = ("english-article", "hebrew-article")
WIDTHS = (375, 700)
#: of every element all that a scheme or a sheet can change
LOOK = """[...document.querySelectorAll("html, body, body *")].map(one => {
    const style = getComputedStyle(one)
    const told = ["color", "backgroundColor", "borderTopColor", "borderLeftColor", "outlineColor", "display", "fontSize", "width"]
    return [one.localName, ...told.map(name => style[name])]
})"""


@pytest.fixture
def desk(chromium: Browser) -> Desk:
    del chromium
    return ONE_BROWSER.keep(open_desk)


def looks(page: Page, *, dark: bool) -> list[Any]:
    found = []
    for width in WIDTHS:
        resize(page, width, dark=dark)
        found.append(page.evaluate(LOOK))
    return found


@pytest.mark.parametrize("slug", TWO)
def test_dark_and_light_have_the_colours_of_a_browser_that_prefers_them(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one)
    real = {dark: looks(page, dark=dark) for dark in (True, False)}
    assert real[True] != real[False]
    for name, wanted in (("dark", True), ("light", False)):
        page = desk.show(one, emulate(one.html, name))
        for chosen in (True, False):
            assert looks(page, dark=chosen) == real[wanted]


def test_pairs_of_colours_and_odd_conditions_are_as_in_a_browser(desk: Desk) -> None:
    one = mail("english-article")
    page_of = """<!doctype html><meta name="color-scheme" content="light dark"><style>
        p { color: light-dark(rgb(1,2,3), rgb(4,5,6)) }
        @media not all and (prefers-color-scheme: light) { p { background-color: rgb(7,8,9) } }
        @media (prefers-color-scheme: light), (max-width: 1px) { p { border-top-color: rgb(10,11,12) } }
        @media not (prefers-color-scheme: dark) { p { outline-color: rgb(13,14,15) } }
        @media (width > 400px) and ((prefers-color-scheme: dark) or (max-width: 1px)) { p { font-size: 40px } }
        </style><p style="border-left-color: light-dark(rgb(1,1,1), rgb(2,2,2))">x</p><a href="#">y</a>"""
    for name, wanted in (("dark", True), ("light", False)):
        real = looks(desk.show(one, page_of), dark=wanted)
        assert looks(desk.show(one, emulate(page_of, name)), dark=not wanted) == real


@pytest.mark.parametrize("slug", TWO)
def test_no_media_queries_is_the_page_without_them(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one)
    page.evaluate("looking.dropMediaQueries()")
    real = looks(page, dark=True)
    assert looks(desk.show(one, emulate(one.html, "no-media-queries")), dark=True) == real


def test_no_style_blocks_is_the_page_without_them(desk: Desk) -> None:
    one = mail("english-article")
    page = desk.show(one)
    page.evaluate("looking.dropStyles()")
    real = looks(page, dark=False)
    assert looks(desk.show(one, emulate(one.html, "no-style-blocks")), dark=False) == real


def test_images_off_is_laid_out_as_with_images_that_do_not_come(desk: Desk) -> None:
    one = mail("english-article")
    boxes = "[...document.images].map(one => [one.getBoundingClientRect().width, one.getBoundingClientRect().height])"
    real = desk.show(one, images=False).evaluate(boxes)
    page = desk.show(one, emulate(one.html, "images-off"))
    assert page.evaluate(boxes) == real
    assert desk.refused == []
    told = page.evaluate("looking.alternatives()")
    assert told
    assert all(each["broken"] and each["contrast"] >= 4.5 for each in told)


@pytest.mark.parametrize("slug", TWO)
def test_gmail_like_dark_is_dark_and_letters_stay_legible(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one, emulate(one.html, "gmail-dark"))
    letters = page.evaluate("looking.letters()")
    assert len(letters) > 20
    assert [each for each in letters if each["contrast"] < 4.5] == []
    grounds = {each["ground"] for each in letters}
    assert "rgb(255, 255, 255)" not in grounds
