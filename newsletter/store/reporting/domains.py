"""What became of the mails that were handed over, by the domain of the reader's address and by variant.

Counted in the database; what few readers share comes out as one. A delivery with an outcome of its own is put where its
chunk has it not: so only these few are looked up singly.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, case, func, literal, select, union_all

from newsletter.model.event import Fate
from newsletter.model.mailing import ChunkState, Outcome
from newsletter.model.reporting import FEW
from newsletter.store import tables as t
from newsletter.store.reporting.chunks import chunks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select
    from sqlalchemy.engine import Connection

#: domains that are told by name
_MOST = 40

#: (domain or "" for all others, variant, fate or None) -> how many
Counts = dict[tuple[str, str, Fate | None], int]


def counts(connection: Connection, mailing: int) -> Counts:
    """Of deliveries that were accepted. The domain is that of the address that the reader has now; erased: the others."""
    grouped = _grouped(connection, mailing)
    size = func.sum(grouped.c.people)
    large = (
        select(grouped.c.domain)
        .where(grouped.c.domain != "")
        .group_by(grouped.c.domain)
        .having(size >= FEW)
        .order_by(size.desc(), grouped.c.domain)
        .limit(_MOST)
        .cte("large")
    )
    name = func.coalesce(large.c.domain, "")
    query = (
        select(name, grouped.c.variant, grouped.c.fate, size)
        .select_from(grouped.outerjoin(large, large.c.domain == grouped.c.domain))
        .group_by(name, grouped.c.variant, grouped.c.fate)
    )
    rows = connection.execute(query)
    return {
        (domain, variant, Fate(fate) if fate else None): int(people) for domain, variant, fate, people in rows if people
    }


def _grouped(connection: Connection, mailing: int) -> CTE:
    """All count as delivered, and those who were not are taken away again: they are few, and grouping takes the time."""
    others = _not_delivered(connection, mailing).cte("others")
    delivered = literal(Fate.DELIVERED.value, String)
    rows: CompoundSelect[Any] = union_all(
        _whole(connection, mailing),
        select(others.c.domain, others.c.variant, others.c.fate, others.c.people),
        select(others.c.domain, others.c.variant, delivered, -others.c.people),
        _apart(connection, mailing),
    )
    return rows.cte("grouped")


def by_domain(found: Counts) -> Mapping[str, Mapping[Fate | None, int]]:
    made: dict[str, dict[Fate | None, int]] = defaultdict(lambda: defaultdict(int))
    for (domain, _, fate), people in found.items():
        made[domain][fate] += people
    return {domain: dict(fates) for domain, fates in made.items()}


def by_variant(found: Counts) -> Mapping[str, Mapping[Fate | None, int]]:
    return by_domain({(variant, domain, fate): people for (domain, variant, fate), people in found.items()})


def _whole(connection: Connection, mailing: int) -> Select[Any]:
    """Every delivery of chunks that were accepted."""
    domain, variant = _domain(connection).label("domain"), t.deliveries.c.variant.label("variant")
    fate = literal(Fate.DELIVERED.value, String).label("fate")
    query = select(domain, variant, fate, func.count().label("people")).select_from(t.deliveries)
    return _taken(query, mailing).group_by(domain, variant)


def _not_delivered(connection: Connection, mailing: int) -> Select[Any]:
    columns = _columns(connection)
    query = select(*columns, func.count().label("people")).select_from(t.deliveries).outerjoin(t.fates, _its_fate())
    other = t.fates.c.fate.is_distinct_from(Fate.DELIVERED.value)
    return _taken(query, mailing).where(other).group_by(*columns)


def _taken(query: Select[Any], mailing: int) -> Select[Any]:
    """Of chunks that were accepted, with their readers."""
    planned, chunk = t.deliveries.c, chunks_of(mailing, t.chunks.c.state == ChunkState.ACCEPTED)
    return query.join(chunk, and_(planned.mailing == mailing, planned.n.between(chunk.c.first, chunk.c.last))).join(
        t.subscribers, t.subscribers.c.number == planned.subscriber
    )


def _apart(connection: Connection, mailing: int) -> Select[Any]:
    """Those to take away, whose chunk was accepted without them, and those to add, who were accepted without it."""
    planned, chunk, single = t.deliveries.c, t.chunks.c, t.delivery_outcomes.c
    chunk_taken = case((chunk.state == ChunkState.ACCEPTED, 1), else_=0)
    taken = case((single.outcome == Outcome.ACCEPTED, 1), else_=0)
    return (
        select(*_columns(connection), (taken - chunk_taken).label("people"))
        .select_from(t.delivery_outcomes)
        .join(t.deliveries, and_(planned.mailing == single.mailing, planned.n == single.n))
        .join(t.chunks, and_(chunk.mailing == single.mailing, single.n.between(chunk.first, chunk.last)))
        .join(t.subscribers, t.subscribers.c.number == planned.subscriber)
        .outerjoin(t.fates, _its_fate())
        .where(single.mailing == mailing, taken != chunk_taken)
    )


def _its_fate() -> ColumnElement[bool]:
    return and_(t.fates.c.mailing == t.deliveries.c.mailing, t.fates.c.n == t.deliveries.c.n)


def _columns(connection: Connection) -> tuple[ColumnElement[Any], ...]:
    return (
        _domain(connection).label("domain"),
        t.deliveries.c.variant.label("variant"),
        t.fates.c.fate.label("fate"),
    )


def _domain(connection: Connection) -> ColumnElement[str]:
    """An address has one @ (model/identity.py)."""
    address = t.subscribers.c.address
    place = func.instr(address, "@") if connection.dialect.name == "sqlite" else func.strpos(address, "@")
    return func.coalesce(func.lower(func.substr(address, place + 1)), "", type_=String)
