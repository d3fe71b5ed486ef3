"""A key of the API: what it may do, and its text, which is shown once and kept nowhere."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

#: what every key begins with, so that programs which look for lost secrets find one
MARK = "nlk"
_TEXT = re.compile(rf"{MARK}_([0-9a-f]{{12}})_[A-Za-z0-9_-]{{43}}", re.ASCII)


class Scope(StrEnum):
    """One thing that a key may do."""

    SUBSCRIBERS_READ = "subscribers:read"
    SUBSCRIBERS_WRITE = "subscribers:write"
    LISTS_READ = "lists:read"
    AUDIENCE_READ = "audience:read"
    MAILINGS_READ = "mailings:read"
    METRICS_READ = "metrics:read"


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What is kept of a key. `prefix` is the part of its text that names it."""

    number: int
    name: str
    prefix: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    #: to the hour
    used_at: datetime | None = None

    def works_at(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def key_text(prefix: str, secret: str) -> str:
    """`prefix` are 12 hexadecimal digits, `secret` 43 characters of base64 for URLs: 256 bits."""
    return f"{MARK}_{prefix}_{secret}"


def prefix_of(text: str) -> str | None:
    """None for what can be no key."""
    found = _TEXT.fullmatch(text)
    return found[1] if found else None


def hash_of(text: str) -> str:
    """Of the whole key. It is random and long, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode()).hexdigest()
