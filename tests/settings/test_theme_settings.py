"""[theme]: every key with its bounds; mistakes are told with line and fix; nothing that is no name or colour gets into CSS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsletter.errors import BadSettings
from newsletter.settings import load
from newsletter.settings.schema import Settings
from newsletter.settings.theme import Corners, Font, ThemeSection
from tests.support.workspace import SETTINGS

if TYPE_CHECKING:
    from pathlib import Path


def theme(folder: Path, *lines: str) -> ThemeSection:
    text = "\n".join((SETTINGS, "[theme]", *lines))
    (folder / "newsletter.toml").write_text(text, encoding="utf-8")
    return load(folder, {}).settings.theme


def test_every_key_of_the_theme_is_read(tmp_path: Path) -> None:
    keys = ('font = "humanist"', 'heading_font = "mono"', "width = 700", 'corners = "square"')
    read = theme(tmp_path, *keys, 'logo = "images/our logo.png"', 'logo_alt = "Our clinic"', "logo_width = 300")
    assert (read.font, read.heading_font, read.width, read.corners) == (Font.HUMANIST, Font.MONO, 700, Corners.SQUARE)
    assert (read.logo, read.logo_alt, read.logo_width) == ("images/our logo.png", "Our clinic", 300)
    assert theme(tmp_path, 'logo = "https://example.org/logo.png"').logo == "https://example.org/logo.png"


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ('font = "Comic Sans"', "Write one of 'sans', 'serif', 'humanist' or 'mono'."),
        ('heading_font = "serif;color:red"', "Write one of 'sans', 'serif', 'humanist' or 'mono'."),
        ('corners = "oval"', "Write one of 'round' or 'square'."),
        ("width = 479", "Write 480 or more."),
        ("width = 701", "Write 700 or less."),
        ('width = "wide"', "Write a whole number."),
        ("logo_width = 19", "Write 20 or more."),
        ("logo_width = 301", "Write 300 or less."),
        ('accent = "green"', "Write it as # and six hexadecimal digits, such as #0b5cad."),
        ('accent = "#0b6e4f;x:y"', "Write it as # and six hexadecimal digits, such as #0b5cad."),
        ('logo_alt = "two\\nlines"', "Keep it on one line."),
        ('logo = "http://example.org/logo.png"', "Name a file of the newsletter, or write https://..."),
        ('logo = "data:image/png;base64,AAAA"', "Name a file of the newsletter, or write https://..."),
        ('logo = "https://[x"', "Name a file of the newsletter, or write https://..."),
        ('logo = "../logo.png"', "Copy it there and name it like images/logo.png."),
        ('logo = "/etc/logo.png"', "Copy it there and name it like images/logo.png."),
        ('logos = "logo.png"', "Did you mean `logo`?"),
    ],
)
def test_a_mistake_is_told_at_its_line_with_what_to_do(line: str, fix: str, tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as found:
        theme(tmp_path, "# a note", line)
    (problem,) = found.value.problems
    assert problem.place.line == len(SETTINGS.splitlines()) + 4
    assert problem.fix == fix


@given(st.text(max_size=12), st.sampled_from(["text", "font", "corners", "heading_font"]))
def test_nothing_but_names_and_six_digits_gets_through(text: str, key: str) -> None:
    try:
        read = ThemeSection.model_validate({key: text})
    except ValidationError:
        return
    assert set(str(getattr(read, key))) <= set("#0123456789abcdefABCDEF") | set("abcdefghijklmnopqrstuvwxyz")


def test_the_schema_for_editors_names_fonts_and_bounds() -> None:
    properties = Settings.model_json_schema()["$defs"]["ThemeSection"]["properties"]
    assert Settings.model_json_schema()["$defs"]["Font"]["enum"] == ["sans", "serif", "humanist", "mono"]
    assert (properties["width"]["minimum"], properties["width"]["maximum"]) == (480, 700)
    assert properties["accent"]["pattern"] == "^#[0-9a-fA-F]{6}$"
