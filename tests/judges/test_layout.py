"""Every mail fits its window and cuts nothing off: narrow and wide, without media queries, without styles, enlarged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.judges.looked import resize
from tests.judges.mails import SLUGS, mail
from tests.support.chromium import NEEDS_CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.judges.looked import Desk

pytestmark = NEEDS_CHROMIUM

NARROW = (320, 375)
WIDE = 700
#: what the frame around the sheet takes
FRAME = 24
SMALLEST = 13
RUNNING = 16
TAP = 44
#: small by their nature within running text
MARKS = {"cite", "mark", "code"}


def assert_fits(page: Page) -> None:
    assert page.evaluate("looking.beyond()") == 0
    assert page.evaluate("looking.cut()") == []
    assert page.evaluate("looking.overlapping()") == []


def rows(group: list[dict[str, float]]) -> int:
    return len({round(column["top"]) for column in group})


@pytest.mark.parametrize("slug", SLUGS)
def test_a_mail_fits_every_window(slug: str, desk: Desk) -> None:
    page = desk.show(mail(slug))
    for width in (*NARROW, WIDE):
        resize(page, width)
        assert_fits(page)
        letters, buttons = page.evaluate("looking.letters()"), page.evaluate("looking.buttons()")
        assert [one for one in letters if one["size"] < (RUNNING if is_running(one) else SMALLEST)] == []
        assert [one for one in buttons if one["height"] < TAP] == []


def is_running(letters: dict[str, Any]) -> bool:
    """Text of the body, or a word within it."""
    own = {name for classes in letters["classes"][:2] for name in classes.split()}
    return bool(own & {"text", "quote", "cell"}) and not own & MARKS


@pytest.mark.parametrize("slug", SLUGS)
def test_columns_stand_beside_each_other_where_there_is_room(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one)
    resize(page, max(WIDE, one.settings.theme.width + FRAME))
    assert [rows(group) for group in page.evaluate("looking.columns()") if rows(group) != 1] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_without_media_queries_or_any_styles_a_mail_fits_a_phone(slug: str, desk: Desk) -> None:
    """As in Thunderbird, and as in the Gmail app with an account elsewhere. Four columns may stand two by two."""
    page = desk.show(mail(slug))
    for drop in ("looking.dropMediaQueries()", "looking.dropStyles()"):
        page.evaluate(drop)
        for width in NARROW:
            resize(page, width)
            assert_fits(page)
            for group in page.evaluate("looking.columns()"):
                assert rows(group) == len(group) or (len(group) == 4 and rows(group) == 2)


@pytest.mark.parametrize("slug", SLUGS)
def test_without_styles_a_mail_keeps_its_letters(slug: str, desk: Desk) -> None:
    one = mail(slug)
    page = desk.show(one)
    resize(page, max(WIDE, one.settings.theme.width + FRAME))
    before = page.evaluate("looking.letters()")
    page.evaluate("looking.dropStyles()")
    assert page.evaluate("document.querySelector('style')") is None
    assert page.evaluate("looking.letters()") == before


@pytest.mark.parametrize("slug", SLUGS)
def test_text_twice_as_large_is_not_cut(slug: str, desk: Desk) -> None:
    """WCAG 2.2, 1.4.4, the harder way: the text alone grows, as in Thunderbird and iOS, and not the page with it."""
    for width in (375, WIDE):
        page = desk.show(mail(slug))
        resize(page, width)
        before = page.evaluate("looking.sizes()")
        page.evaluate("looking.doubleText()")
        assert page.evaluate("looking.sizes()") == [size * 2 for size in before]
        assert_fits(page)


@pytest.mark.parametrize(
    ("whole", "damaged", "question"),
    [
        ("overflow-wrap:anywhere", "white-space:nowrap", "cut"),
        ('<p class="fine"', '<div style="width:900px">x</div><p class="fine"', "beyond"),
        ("line-height:28px", "line-height:4px", "overlapping"),
        ("<p ", "<p style='height:10px;overflow:hidden;font-size:17px;line-height:28px' ", "cut"),
    ],
)
def test_a_damaged_mail_is_seen(whole: str, damaged: str, question: str, desk: Desk) -> None:
    one = mail("english-article")
    assert whole in one.html
    page = desk.show(one, one.html.replace(whole, damaged))
    resize(page, 375)
    assert page.evaluate(f"looking.{question}()")
