"""Many readers, page by page, from where the fewest are: the last page takes no longer than the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, union_all

from newsletter.model.subscriber import ListedSubscriber, SubscriptionStatus, SuppressionReason
from newsletter.model.tag import tag_key
from newsletter.store import tables as t
from newsletter.store.audiences.segments import holds
from newsletter.store.people.finding import has_words
from newsletter.store.people.parts import parts
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, RowMapping, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition


def page(
    connection: Connection,
    *,
    list_name: str | None,
    status: str | None,
    limit: int,
    after: int = 0,
    tag: str | None = None,
    words: str = "",
    segment: Condition | None = None,
) -> tuple[ListedSubscriber, ...]:
    """People by number, `after` that of the last one seen; only those with a subscription to that list, of that status,
    with this tag, of this segment, and with all of these words in their address or name.

    Erased people are not people any more.
    """
    asked = [*has_words(words), *([] if segment is None else [holds(connection, segment)])]
    page_ = _Page(after=after, limit=limit, asked=asked)
    if tag is not None:
        numbers = page_.with_tag(tag, list_name, status)
    elif list_name is not None:
        numbers = page_.of_list(list_name, status)
    else:
        numbers = page_.of_all(status)
    return _rows(connection, list(connection.scalars(numbers)))


@dataclass(frozen=True, kw_only=True)
class _Page:
    """Queries of the numbers behind `after`, in order. `asked` is asked of rows of `subscribers`."""

    after: int
    limit: int
    asked: Sequence[ColumnElement[bool]]

    def of_all(self, status: str | None) -> Select[tuple[int]]:
        query = select(t.subscribers.c.number).where(t.subscribers.c.erased_at.is_(None), *self.asked)
        return self._cut(query.where(*_subscribed_as(None, status)), t.subscribers.c.number)

    def with_tag(self, tag: str, list_name: str | None, status: str | None) -> Select[tuple[int]]:
        number = select(t.tags.c.number).where(t.tags.c.key == tag_key(tag)).scalar_subquery()
        query = self._driven_by(t.subscriber_tags.c).where(t.subscriber_tags.c.tag == number)
        return self._cut(query.where(*_subscribed_as(list_name, status)), t.subscriber_tags.c.subscriber)

    def of_list(self, list_name: str, status: str | None) -> Select[tuple[int]]:
        """A list has its people in order for each status alone, so a page of each is taken."""
        number = select(t.lists.c.number).where(t.lists.c.name == list_name).scalar_subquery()
        row = t.subscriptions.c
        query = self._driven_by(row).where(row.list == number)
        wanted = list(SubscriptionStatus) if status is None else [status]
        pages = [self._cut(query.where(row.status == one), row.subscriber).subquery() for one in wanted]
        every = union_all(*(select(one.c.subscriber) for one in pages)).subquery()
        return select(every.c.subscriber).order_by(every.c.subscriber).limit(self.limit)

    def _driven_by(self, columns: Any) -> Select[tuple[int]]:  # noqa: ANN401 - columns of a table of SQLAlchemy's
        query = select(columns.subscriber).join(t.subscribers, t.subscribers.c.number == columns.subscriber)
        return query.where(t.subscribers.c.erased_at.is_(None), *self.asked)

    def _cut(self, query: Select[tuple[int]], number: ColumnElement[int]) -> Select[tuple[int]]:
        return query.where(number > self.after).order_by(number).limit(self.limit)


def _subscribed_as(list_name: str | None, status: str | None) -> Sequence[ColumnElement[bool]]:
    """For rows of `subscribers`; nothing to ask where neither is named."""
    if list_name is None and status is None:
        return ()
    subscription = exists().where(t.subscriptions.c.subscriber == t.subscribers.c.number)
    if list_name is not None:
        subscription = subscription.where(t.lists.c.number == t.subscriptions.c.list, t.lists.c.name == list_name)
    return (subscription if status is None else subscription.where(t.subscriptions.c.status == status),)


def _rows(connection: Connection, numbers: Sequence[int]) -> tuple[ListedSubscriber, ...]:
    query = (
        select(*READER_COLUMNS, t.suppressions.c.reason)
        .select_from(t.subscribers)
        .outerjoin(t.suppressions, t.suppressions.c.identity_hash == t.subscribers.c.identity_hash)
        .order_by(t.subscribers.c.number)
    )
    statuses = _statuses(connection, numbers)
    return tuple(
        _listed(row, statuses)
        for part in parts(numbers)
        for row in connection.execute(query.where(t.subscribers.c.number.in_(part))).mappings()
    )


def _listed(row: RowMapping, statuses: Mapping[int, Mapping[str, SubscriptionStatus]]) -> ListedSubscriber:
    person = subscriber_of(row)
    reason = row[t.suppressions.c.reason]
    suppressed = SuppressionReason(reason) if reason else None
    return ListedSubscriber(subscriber=person, statuses=statuses.get(person.number, {}), suppressed=suppressed)


def _statuses(connection: Connection, numbers: Sequence[int]) -> dict[int, dict[str, SubscriptionStatus]]:
    """Number of a subscriber -> list name -> status."""
    query = (
        select(t.subscriptions.c.subscriber, t.lists.c.name, t.subscriptions.c.status)
        .join(t.lists, t.lists.c.number == t.subscriptions.c.list)
        .order_by(t.lists.c.name)
    )
    statuses: dict[int, dict[str, SubscriptionStatus]] = {}
    for part in parts(numbers):
        for row in connection.execute(query.where(t.subscriptions.c.subscriber.in_(part))):
            statuses.setdefault(row.subscriber, {})[row.name] = SubscriptionStatus(row.status)
    return statuses
