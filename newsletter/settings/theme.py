"""The section [theme] of newsletter.toml: colours for light and dark, fonts by name, width, corners, logo.

Fonts are names of safe stacks, never CSS: what stands here ends up in style attributes of every mail.
"""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from newsletter.settings.contrast import contrast
from newsletter.settings.section import Line, NonEmptyLine, Section

#: Pairs of colours that must be told apart, and the ratio that WCAG 2.2 AA asks of them.
_PAIRS = (
    ("text", "background", 4.5),
    ("link", "background", 4.5),
    ("on_accent", "accent", 4.5),
    ("accent", "background", 3.0),
)


def _logo(source: str) -> str:
    """A file of the workspace by its relative name, or an https address; whether it is there is seen when rendering."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", source):
        if not _is_https(source):
            raise ValueError("this is not an https address | Name a file of the newsletter, or write https://...")
        return source
    path = PurePosixPath(source)
    if path.is_absolute() or ".." in path.parts or "\\" in source:
        what = f"`{source[:60]}` does not lie in the newsletter's folder"
        raise ValueError(f"{what} | Copy it there and name it like images/logo.png.")
    return source


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as https://[x
        return False
    return parts.scheme == "https" and bool(parts.hostname)


Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Logo = Annotated[NonEmptyLine, AfterValidator(_logo)]


class Font(StrEnum):
    """Stacks of fonts that readers have; render/fonts.py spells them out."""

    SANS = "sans"
    SERIF = "serif"
    HUMANIST = "humanist"
    MONO = "mono"


class Corners(StrEnum):
    ROUND = "round"
    SQUARE = "square"


class Colours(Section):
    text: Colour
    background: Colour
    link: Colour
    accent: Colour
    on_accent: Colour

    @model_validator(mode="after")
    def _legible(self) -> Self:
        for front, back, wanted in _PAIRS:
            ratio = contrast(getattr(self, front), getattr(self, back))
            if ratio < wanted:
                raise ValueError(
                    f"{front} {getattr(self, front)} on {back} {getattr(self, back)} has a contrast of {ratio:.1f}:1; "
                    f"readers need at least {wanted}:1 | Make one of the two darker or the other lighter."
                )
        return self


class DarkColours(Colours):
    text: Colour = "#e6e9ec"
    background: Colour = "#14181c"
    link: Colour = "#8fc3ff"
    accent: Colour = "#5fd0a5"
    on_accent: Colour = "#0c1a14"


class ThemeSection(Colours):
    text: Colour = "#1f2933"
    background: Colour = "#ffffff"
    link: Colour = "#0b5cad"
    accent: Colour = "#0b6e4f"
    on_accent: Colour = "#ffffff"
    dark: DarkColours = DarkColours()
    font: Font = Field(default=Font.SANS, description="For running text.")
    heading_font: Font = Field(default=Font.SERIF, description="For the title, headings and quotations.")
    width: int = Field(default=600, ge=480, le=700, description="Of the mail, in pixels.")
    corners: Corners = Corners.ROUND
    logo: Logo | None = Field(default=None, description="A PNG, JPEG or GIF beside newsletter.toml, or https://...")
    logo_alt: Line = Field(default="", description="What the logo says; without it, the newsletter's name.")
    logo_width: int = Field(
        default=160, ge=20, le=300, description="As shown, in pixels; the file should have twice that."
    )
