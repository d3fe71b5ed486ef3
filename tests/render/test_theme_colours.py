"""The palette: whatever theme settings allow, every printed pair is legible."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsletter.render.dark import media_query, outlook_rules
from newsletter.render.theme import PAIRS, palette
from newsletter.settings.contrast import contrast
from newsletter.settings.schema import Colours, DarkColours, ThemeSection

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def lowest(colours: Colours) -> float:
    made = palette(colours)
    return min(contrast(getattr(made, front), getattr(made, back)) for front, back in PAIRS)


def test_the_default_themes_are_legible_and_not_glaring() -> None:
    for colours in (ThemeSection(), DarkColours()):
        assert lowest(colours) >= 4.5
    dark = palette(DarkColours())
    assert dark.text != "#ffffff"
    assert "#000000" not in (dark.background, dark.canvas)


@given(st.sampled_from(["#ffffff", "#fff8e7", "#101820", "#1b1b2f"]), COLOUR, COLOUR)
def test_any_theme_that_settings_allow_is_legible(background: str, accent: str, link: str) -> None:
    dark = background.startswith("#1")
    text, on_accent = ("#f0f0f0" if dark else "#1c1c1c"), "#ffffff" if contrast(accent, "#ffffff") >= 4.5 else "#000000"
    try:
        colours = Colours(text=text, background=background, link=link, accent=accent, on_accent=on_accent)
    except ValidationError:
        assume(False)
    assert lowest(colours) >= 4.5


def test_dark_rules_are_written_once_and_used_twice() -> None:
    rules = "/* why */\n.a,.b .c{color:#111111 !important}\n"
    assert media_query(rules) == "@media (prefers-color-scheme: dark) {\n.a,.b .c{color:#111111 !important}\n}"
    assert outlook_rules(rules) == (
        "[data-ogsc] .a,[data-ogsc] .b .c,[data-ogsb] .a,[data-ogsb] .b .c{color:#111111 !important}"
    )
