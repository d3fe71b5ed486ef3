"""Slots within rendered text: marks that survive every template and inliner, cutting at them, and filling them.

While an issue is rendered a slot is a mark of plain ASCII letters and digits, so it survives Jinja, premailer and
percent-encoding alike. The mark holds a nonce derived from the source, so that no text of an author can contain it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from newsletter.compose.escaping import escape
from newsletter.model.rendered import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.rendered import Context, Parts


class SlotMarks:
    """Hands out marks for slots and cuts rendered text at them. One instance per rendering."""

    def __init__(self, source: str) -> None:
        """`source`: all of the author's text; the same source gives the same marks."""
        nonce = hashlib.sha256(source.encode()).hexdigest()[:12]
        self._prefix = f"slot{nonce}n"
        self._slots: list[Slot] = []
        self._pattern = re.compile(self._prefix + r"(\d+)x")

    def mark(self, name: str, context: Context, fallback: str = "") -> str:
        """The text that stands for the slot until `cut`."""
        slot = Slot(name=name, context=context, fallback=fallback)
        if slot not in self._slots:
            self._slots.append(slot)
        return f"{self._prefix}{self._slots.index(slot)}x"

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches one mark."""
        return self._pattern

    def cut(self, text: str) -> Parts:
        """Static pieces and slots in order; empty pieces are left out."""
        pieces = self._pattern.split(text)
        parts = (self._slots[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces))
        return tuple(part for part in parts if part != "")


def fill(parts: Parts, values: Mapping[str, str]) -> str:
    """The parts with each slot's value, escaped for its context; an empty or missing value gives the fallback."""
    return "".join(part if isinstance(part, str) else fill_slot(part, values) for part in parts)


def fill_slot(slot: Slot, values: Mapping[str, str]) -> str:
    """One slot's text, escaped for its context."""
    return escape(values.get(slot.name, "").strip() or slot.fallback, slot.context)
