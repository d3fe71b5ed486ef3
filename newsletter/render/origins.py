"""Which author's line each stretch of the HTML comes from: marked while rendering, read and taken out at the end.

A mark is the attribute data-origin, always the first of its tag; no text of an author can hold a raw `<`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter.model.rendered import Origins

if TYPE_CHECKING:
    from newsletter.model.problem import Place

_MARK = re.compile(r'(<[a-z][a-z0-9]*) data-origin="(\d+)"')
_FIRST_TAG = re.compile(r"<[a-z][a-z0-9]*")


class OriginMarks:
    """Hands out marks for places and reads them back."""

    def __init__(self) -> None:
        self._places: dict[Place, int] = {}

    def attribute(self, place: Place) -> Markup:
        """` data-origin="N"`, to be written right after a tag's name."""
        number = self._places.setdefault(place, len(self._places))
        return Markup(' data-origin="{}"').format(number)

    def on(self, html: Markup, place: Place) -> Markup:
        """The HTML with its first tag marked."""
        marked = _FIRST_TAG.sub(lambda tag: tag[0] + str(self.attribute(place)), str(html), count=1)
        return Markup(marked)  # noqa: S704 - only our own attribute was added

    def take_out(self, html: str, slot: re.Pattern[str]) -> tuple[str, Origins]:
        """The HTML without marks, and where they stood; an offset counts each slot as nothing."""
        places = list(self._places)
        pieces: list[str] = []
        found: list[tuple[int, Place]] = []
        offset = end = 0
        for mark in _MARK.finditer(html):
            piece = html[end : mark.end(1)]
            offset += len(slot.sub("", piece))
            found.append((offset - len(mark[1]), places[int(mark[2])]))
            pieces.append(piece)
            end = mark.end()
        return "".join([*pieces, html[end:]]), Origins(marks=tuple(found))


def count_marks(html: str) -> int:
    """How many places are marked: the same before and after inlining, or something was lost."""
    return len(_MARK.findall(html))
