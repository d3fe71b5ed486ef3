"""Opens and clicks, of those alone who agreed: what people did, and what programs did for them; and the links that were followed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from newsletter.model.event import EventKind
from newsletter.model.mailing import ChunkState, Outcome
from newsletter.model.reporting import Link, Noted
from newsletter.model.segment import Engagement
from newsletter.store import tables as t
from newsletter.store import tallies
from newsletter.store.reporting.chunks import chunks_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_KINDS = {EventKind.OPENED: Engagement.OPENED, EventKind.CLICKED: Engagement.CLICKED}


def noted(connection: Connection, mailing: int) -> Noted:
    readers = _readers(connection, mailing)
    if not readers:
        return Noted()
    return Noted(readers=readers, people=_people(connection, mailing), machines=_machines(connection, mailing))


def _readers(connection: Connection, mailing: int) -> int:
    """Who agreed, and was handed over."""
    chunk, single, planned = t.chunks.c, t.delivery_outcomes.c, t.deliveries.c
    whole = select(func.sum(tallies.rest())).where(
        chunk.mailing == mailing, chunk.tracked, chunk.state == ChunkState.ACCEPTED
    )
    singly = (
        select(func.count())
        .select_from(t.delivery_outcomes)
        .join(t.deliveries, and_(planned.mailing == single.mailing, planned.n == single.n))
        .where(single.mailing == mailing, single.outcome == Outcome.ACCEPTED, planned.tracked)
    )
    return int(connection.scalar(whole) or 0) + (connection.scalar(singly) or 0)


def _people(connection: Connection, mailing: int) -> dict[Engagement, int]:
    """Found from the side of the deliveries: the table of what was done is ordered by readers."""
    chunk, planned, did = chunks_of(mailing, t.chunks.c.tracked), t.deliveries.c, t.engagements.c
    query = (
        select(did.kind, func.count())
        .select_from(t.deliveries)
        .join(chunk, and_(planned.mailing == mailing, planned.n.between(chunk.c.first, chunk.c.last)))
        .join(t.engagements, and_(did.subscriber == planned.subscriber, did.mailing == planned.mailing))
        .group_by(did.kind)
    )
    counts = {Engagement(kind): count for kind, count in connection.execute(query)}
    return {kind: counts.get(kind, 0) for kind in Engagement}


def _machines(connection: Connection, mailing: int) -> dict[Engagement, int]:
    """Readers for whom a program did it, whatever they did themselves; as long as events are kept."""
    chunk, event = chunks_of(mailing, t.chunks.c.tracked), t.events.c
    query = (
        select(event.kind, func.count(event.n.distinct()))
        .select_from(t.events)
        .join(chunk, and_(event.mailing == mailing, event.n.between(chunk.c.first, chunk.c.last)))
        .where(event.kind.in_([*_KINDS]), event.machine)
        .group_by(event.kind)
    )
    counts = {_KINDS[EventKind(kind)]: count for kind, count in connection.execute(query)}
    return {kind: counts.get(kind, 0) for kind in Engagement}


def links(connection: Connection, mailing: int) -> list[Link]:
    """The most followed first."""
    own = t.link_clicks.c
    query = select(own.url, own.people, own.machines).where(own.mailing == mailing)
    rows = connection.execute(query.order_by(own.people.desc(), own.machines.desc(), own.url))
    return [Link(url=url, people=people, machines=machines) for url, people, machines in rows]
