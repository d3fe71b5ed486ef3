"""One entry as a file gave it, before any check: CSL-JSON of whatever shape, and where each of its fields stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import Place

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Record:
    csl: Mapping[str, Any]
    at: Place
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        """Where a field stands, or the entry when that is not known."""
        return self.places.get(name, self.at)


class Lines:
    """Offsets within a text as places: lines and columns from 1."""

    def __init__(self, text: str, file: str) -> None:
        self._file = file
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> Place:
        line = bisect_right(self._starts, offset)
        return Place(file=self._file, line=line, column=offset - self._starts[line - 1] + 1)
