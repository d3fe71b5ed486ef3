"""A finding that somebody has looked at and lets stand: kept with the mailing, so that it can be answered for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WaiverKind(StrEnum):
    #: by the author, in the issue's front matter: warnings and information only
    IGNORED = "ignored"
    #: by whoever sends, for one mailing: errors
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, kw_only=True)
class Waiver:
    code: str
    kind: WaiverKind
    reason: str
    #: findings of this code that were let stand
    count: int

    def as_json(self) -> dict[str, str | int]:
        return {"code": self.code, "kind": self.kind.value, "reason": self.reason, "count": self.count}
