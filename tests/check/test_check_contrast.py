"""Contrast in light and dark: what can be known is judged, what cannot stays silent; the cascade decides as browsers do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.page import Page, read_page
from newsletter.check.seen.colours import Colour, ratio, read_colour
from newsletter.check.seen.contrast import RULES
from newsletter.check.seen.media_queries import View, holds
from tests.check.pages import BODY, BOTH, PLACE, codes, found, mail

WIDE, DARK, PHONE = View(dark=False, width=1200), View(dark=True, width=1200), View(dark=False, width=375)


def test_black_on_white_is_silent() -> None:
    assert found(RULES, mail()) == []


@pytest.mark.parametrize(
    "colour",
    [
        "#999999",
        "#999",
        "#999999ff",
        "silver",
        "rgb(150,150,150)",
        "rgb(60% 60% 60%)",
        "rgba(0,0,0,.3)",
        "hsl(0,0%,60%)",
    ],
)
def test_pale_letters_are_told_in_any_notation(colour: str) -> None:
    (problem,) = found(RULES, mail(css=f".text{{color:{colour}}}"))
    assert problem.code == "contrast-low"
    assert problem.place == PLACE
    assert "Walk a little every day" in problem.message


@pytest.mark.parametrize("colour", ["#767676", "black", "rgb(0 0 0 / 80%)", "inherit", "var(--brand)", "nonsense"])
def test_letters_that_are_dark_enough_or_unknown_are_not(colour: str) -> None:
    assert found(RULES, mail(css=f".text{{color:{colour}}}")) == []


@pytest.mark.parametrize(
    ("size", "weight", "is_told"), [(23, 400, True), (24, 400, False), (19, 700, False), (18, 700, True)]
)
def test_large_letters_need_less(size: int, weight: int, is_told: bool) -> None:
    css = f".text{{color:#888888;font-size:{size}px !important;font-weight:{weight}}}"
    assert bool(found(RULES, mail(css=css))) is is_told


@pytest.mark.parametrize(
    "style",
    [
        "background-image:url(https://example.org/x.png)",
        "background:linear-gradient(#ffffff,#eeeeee)",
        "background:#ffffff url(https://example.org/x.png) no-repeat",
        "background:var(--x)",
    ],
)
def test_on_a_picture_nobody_can_know(style: str) -> None:
    assert found(RULES, mail(f'<div style="{style}"><p id="p" style="color:#eeeeee">{"word " * 3}</p></div>')) == []


@pytest.mark.parametrize(
    "ground",
    [
        '<td bgcolor="#000000">',
        '<td bgcolor="000000">',
        '<td style="background:black">',
        '<td style="background-color:rgb(0,0,0)">',
    ],
)
def test_the_ground_is_what_stands_around(ground: str) -> None:
    body = f'<table role="presentation"><tr>{ground}<p style="color:#333333">Hello you</p></td></tr></table>'
    assert codes(RULES, mail(body)) == {"contrast-low"}
    assert found(RULES, mail(body.replace("#333333", "#ffffff"))) == []


def test_opacity_pales_letters() -> None:
    assert codes(RULES, mail(css=".text{opacity:.4}")) == {"contrast-low"}


def test_hidden_text_and_mere_marks_are_not_judged() -> None:
    for style in ("display:none", "font-size:1px !important", "visibility:hidden"):
        assert found(RULES, mail(css=f".text{{color:#ffffff;{style}}}")) == []
    assert found(RULES, mail('<p style="color:#ffffff"> &#183; &#8594; </p>')) == []


def test_each_pair_is_told_once_with_how_many_texts_have_it() -> None:
    body = BODY + "".join(f'<p style="color:#aaaaaa">Number {number}</p>' for number in range(5))
    (problem,) = found(RULES, mail(body))
    assert '"Number 0" and 4 more: #aaaaaa on #ffffff has a contrast of 2.3:1' in problem.message


def test_only_on_a_phone_is_told_as_such() -> None:
    (problem,) = found(RULES, mail(css="@media (max-width:480px){.text{color:#aaaaaa}}"))
    assert problem.message.endswith("on a phone")


@pytest.mark.parametrize(
    ("dark", "cause"),
    [
        (".text{color:#eeeeee}", "changes the letters, but not the ground"),
        ("body,div{background-color:#111111 !important}", "changes the ground, but not the letters"),
        (".text{color:#444444;background-color:#222222}", ""),
    ],
)
def test_dark_mode_that_changes_one_of_two_colours_is_named(dark: str, cause: str) -> None:
    problems = found(RULES, mail(style=BOTH % dark))
    assert {problem.code for problem in problems} == {"contrast-low-dark"}
    assert any(cause in problem.message and "in dark mode" in problem.message for problem in problems)


def test_dark_mode_with_both_colours_is_silent() -> None:
    css = "body,div{background-color:#111111 !important}p,h1{color:#eeeeee}a{color:#88bbff}"
    assert found(RULES, mail(style=BOTH % css)) == []


def test_dark_rules_without_important_lose_to_the_style_of_the_element() -> None:
    body = BODY.replace("font-size:16px", "font-size:16px;color:#222222")
    assert found(RULES, mail(body, style=BOTH % ".text{color:#eeeeee}")) == []
    assert codes(RULES, mail(body, style=BOTH % ".text{color:#eeeeee !important}")) == {"contrast-low-dark"}


def test_a_fault_of_both_schemes_is_told_once() -> None:
    assert codes(RULES, mail(css=".text{color:#aaaaaa}@media (prefers-color-scheme:dark){.other{color:red}}")) == {
        "contrast-low"
    }


def test_light_dark_counts_where_the_page_says_that_it_can_be_dark() -> None:
    css = ".text{color:light-dark(#222222,#eeeeee)}@media (prefers-color-scheme:dark){.other{color:red}}"
    assert found(RULES, mail(css=css)) == []
    assert codes(RULES, mail(css=f":root{{color-scheme:light dark}}{css}")) >= {"contrast-low-dark"}


# -- the cascade


def colour_of(css: str, html: str, view: View = WIDE) -> str:
    page: Page = read_page(f"<html><head><style>{css}</style></head><body>{html}</body></html>")
    element = next(one for one in page.elements() if one.attributes.get("id") == "x")
    return str(page.styles.look(element, view).colour)


@pytest.mark.parametrize(
    ("css", "html"),
    [
        ("p{color:red}#x{color:lime}p.a{color:blue}", '<p id="x" class="a">'),
        ("p{color:red}p{color:lime}", '<p id="x">'),
        ("p{color:lime !important}", '<p id="x" style="color:red">'),
        ("p{color:red !important}", '<p id="x" style="color:lime !important">'),
        (".a > p{color:lime}", '<div class="a"><p id="x">'),
        (".a p{color:lime}.a > p{color:red}", '<div class="a"><div><p id="x">'),
        ("h3 + p{color:lime}", '<h3>a</h3><p id="x">'),
        ("h3 ~ p{color:lime}h3 + p{color:red}", '<h3>a</h3><b></b><p id="x">'),
        ("[data-y~=b]{color:lime}[data-y=b]{color:red}", '<p id="x" data-y="a b">'),
        ("[class^=sm][class$=ll][class*=mal]{color:lime}", '<p id="x" class="small">'),
        ("p:first-child{color:lime}p:last-child{color:red}", '<div><p id="x"></p><p></p></div>'),
        ("a:link{color:lime}", '<a id="x" href="https://example.org/">'),
        ("p:hover,p::before,p:nth-child(1){color:red}p{color:lime}p:is(#x){color:red}", '<p id="x">'),
        ("h1,,p{color:lime}", '<p id="x">'),
        ("/* p{color:red} */p{color:lime;color:redd;colour:red}", '<p id="x">'),
        ("@media print{p{color:red}}@media screen{p{color:lime}}", '<p id="x">'),
        ("@supports (display:grid){p{color:lime}}@supports not (display:grid){p{color:red}}", '<p id="x">'),
        ("@import url(x);@font-face{color:red}p{color:lime}", '<p id="x">'),
        ("body{color:lime}", '<div><span id="x">'),
        ("", '<font color="#00ff00"><b id="x">'),
        ("p{-webkit-text-fill-color:lime;color:red}", '<p id="x">'),
    ],
)  # fmt: skip
def test_rules_win_as_in_browsers(css: str, html: str) -> None:
    assert colour_of(css, html) == "#00ff00"


def test_the_media_of_a_style_element_counts() -> None:
    page = read_page('<style media="(max-width:480px)">p{color:lime}</style><p id=x>a</p>')
    element = next(one for one in page.elements() if one.tag == "p")
    assert [str(page.styles.look(element, view).colour) for view in (WIDE, PHONE)] == ["#000000", "#00ff00"]


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ("screen", (True, True, True)),
        ("only screen and (max-width: 480px)", (False, False, True)),
        ("(max-device-width:30em)", (False, False, True)),
        ("(width <= 480px)", (False, False, True)),
        ("(min-width:481px)", (True, True, False)),
        ("print, (prefers-color-scheme: dark)", (False, True, False)),
        ("not screen", (False, False, False)),
        ("not print", (True, True, True)),
        ("(hover:hover)", (False, False, False)),
        ("(prefers-color-scheme:light) and (min-width: 600px)", (True, False, False)),
    ],
)
def test_media_queries_hold_for_the_views_they_name(media: str, expected: tuple[bool, bool, bool]) -> None:
    assert tuple(holds(media, view) for view in (WIDE, DARK, PHONE)) == expected


def test_views_are_told_apart_by_what_the_page_asks() -> None:
    assert [view.words for view in mail().page.styles.views] == [""]
    views = mail(
        css="@media (max-width:600px){p{color:red}}@media (prefers-color-scheme:dark){p{color:red}}"
    ).page.styles.views
    assert [view.words for view in views] == ["", " on a phone", " in dark mode", " on a phone in dark mode"]


@given(st.text(max_size=60))
def test_any_style_is_read(text: str) -> None:
    page = Page(root=read_page("<p>a</p>").root)
    next(page.elements()).attributes["style"] = text
    assert page.styles.look(next(page.elements()), WIDE).size >= 0


@given(st.text(alphabet="p.#x[]=\"'>+~*:,(){}@media;! ", max_size=60))
def test_any_stylesheet_is_read(css: str) -> None:
    page = read_page("<style></style><p class=x>a</p>")
    next(page.elements()).content.append(css)
    assert page.styles.views


@given(st.text(max_size=30))
def test_any_text_is_a_colour_or_none(text: str) -> None:
    assert read_colour(text, dark=False) is None or isinstance(read_colour(text, dark=False), Colour)


def test_the_ratio_of_black_and_white_is_21() -> None:
    black, white = (read_colour(name, dark=False) for name in ("black", "white"))
    assert black is not None
    assert white is not None
    assert ratio(black, white) == pytest.approx(21)
