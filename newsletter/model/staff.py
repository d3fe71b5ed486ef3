"""The people who write and sign off issues: our own, not readers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """`roles` are sorted; `aliases` are other names and addresses by which git or `authors` know this person."""

    number: int
    name: str
    email: str
    roles: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    created_at: datetime
    removed_at: datetime | None = None

    def is_called(self, text: str) -> bool:
        """Whether a name or an address means this person."""
        return key_of(text) in {key_of(known) for known in (self.name, self.email, *self.aliases)}


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote an issue, as its `authors` or git call them; either may be empty."""

    name: str = ""
    email: str = ""

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "email": self.email}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Author:
        return cls(name=data.get("name", ""), email=data.get("email", ""))


def key_of(name: str) -> str:
    """Two spellings of one name are one person."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
