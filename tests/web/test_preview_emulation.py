"""The views of the preview, as text and in a real browser."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.finished.size import CLIPPED_FROM
from newsletter.web.preview.emulation import VIEWS, emulate
from newsletter.web.preview.html_tokens import StartTag, tokens
from tests.judges.mails import mail

NAMES = [view.name for view in VIEWS]
HOSTILE = st.lists(
    st.sampled_from(
        ["<", ">", "<!--", "-->", "<style>", "</style>", "<style", "@media", "(prefers-color-scheme:dark)", "{", "}", "<img ",
         "src=a", "style='", '"', "'", "color:", "red", ";", "(", ")", "url(", "light-dark(", ",", "<td bgcolor=#fff>", "</td>", "&",
         "<title>", "</title", "\\", "/", "=", " ", "x", "<![endif]-->", "<p>", "é", "#000", "background:"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


def sheet(css: str, *views: str) -> str:
    return emulate(f"<style>{css}</style>", *views).removeprefix("<style>").removesuffix("</style>")


@pytest.mark.parametrize(
    ("written", "light", "dark"),
    [
        ("(prefers-color-scheme:dark)", "(min-width:999999px)", "(min-width:0px)"),
        ("( Prefers-Color-Scheme : LIGHT )", "(min-width:0px)", "(min-width:999999px)"),
        (
            "screen and (prefers-color-scheme:dark) and (max-width:480px)",
            "screen and (min-width:999999px) and (max-width:480px)",
            "screen and (min-width:0px) and (max-width:480px)",
        ),
        ("print,(prefers-color-scheme:dark)", "print,(min-width:999999px)", "print,(min-width:0px)"),
        ("not ((prefers-color-scheme:dark))", "not ((min-width:999999px))", "not ((min-width:0px))"),
        ("not all and (prefers-color-scheme:light)", "not all and (min-width:0px)", "not all and (min-width:999999px)"),
        ("(max-width:480px)", "(max-width:480px)", "(max-width:480px)"),
    ],
)
def test_conditions_on_the_scheme_are_settled(written: str, light: str, dark: str) -> None:
    rest = "{p{color:red}}"
    assert sheet(f"@media {written}{rest}", "light") == f"@media {light}{rest}"
    assert sheet(f"@media {written}{rest}", "dark") == f"@media {dark}{rest}"


def test_conditions_are_settled_within_other_rules_and_in_attributes() -> None:
    assert "min-width:0px" in sheet("@supports (a:b){@media (prefers-color-scheme:dark){p{color:red}}}", "dark")
    assert "min-width:0px" in sheet("p{color:red;@media (prefers-color-scheme:dark){color:blue}}", "dark")
    picture = '<picture><source media="(prefers-color-scheme: dark)" srcset="d.png"><img src="l.png"></picture>'
    assert emulate(picture, "dark") == picture.replace("(prefers-color-scheme: dark)", "(min-width:0px)")


def test_a_comment_or_an_escape_does_not_hide_a_condition() -> None:
    assert "min-width:0px" in sheet("@media (/* x */prefers-color-scheme/**/:/**/dark){p{color:red}}", "dark")
    assert "min-width:0px" in sheet(r"@media (prefers-color\-scheme:dark){p{color:red}}", "dark")


@pytest.mark.parametrize(
    ("written", "light", "dark"),
    [
        (":root{color-scheme:light dark}", ":root{color-scheme:light }", ":root{color-scheme: dark}"),
        ("p{color-scheme:light dark;color:red}", "p{color-scheme:light ;color:red}", "p{color-scheme: dark;color:red}"),
        (":root{color-scheme:dark}", ":root{color-scheme:dark}", ":root{color-scheme:dark}"),
        ("p{color:light-dark(red,blue)}", "p{color:red}", "p{color:blue}"),
        (
            "p{border:1px solid light-dark(#fff,rgb(0,0,0))}",
            "p{border:1px solid #fff}",
            "p{border:1px solid rgb(0,0,0)}",
        ),
        ("p{color:light-dark(light-dark(a,b),light-dark(c,d))}", "p{color:a}", "p{color:d}"),
        ('p{content:"light-dark(a,b)"}', 'p{content:"light-dark(a,b)"}', 'p{content:"light-dark(a,b)"}'),
    ],
)
def test_schemes_and_pairs_of_colours_are_settled(written: str, light: str, dark: str) -> None:
    assert sheet(written, "light") == light
    assert sheet(written, "dark") == dark


def test_schemes_are_settled_in_attributes_too() -> None:
    assert (
        emulate('<meta name="color-scheme" content="light dark">', "light")
        == '<meta name="color-scheme" content="light ">'
    )
    assert emulate('<p style="color:light-dark(red,blue)">', "dark") == '<p style="color:blue">'


def test_no_media_queries_drops_them_at_every_depth() -> None:
    css = "a{b:c}@media screen{p{d:e}}@supports (f:g){@MEDIA print{p{h:i}}q{j:k}}"
    assert sheet(css, "no-media-queries") == "a{b:c}@supports (f:g){q{j:k}}"


def test_no_style_blocks_keeps_attributes_and_no_styles_does_not() -> None:
    page = '<link rel="stylesheet" href="x"><style>p{}</style><p style="a:b" class="c">x</p>'
    assert emulate(page, "no-style-blocks") == '<p style="a:b" class="c">x</p>'
    assert emulate(page, "no-styles") == '<p class="c">x</p>'


def test_images_off_asks_for_no_image_and_keeps_sizes_and_words() -> None:
    page = '<td background="b.png"><img src="a.png" srcset="a2.png 2x" width="60" height="40" alt="A &quot;knee&quot;" style="color:red">'
    shown = emulate(page, "images-off")
    assert ".png" not in shown
    image = next(token for token in tokens(shown) if isinstance(token, StartTag) and token.name == "img")
    assert (image.get("width"), image.get("height"), image.get("alt")) == ("60", "40", 'A "knee"')
    assert image.get("style").startswith("color:red;")


def test_images_off_takes_pictures_out_of_styles_but_no_fonts() -> None:
    css = '@import url(x.css);@font-face{src:url(f.woff)}p{background:url("b.png") no-repeat #fff;list-style:image-set("c.png" 1x)}'
    assert (
        sheet(css, "images-off")
        == "@import url(x.css);@font-face{src:url(f.woff)}p{background:none no-repeat #fff;list-style:none}"
    )


def test_gmail_cuts_a_long_mail_at_its_limit_and_not_within_a_tag_or_an_entity() -> None:
    page = "<body><div><p>" + "&eacute;<b>x</b>" * 10_000
    shown = emulate(page, "gmail-clip")
    kept, note = shown.split("</p></div>")
    assert "[Message clipped]" in note
    assert CLIPPED_FROM - 16 <= len(kept.replace("</b>", "</b>").encode()) <= CLIPPED_FROM + 4
    assert kept.endswith(("&eacute;", "</b>"))
    assert shown.index("<b>") > 0


def test_gmail_cuts_no_mail_that_fits_and_counts_bytes() -> None:
    assert emulate("x" * CLIPPED_FROM, "gmail-clip") == "x" * CLIPPED_FROM
    assert "[Message clipped]" in emulate("é" * (CLIPPED_FROM // 2 + 1), "gmail-clip")


def test_gmails_dark_turns_light_grounds_and_dark_letters_only() -> None:
    page = (
        '<table bgcolor="#ffffff"><tr><td style="color:#222222">a</td><td style="background:#003366;color:#ffffff">b</td></tr></table>'
        '<img src="x.png" style="background-color:#102030">'
    )
    shown = emulate(page, "gmail-dark")
    assert 'bgcolor="#161616"' in shown
    assert "color:#222222" not in shown
    assert "background:#003366;color:#ffffff" in shown
    assert 'src="x.png" style="background-color:#102030"' in shown


def test_gmails_dark_keeps_the_hue() -> None:
    red, green, blue = (int(sheet("a{color:#8b0000}", "gmail-dark")[-7:-1][at : at + 2], 16) for at in (0, 2, 4))
    assert red > max(green, blue) + 30


def test_gmails_dark_ignores_the_mails_own_dark_rules() -> None:
    assert "(min-width:999999px)" in sheet("@media (prefers-color-scheme:dark){p{color:red}}", "gmail-dark")


def test_outlooks_comments_survive_untouched() -> None:
    page = "<body><!--[if mso]><table><tr><td style='color:red'><![endif]--><p>x</p><!--[if !mso]><!--><i>y</i><!--<![endif]--></body>"
    for name in NAMES:
        assert page in emulate(page, name).replace("<style>", "").replace("</style>", "") or name == "gmail-dark"


def test_every_view_says_what_it_is() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(view.title and view.explanation.endswith(".") for view in VIEWS)
    with pytest.raises(KeyError):
        emulate("", "unheard-of")


def test_the_order_of_views_does_not_matter() -> None:
    page = mail("english-article").html
    for views in (["dark", "images-off", "no-media-queries"], ["gmail-dark", "images-off"]):
        assert len({emulate(page, *order) for order in itertools.permutations(views)}) == 1


def test_as_sent_is_the_mail_byte_for_byte() -> None:
    page = mail("english-article").html
    assert emulate(page, "as-sent") is page
    assert "".join(token.source for token in tokens(page)) == page


@given(HOSTILE)
def test_tokens_joined_are_the_page(page: str) -> None:
    assert "".join(token.source for token in tokens(page)) == page


@given(HOSTILE, st.sets(st.sampled_from(NAMES)))
def test_any_page_can_be_emulated(page: str, views: set[str]) -> None:
    shown = emulate(page, *views)
    if views & {"no-styles", "no-style-blocks"} and "gmail-dark" not in views:
        assert not [token for token in tokens(shown) if isinstance(token, StartTag) and token.name == "style"]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!",
        "<!--",
        "</",
        "<a ",
        "<a b='",
        "<style>",
        "<div>",
        "&",
        "<p style='color:rgb('>",
        "<td bgcolor=red>",
        "</b>",
        "= ",
    ],
)
def test_each_place_of_a_hostile_page_is_looked_at_once(piece: str) -> None:
    """What began again at each place would not come to an end here."""
    assert "".join(token.source for token in tokens(piece * 100_000)) == piece * 100_000
    for name in NAMES:
        emulate(piece * 2_000, name)


def test_a_sheet_nested_beyond_reason_is_left_as_it_is() -> None:
    css = "(" * 20_000 + "light-dark(a,b)"
    assert sheet(css, "dark") == css


def test_a_sheet_cannot_be_made_to_end_early() -> None:
    assert sheet("p{color:<light-dark(/style><b>,x)}", "light") == ""
