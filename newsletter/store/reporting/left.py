"""Who left by the links of mailings, counted: by which way, and why, as far as they said."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from newsletter.model.reporting import Left
from newsletter.model.subscriber import ConsentAction, ConsentSource
from newsletter.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection


def left(connection: Connection, mailings: Sequence[int]) -> dict[int, Left]:
    """Mailing -> who left by it, each person once; in one pass through the events, which have no index by mailing."""
    event = t.consent_events.c
    each = (
        select(event.mailing, func.min(event.source).label("source"))
        .where(event.mailing.in_(mailings), event.action == ConsentAction.UNSUBSCRIBED)
        .group_by(event.mailing, event.subscriber)
        .subquery()
    )
    rows = connection.execute(select(each.c.mailing, each.c.source, func.count()).group_by(*each.c))
    ways: dict[int, dict[ConsentSource, int]] = defaultdict(dict)
    for mailing, source, count in rows:
        ways[mailing][ConsentSource(source)] = count
    reasons, wrote = _reasons(connection, mailings)
    return {
        one: Left(
            people=sum(ways[one].values()), ways=dict(ways[one]), reasons=reasons.get(one, {}), wrote=wrote.get(one, 0)
        )
        for one in mailings
    }


def _reasons(connection: Connection, mailings: Sequence[int]) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """Mailing -> reason -> how many gave it; and mailing -> how many wrote something of their own."""
    own = t.leaving_reasons.c
    given: dict[int, dict[str, int]] = defaultdict(dict)
    codes = select(own.mailing, own.code, func.count()).where(own.mailing.in_(mailings)).group_by(own.mailing, own.code)
    for mailing, code, count in connection.execute(codes.order_by(func.count().desc(), own.code)):
        given[mailing][code] = count
    words = select(own.mailing, func.count()).where(own.mailing.in_(mailings), own.words != "").group_by(own.mailing)
    return given, {mailing: count for mailing, count in connection.execute(words)}  # noqa: C416 - rows are no pairs
