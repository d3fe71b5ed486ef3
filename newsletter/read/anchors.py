"""The anchor of each heading: ASCII, lower-case, unique within the issue."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 60
#: what the mail calls its own places: its top, its references and the citations that lead to them
_OURS = re.compile(r"top|(?:ref|cite)-\d+")


class Anchors:
    """Hands out one anchor per heading, in reading order."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._last: dict[str, int] = {}
        self._count = 0

    def of(self, text: str) -> str:
        """The anchor of a heading; one without Latin letters, or called like a place of ours, goes by its number."""
        self._count += 1
        base = _ascii(text)
        if not base or _OURS.fullmatch(base):
            base = f"section-{self._count}"
        anchor = base
        while anchor in self._used:
            self._last[base] = self._last.get(base, 1) + 1
            anchor = f"{base}-{self._last[base]}"
        self._used.add(anchor)
        return anchor


def _ascii(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST].strip("-")
