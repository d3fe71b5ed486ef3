"""The theme's five colours -> every colour that a mail uses, mixed and then mended until each pair is legible.

Ratios are those of WCAG 2.2 AA; PAIRS and LINES list which colour ever stands on which, and tests hold them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from newsletter.render.fonts import MONO, STACKS
from newsletter.settings.contrast import contrast
from newsletter.settings.theme import Colours, Corners

if TYPE_CHECKING:
    from newsletter.settings.theme import ThemeSection

#: what text needs against its background; a little above 4.5, since clients round colours
LEGIBLE = 4.6
_AMBER = "#b45309"

#: what a line needs that carries meaning
SEEN = 3.0

_BACKS = ("background", "canvas", "surface", "caution")
#: (text, background) of every place in the templates
PAIRS = (
    *((front, back) for front in ("text", "muted", "link", "accent_text", "caution_text") for back in _BACKS),
    ("on_accent", "accent"),
)
#: (line, what it stands on): the edges of quotations, callouts, heads of tables and second buttons. `rule` is not among
#: them: it only stands where space divides as well
LINES = tuple((line, back) for line in ("line", "caution_line") for back in _BACKS)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Six-digit hex colours, named by what they are for."""

    text: str
    background: str
    link: str
    accent: str
    on_accent: str
    #: around the sheet
    canvas: str
    #: bylines, captions, small print
    muted: str
    #: behind notes, code and the heads of tables
    surface: str
    #: thin lines between what space divides already
    rule: str
    #: the accent where it is a line that says something
    line: str
    #: the accent where it is text
    accent_text: str
    #: behind warnings, their line and their title
    caution: str
    caution_line: str
    caution_text: str


def looks(theme: ThemeSection) -> dict[str, Any]:
    """What stylesheets and layouts read: the colours of both schemes, and fonts, width and corners as `theme`."""
    return {
        "light": asdict(palette(theme)),
        "dark": asdict(palette(dark_colours(theme))),
        "theme": {
            "font": STACKS[theme.font],
            "heading_font": STACKS[theme.heading_font],
            "mono_font": MONO,
            "width": theme.width,
            "round": theme.corners is Corners.ROUND,
        },
    }


def dark_colours(theme: ThemeSection) -> Colours:
    """[theme.dark]; an accent or link that it leaves to us is the newsletter's own, made legible on the dark ground."""
    dark, said = theme.dark, theme.dark.model_fields_set
    accent, on_accent, link = dark.accent, dark.on_accent, dark.link
    if _chosen(theme, "accent") and not said & {"accent", "on_accent"}:
        accent = legible(theme.accent, (dark.background,), LEGIBLE, towards=dark.text)
        on_accent = legible(on_accent, (accent,), LEGIBLE, towards=_farthest(accent))
    if _chosen(theme, "link") and "link" not in said:
        link = legible(theme.link, (dark.background,), LEGIBLE, towards=dark.text)
    return Colours(text=dark.text, background=dark.background, link=link, accent=accent, on_accent=on_accent)


def _chosen(theme: ThemeSection, key: str) -> bool:
    return bool(getattr(theme, key) != type(theme).model_fields[key].default)


def _farthest(back: str) -> str:
    return max("#000000", "#ffffff", key=lambda end: contrast(end, back))


def palette(theme: Colours) -> Palette:
    """Every colour for one scheme, light or dark."""
    fronts = (theme.text, theme.link)
    dark = contrast(theme.background, "#000000") < contrast(theme.background, "#ffffff")
    canvas = _tinted(theme.background, "#000000" if dark else theme.text, 0.45 if dark else 0.06, fronts)
    surface = _tinted(theme.background, theme.accent, 0.12 if dark else 0.08, fronts)
    caution = _tinted(theme.background, _AMBER, 0.2 if dark else 0.1, fronts)
    backs = (theme.background, canvas, surface, caution)
    caution_line = legible(_AMBER, backs, SEEN, towards=theme.text)
    return Palette(
        text=theme.text,
        background=theme.background,
        link=theme.link,
        accent=theme.accent,
        on_accent=theme.on_accent,
        canvas=canvas,
        surface=surface,
        caution=caution,
        muted=legible(mix(theme.text, theme.background, 0.3), backs, LEGIBLE, towards=theme.text),
        rule=mix(theme.background, theme.text, 0.16),
        line=legible(theme.accent, backs, SEEN, towards=theme.text),
        accent_text=legible(theme.accent, backs, LEGIBLE, towards=theme.text),
        caution_line=caution_line,
        caution_text=legible(caution_line, backs, LEGIBLE, towards=theme.text),
    )


def mix(one: str, other: str, share: float) -> str:
    """`one` with a share of `other` in it."""
    channels = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in channels)


def legible(front: str, backs: tuple[str, ...], wanted: float, *, towards: str) -> str:
    """`front`, moved towards a colour that can be read until it has the wanted contrast with every background."""
    steps = (mix(front, towards, share / 20) for share in range(21))
    return next((colour for colour in steps if _lowest((colour,), backs) >= wanted), towards)


def _tinted(back: str, tint: str, share: float, fronts: tuple[str, ...]) -> str:
    """`back` with as much of the tint, up to the share, as keeps every front legible."""
    shares = (share * step / 10 for step in range(10, 0, -1))
    tints = (mix(back, tint, part) for part in shares)
    return next((colour for colour in tints if _lowest(fronts, (colour,)) >= LEGIBLE), back)


def _lowest(fronts: tuple[str, ...], backs: tuple[str, ...]) -> float:
    return min(contrast(front, back) for front in fronts for back in backs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
