"""What single mail programs need, found by looking at mails in them: docs/clients.md."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from newsletter.model.document import BlockQuote, Divider, Image, Table
from tests.render.dom import colours, filled_html, media_rules, styles, tree
from tests.render.issues import at, bullets, everything, inlines, paragraph, rendering, save_image, settings, typed

if TYPE_CHECKING:
    from pathlib import Path

HEBREW = "\u05e9\u05dc\u05d5\u05dd"
GAP = re.compile(r'</table>\s*(?:</div>\s*)?<!--\[if mso\]><p class="gap">&#160;</p><!\[endif\]-->')
#: what Thunderbird wraps a mail in
THUNDERBIRD = ".moz-text-html "


def test_outlook_has_a_gap_below_every_table_of_the_text(tmp_path: Path) -> None:
    save_image(tmp_path / "knee.png")
    said = paragraph("Said")
    table = Table(header=(inlines("A"),), rows=((inlines("b"),),), align=(None,), at=at(1))
    blocks = (
        *(
            typed("callout", said),
            typed("quote", said),
            typed("related", bullets([said])),
            BlockQuote(blocks=(said,), at=at(1)),
        ),
        *(table, Divider(at=at(1)), typed("button", said, href="https://example.org")),
        *(typed("author", name="Ana"), typed("event", title="Tea", start="2026-12-08")),
        typed("figure", src="knee.png", alt="A knee"),
    )
    html = filled_html(rendering(*blocks, folder=tmp_path))
    assert len(GAP.findall(html)) == len(blocks)
    assert re.search(r"<!--\[if mso\]>.*?\.gap\{[^}]*line-height:24px\}.*?<!\[endif\]-->", html, re.DOTALL)


def test_outlook_turns_tables_round_and_only_in_hebrew(tmp_path: Path) -> None:
    turned, straight = (
        filled_html(rendering(paragraph(HEBREW), folder=tmp_path, language=language)) for language in ("he", "en")
    )
    assert "table{border-collapse:collapse;direction:rtl}" in turned
    assert "table{border-collapse:collapse}" in straight


def test_outlook_does_not_cut_an_image_within_a_line(tmp_path: Path) -> None:
    save_image(tmp_path / "knee.png", (40, 40))
    knee = Image(alt="A knee", source=("knee.png",), at=at(1))
    cells = ((inlines(knee),),)
    table = Table(header=(inlines("A"),), rows=cells, align=(None,), at=at(1))
    root = tree(rendering(paragraph("A ", knee), bullets([paragraph(knee)]), table, paragraph("B"), folder=tmp_path))
    for image in root.iter("img"):
        assert styles(image.getparent())["mso-line-height-rule"] == "at-least"
    assert len(root.xpath("//*[contains(@style, 'at-least')]")) == 3


def test_outlook_has_buttons_of_an_announcement_in_the_middle(tmp_path: Path) -> None:
    button = typed("button", paragraph("Come"), href="https://example.org")
    for template, side in (("announcement", "center"), ("article", None)):
        (table,) = tree(rendering(button, folder=tmp_path, template=template)).xpath("//table[@class='button']")
        assert table.get("align") == side


@pytest.mark.parametrize("template", ["article", "digest", "announcement"])
def test_thunderbird_has_the_same_grounds_and_lines_in_both_schemes(template: str, tmp_path: Path) -> None:
    """It drops media queries: each of its rules says the light value and the dark one, for its own class only."""
    mail = everything(tmp_path, template=template)
    root, dark = tree(mail), media_rules(filled_html(mail), "@media (prefers-color-scheme: dark)")
    (block,) = (style.text for style in root.iter("style") if THUNDERBIRD in style.text)
    rules = re.findall(r"([^{}]+)\{([^{}]+)\}", block)
    checked = 0
    for selectors, declarations in rules:
        for selector in selectors.strip().split(","):
            assert selector.startswith(THUNDERBIRD)
            name = selector.rpartition(".")[2]
            element = root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")[0]
            for prop, light, shade in re.findall(r"([a-z-]+):light-dark\((#\w{6}),(#\w{6})\) !important", declarations):
                if prop == "background-color":
                    assert (light, shade) == colours(element, prop, dark)
                else:
                    assert light in element.get("style")
                    assert {prop: shade}.items() <= dark[selector.removeprefix(THUNDERBIRD)].items()
                checked += 1
    assert checked > 5


def test_thunderbird_keeps_the_plate_of_a_logo_and_the_name_on_it(tmp_path: Path) -> None:
    theme = settings(theme={"logo": "https://example.org/logo.png"})
    root = tree(rendering(paragraph("a"), folder=tmp_path, settings=theme))
    (block,) = (style.text for style in root.iter("style") if THUNDERBIRD in style.text)
    (plate,), (logo,) = root.xpath("//td[@class='plate']"), root.xpath("//img[@class='logo']")
    assert f".plate{{box-shadow:inset 0 0 0 200px {styles(plate)['background-color']}}}" in block
    assert f".logo{{-webkit-text-fill-color:{styles(logo)['color']}}}" in block


def test_letters_on_the_accent_have_it_behind_them(tmp_path: Path) -> None:
    """Thunderbird's dark mode takes dark letters away from an element that has no ground of its own."""
    button = typed("button", paragraph("Come"), href="https://example.org")
    for template in ("article", "digest", "announcement"):
        root = tree(rendering(button, folder=tmp_path, template=template))
        for element in root.xpath(
            "//*[contains(@class, 'primary') or contains(@class, 'hero-') or @class='on-accent-link']"
        ):
            assert (
                styles(element)["background-color"]
                == styles(root.xpath("//td[@class='primary-box']")[0])["background-color"]
            )


