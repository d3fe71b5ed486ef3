"""What became of a paper after it was published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class NoticeKind(StrEnum):
    RETRACTION = "retraction"
    CONCERN = "concern"
    CORRECTION = "correction"
    REINSTATEMENT = "reinstatement"


@dataclass(frozen=True, kw_only=True)
class Notice:
    """`text` is the notice's own words or where it appeared; `source` says who told it, such as PubMed."""

    kind: NoticeKind
    text: str = ""
    date: date | None = None
    source: str = ""
