"""Events to be looked at, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from newsletter.model.event import EventKind
from newsletter.store import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection


@dataclass(frozen=True, kw_only=True)
class ListedEvent:
    """`mailing` is 0 for a single mail, None for what is not ours."""

    at: datetime
    id: str
    esp: str
    kind: EventKind
    mailing: int | None
    n: int | None
    detail: str
    machine: bool
    recorded_at: datetime


def page(
    connection: Connection,
    *,
    mailing: int | None = None,
    kind: EventKind | None = None,
    limit: int,
    after: tuple[datetime, str] | None = None,
) -> list[ListedEvent]:
    """`after` is the moment and the id of the last one seen."""
    own = t.events.c
    names = ("at", "id", "esp", "kind", "mailing", "n", "detail", "machine", "recorded_at")
    query = select(*(own[name] for name in names)).order_by(own.at.desc(), own.id.desc()).limit(limit)
    if mailing is not None:
        query = query.where(own.mailing == mailing)
    if kind is not None:
        query = query.where(own.kind == kind, *([t.IS_RARE] if kind in t.RARE else []))
    if after is not None:
        query = query.where(own.at <= after[0], or_(own.at < after[0], and_(own.at == after[0], own.id < after[1])))
    return [ListedEvent(**{**row, "kind": EventKind(row["kind"])}) for row in connection.execute(query).mappings()]
