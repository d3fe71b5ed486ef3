"""What readers did with a mailing, of those alone who agreed that it is noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.model.segment import Engagement
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, kw_only=True)
class Engaged:
    """How many readers a mailing was planned to note this of, and how many of them did what."""

    readers: int = 0
    did: Mapping[Engagement, int] = field(default_factory=dict)


def engaged(connection: Connection, mailing: int) -> Engaged:
    chunk, own = t.chunks.c, t.engagements.c
    size = func.sum(chunk.last - chunk.first + 1)
    readers = int(connection.scalar(select(size).where(chunk.mailing == mailing, chunk.tracked)) or 0)
    if not readers:
        return Engaged()
    rows = connection.execute(select(own.kind, func.count()).where(own.mailing == mailing).group_by(own.kind))
    counts = {Engagement(kind): count for kind, count in rows}
    return Engaged(readers=readers, did={kind: counts.get(kind, 0) for kind in Engagement})
