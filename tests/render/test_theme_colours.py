"""The palette: whatever theme settings allow, every printed pair is legible and every line that says something is seen."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsletter.render.dark import media_query, outlook_rules
from newsletter.render.theme import LINES, PAIRS, dark_colours, legible, palette
from newsletter.settings.contrast import contrast
from newsletter.settings.theme import Colours, DarkColours, ThemeSection
from tests.render.dom import lineage, styles, texts, tree
from tests.render.issues import everything
from tests.render.issues import settings as workspace

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import DrawFn
    from lxml.html import HtmlElement

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def lowest(colours: Colours, pairs: tuple[tuple[str, str], ...]) -> float:
    made = palette(colours)
    return min(contrast(getattr(made, front), getattr(made, back)) for front, back in pairs)


@st.composite
def themes(draw: DrawFn) -> Colours:
    """Any colours at all, moved no further than settings ask for: many are just legible."""

    def on(back: str, wanted: float) -> str:
        far = max("#000000", "#ffffff", key=lambda end: contrast(end, back))
        return legible(draw(COLOUR), (back,), wanted, towards=far)

    background = draw(COLOUR)
    text, link, accent = on(background, 4.5), on(background, 4.5), on(background, 3.0)
    return Colours(text=text, background=background, link=link, accent=accent, on_accent=on(accent, 4.5))


def test_the_default_themes_are_legible_and_not_glaring() -> None:
    for colours in (ThemeSection(), DarkColours()):
        assert lowest(colours, PAIRS) >= 4.5
        assert lowest(colours, LINES) >= 3
    dark = palette(DarkColours())
    assert dark.text != "#ffffff"
    assert "#000000" not in (dark.background, dark.canvas)


def test_the_default_lines_have_the_accents_own_colour() -> None:
    for colours in (ThemeSection(), DarkColours()):
        assert palette(colours).line == colours.accent


@given(themes())
def test_any_theme_that_settings_allow_is_legible(colours: Colours) -> None:
    assert lowest(colours, PAIRS) >= 4.5
    assert lowest(colours, LINES) >= 3


@given(themes(), st.fixed_dictionaries({}, optional={"background": COLOUR, "text": COLOUR}))
def test_dark_mode_keeps_the_newsletters_own_colours_and_is_legible(light: Colours, dark: dict[str, str]) -> None:
    try:
        theme = ThemeSection.model_validate({**light.model_dump(), "dark": dark})
    except ValidationError:
        assume(False)
    made = dark_colours(theme)
    assert lowest(made, PAIRS) >= 4.5
    assert lowest(made, LINES) >= 3


def test_what_dark_mode_says_itself_stays_and_what_it_leaves_out_follows_the_light_colours() -> None:
    assert dark_colours(ThemeSection()) == Colours(**DarkColours().model_dump())
    purple = ThemeSection(accent="#5b2a86", link="#5b2a86")
    red, _, blue = (int(dark_colours(purple).accent[i : i + 2], 16) for i in (1, 3, 5))
    assert blue > red > 0x5B
    assert dark_colours(purple).link == dark_colours(purple).accent
    said = ThemeSection.model_validate({"accent": "#5b2a86", "dark": {"accent": "#c9a6f0"}})
    assert (dark_colours(said).accent, dark_colours(said).on_accent) == ("#c9a6f0", DarkColours().on_accent)


def shown(element: HtmlElement, name: str) -> str:
    return next(styles(one)[name] for one in lineage(element) if name in styles(one))


@pytest.mark.parametrize("layout", ["article", "digest", "announcement"])
def test_no_template_prints_a_pair_that_is_not_held_to_the_rule(layout: str, tmp_path: Path) -> None:
    theme = {"accent": "#d97706", "on_accent": "#0a0a0a"}  # so pale that each shade made from it is another one
    made = palette(ThemeSection.model_validate(theme))
    assert len({made.accent, made.line, made.accent_text, made.caution_line, made.caution_text}) == 5
    root = tree(everything(tmp_path, template=layout, settings=workspace(theme=theme)))
    seen = [element for element, text in texts(root) if text.strip("\xa0\n ")]
    printed = {(shown(element, "color"), shown(element, "background-color")) for element in seen}
    assert len(printed) > 8
    assert printed <= {(getattr(made, front), getattr(made, back)) for front, back in PAIRS}


@pytest.mark.parametrize("name", ["style.css.j2", "dark.css.j2", "narrow.css.j2"])
def test_stylesheets_take_every_colour_from_the_palette(name: str) -> None:
    """Another one would not be held to the rule."""
    text = files("newsletter.templates").joinpath("email", name).read_text(encoding="utf-8")
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", text) == []


def test_dark_rules_are_written_once_and_used_twice() -> None:
    rules = "/* why */\n.a,.b .c{color:#111111 !important}\n"
    assert media_query(rules) == "@media (prefers-color-scheme: dark) {\n.a,.b .c{color:#111111 !important}\n}"
    assert outlook_rules(rules) == (
        "[data-ogsc] .a,[data-ogsc] .b .c,[data-ogsb] .a,[data-ogsb] .b .c{color:#111111 !important}"
    )