def test_a_figure_narrower_than_its_place_stands_in_a_box_of_its_width(tmp_path: Path) -> None:
    """Thunderbird overrules the max-width of images."""
    save_image(tmp_path / "knee.png", (1200, 600))
    narrow, full = (
        tree(rendering(typed("figure", src="knee.png", alt="A knee", width=width), folder=tmp_path)).xpath("//img")[0]
        for width in ("300", "")
    )
    assert styles(narrow.getparent()) == {"max-width": "300px"}
    assert full.getparent().tag == "td"


def test_a_blocked_image_takes_no_more_room_than_the_image(tmp_path: Path) -> None:
    """WebKit draws a square as wide as the place."""
    save_image(tmp_path / "knee.png", (1200, 600))
    (image,) = tree(rendering(typed("figure", src="knee.png", alt="A knee"), folder=tmp_path)).xpath("//img")
    assert styles(image)["max-height"] == f"{image.get('height')}px"


def test_quotations_are_told_to_screen_readers_without_an_element_that_programs_change(tmp_path: Path) -> None:
    quotes = (typed("quote", paragraph("One")), BlockQuote(blocks=(paragraph("Two"),), at=at(1)))
    root = tree(rendering(*quotes, folder=tmp_path))
    assert [quote.text_content().strip() for quote in root.xpath("//*[@role='blockquote']")] == ["One", "Two"]
    assert not list(root.iter("blockquote"))


def test_points_stand_as_close_in_quotes_and_columns_as_elsewhere(tmp_path: Path) -> None:
    points = bullets([paragraph("a")], [paragraph("b")])
    columns = typed("columns", typed("column", points), typed("column", points))
    root = tree(rendering(points, columns, typed("quote", points), folder=tmp_path))
    assert {styles(item)["margin"] for item in root.iter("li")} == {"0 0 8px"}
    assert not [item for item in root.iter("li") if "margin-bottom" in styles(item)]


def test_a_date_after_a_latin_name_is_not_torn_in_hebrew(tmp_path: Path) -> None:
    mail = rendering(paragraph(HEBREW), folder=tmp_path, language="he", date=date(2026, 12, 1), authors=("Jo Okafor",))
    (shown,) = tree(mail).xpath("//span[@class='whole']")
    assert shown.get("dir") == "rtl"


def test_hebrew_is_not_slanted(tmp_path: Path) -> None:
    quote = typed("quote", paragraph(HEBREW))
    for language, style in (("he", "normal"), ("en", "italic")):
        (said,) = tree(rendering(quote, folder=tmp_path, language=language)).xpath("//p[@class='quote']")
        assert styles(said)["font-style"] == style
