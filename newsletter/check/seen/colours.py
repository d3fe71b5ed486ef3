"""CSS colours -> what the eye gets: parsed, laid over each other, held against each other (WCAG 2.2).

None stands for a colour that nobody can know from the text, such as `var(--brand)`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.settings.contrast import contrast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

#: old mails leave out the # of a bgcolor
_BARE_HEX = re.compile(r"[0-9a-f]{6}|[0-9a-f]{3}", re.IGNORECASE)
#: what a browser has before anybody says a colour (Chromium's, for light and dark)
_SYSTEM = {
    "canvas": ("#ffffff", "#121212"),
    "canvastext": ("#000000", "#ffffff"),
    "linktext": ("#0000ee", "#9e9eff"),
}


@dataclass(frozen=True, kw_only=True)
class Colour:
    """Red, green and blue from 0 to 255, alpha from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1

    def over(self, ground: Colour) -> Colour:
        """What is seen where it lies on an opaque ground."""
        return Colour(
            red=ground.red + (self.red - ground.red) * self.alpha,
            green=ground.green + (self.green - ground.green) * self.alpha,
            blue=ground.blue + (self.blue - ground.blue) * self.alpha,
        )

    def faded(self, share: float) -> Colour:
        return Colour(red=self.red, green=self.green, blue=self.blue, alpha=self.alpha * share)

    def __str__(self) -> str:
        """Six hexadecimal digits; what shines through is not told."""
        return "#" + "".join(f"{round(min(max(part, 0), 255)):02x}" for part in (self.red, self.green, self.blue))


@lru_cache(maxsize=2000)
def ratio(one: Colour, other: Colour) -> float:
    """WCAG's contrast of two opaque colours, 1 to 21."""
    return contrast(str(one), str(other))


def system_colour(name: str, *, dark: bool) -> Colour:
    """`canvas`, `canvastext` or `linktext`."""
    return _of_hex(_SYSTEM[name][dark])


@lru_cache(maxsize=2000)
def read_colour(text: str, *, dark: bool) -> Colour | None:
    """A colour as CSS or an old attribute writes it; `dark` decides `light-dark()` and the system's own colours."""
    from tinycss2 import parse_one_component_value

    written = text.strip().lower()
    if written in _SYSTEM:
        return system_colour(written, dark=dark)
    if _BARE_HEX.fullmatch(written):
        written = f"#{written}"
    token = parse_one_component_value(written, skip_comments=True)
    if token.type == "function" and token.lower_name == "light-dark":
        sides = _sides(token.arguments)
        return read_colour(sides[dark], dark=dark) if len(sides) == 2 else None
    return _plain(token)


def _sides(tokens: Sequence[Any]) -> list[str]:
    from tinycss2 import serialize

    comma = next((number for number, node in enumerate(tokens) if node == ","), len(tokens))
    return [serialize(part).strip() for part in (tokens[:comma], tokens[comma + 1 :]) if part]


def _plain(token: Any) -> Colour | None:  # noqa: ANN401 - a node of tinycss2
    from tinycss2.color4 import parse_color

    try:
        found = parse_color(token)
        if found is None or isinstance(found, str):  # "currentcolor"
            return None
        red, green, blue = (255 * part for part in found.to("srgb").coordinates)
    except (ValueError, IndexError, NotImplementedError):  # `color()`, `rgb(1)`; lab, lch, display-p3
        return None
    return Colour(red=red, green=green, blue=blue, alpha=found.alpha)


def _of_hex(six: str) -> Colour:
    return Colour(red=int(six[1:3], 16), green=int(six[3:5], 16), blue=int(six[5:7], 16))
