"""What `newsletter db check` finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    code: str
    message: str
    #: what to do about it
    fix: str
    #: else it is only worth knowing
    wrong: bool = True
