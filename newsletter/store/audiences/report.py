"""An audience looked at: how many are in it, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, exists, func, select

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store import tables as t
from newsletter.store.audiences import audience as audiences
from newsletter.store.audiences.condition_leaves import one_of
from newsletter.store.audiences.condition_trees import EVERYBODY, all_of, tree_of
from newsletter.store.audiences.crowds import count, crowd, everybody_in, is_suppressed, narrowed_tree, spread
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Audience, Condition, Sorting
    from newsletter.model.subscriber import Subscriber

_SUBSCRIBED, _PENDING, _LEFT = (
    SubscriptionStatus.SUBSCRIBED,
    SubscriptionStatus.PENDING,
    SubscriptionStatus.UNSUBSCRIBED,
)


@dataclass(frozen=True, kw_only=True)
class AudienceReport:
    """subscribed = not in a segment + excepted + audience; audience = suppressed + already sent + to send."""

    #: to the lists, whoever else they are
    subscribed: int
    #: who know the lists, but did not agree to any, or left all that they knew
    pending: int
    left: int
    not_in_segments: int
    excepted: int
    #: by what they are excepted; somebody may be in several
    excepted_by: Mapping[str, int]
    audience: int
    suppressed: Mapping[str, int]
    already_sent: int
    variants: Mapping[str, int] = field(default_factory=dict)

    @property
    def to_send(self) -> int:
        return self.audience - sum(self.suppressed.values()) - self.already_sent


def look_at(connection: Connection, audience: Audience, issue: str, sorting: Sorting) -> AudienceReport:
    """Count everything for an issue, or with "" for no issue that anybody has."""
    subscribed = count(connection, crowd(connection, audience.lists, EVERYBODY).query)
    narrowed = count(connection, crowd(connection, audience.lists, narrowed_tree(audience)).query)
    people, _, had, variants = audiences.foresee(connection, issue, audience, sorting, again=not issue)
    return AudienceReport(
        subscribed=subscribed,
        pending=_knowing(connection, audience.lists, _PENDING, (_SUBSCRIBED,)),
        left=_knowing(connection, audience.lists, _LEFT, (_SUBSCRIBED, _PENDING)),
        not_in_segments=subscribed - narrowed,
        excepted=narrowed - people,
        excepted_by={
            name: count(
                connection, crowd(connection, audience.lists, all_of([narrowed_tree(audience), tree_of(one)])).query
            )
            for name, one in audience.excepted.items()
        },
        audience=people,
        suppressed=audiences.suppressed_by_reason(connection, audience),
        already_sent=had,
        variants=variants,
    )


def examples(connection: Connection, audience: Audience, wanted: int) -> tuple[Subscriber, ...]:
    """Some of those who could be mailed, from the first to the last: the same ones for the same data."""
    people = everybody_in(connection, audience)
    query = people.query.where(~is_suppressed(connection, people.number))
    numbers = spread(connection, query, people.number, count(connection, query), wanted)
    rows = connection.execute(
        select(*READER_COLUMNS).where(t.subscribers.c.number.in_(numbers)).order_by(t.subscribers.c.number)
    ).mappings()
    return tuple(subscriber_of(row) for row in rows)


def sizes(connection: Connection, lists: Sequence[int], conditions: Mapping[str, Condition]) -> dict[str, int]:
    """Name -> for how many of the subscribed of these lists the condition holds."""
    return {name: count(connection, crowd(connection, lists, tree_of(one)).query) for name, one in conditions.items()}


def _knowing(
    connection: Connection, lists: Sequence[int], status: SubscriptionStatus, but_not: Sequence[SubscriptionStatus]
) -> int:
    """People of this status on one of the lists, who have none of the others on any."""
    own, other = t.subscriptions.alias(), t.subscriptions.alias()
    stronger = exists().where(
        other.c.subscriber == own.c.subscriber,
        one_of(other.c.list, lists, BigInteger()),
        other.c.status.in_(but_not),
    )
    query = select(func.count(own.c.subscriber.distinct())).where(
        one_of(own.c.list, lists, BigInteger()), own.c.status == status, ~stronger
    )
    return connection.scalar(query) or 0
