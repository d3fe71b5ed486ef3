"""A named, versioned legal text, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from newsletter.model.document import Blocks


@dataclass(frozen=True, kw_only=True)
class Disclaimer:
    """In force from `effective_from` to `effective_until`, both included; None leaves that side open."""

    id: str
    language: str
    title: str
    version: str
    effective_from: date | None
    effective_until: date | None
    body: Blocks
    file: str

    def in_force(self, day: date) -> bool:
        return (self.effective_from or day) <= day <= (self.effective_until or day)
