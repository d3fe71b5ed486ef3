"""Dark mode: by the reader's preference, and by the attributes that Outlook sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.render.theme import dark_colours, palette
from newsletter.settings.contrast import contrast
from tests.judges.looked import resize
from tests.judges.mails import SLUGS, mail
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.judges.looked import Desk

pytestmark = NEEDS_CHROMIUM

LEGIBLE = 4.5
#: of the edge of a button against what is around it
SEEN = 3


def page_ground(page: Page) -> str:
    """The colour of the body, as hex."""
    red_green_blue = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
    return "#" + "".join(f"{int(channel):02x}" for channel in page.evaluate(red_green_blue))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_text_and_button_is_legible_in_both_schemes(slug: str, desk: Desk) -> None:
    page = desk.show(mail(slug))
    for width, dark in ((375, False), (375, True), (700, False), (700, True)):
        resize(page, width, dark=dark)
        letters, buttons = page.evaluate("looking.letters()"), page.evaluate("looking.buttons()")
        assert len(letters) > 20
        assert [one for one in letters if one["contrast"] < LEGIBLE] == []
        assert [one for one in buttons if one["contrast"] < LEGIBLE or one["edge"] < SEEN] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_the_page_is_dark(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one)
    assert page_ground(page) == palette(one.settings.theme).canvas
    resize(page, 700, dark=True)
    assert page_ground(page) == palette(dark_colours(one.settings.theme)).canvas
    assert contrast(page_ground(page), "#ffffff") > 12


@pytest.mark.parametrize("slug", SLUGS)
def test_outlooks_attributes_make_every_text_dark(slug: str, desk: Desk) -> None:
    page = desk.show(mail(slug))
    resize(page, 700, dark=True)
    dark = page.evaluate("looking.letters()")
    resize(page, 700)
    light = page.evaluate("looking.letters()")
    assert light != dark
    for element in ("documentElement", "body"):
        for attribute in ("data-ogsc", "data-ogsb"):
            page.evaluate(f"document.{element}.setAttribute('{attribute}', '')")
            assert page.evaluate("looking.letters()") == dark
            page.evaluate(f"document.{element}.removeAttribute('{attribute}')")
    assert page.evaluate("looking.letters()") == light


def test_a_lost_dark_rule_is_seen(desk: Desk) -> None:
    one = mail("english-article")
    damaged = one.html.replace(".author-name", ".nobody-has-this")
    assert damaged != one.html
    page = desk.show(one, damaged)
    resize(page, 700, dark=True)
    lost = {found["name"] for found in page.evaluate("looking.letters()") if found["contrast"] < LEGIBLE}
    assert lost == {"p.author-name"}
