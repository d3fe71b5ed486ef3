"""Everybody, page by page, with what an export tells of them. Erased people are not people any more."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select, text

from newsletter.model.exporting import Exported
from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.model.tag import tag_key
from newsletter.store import tables as t
from newsletter.store.people.readers import READER_COLUMNS, subscriber_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, RowMapping
    from sqlalchemy.engine import Connection

    from newsletter.model.exporting import Wanted

#: people at once: their numbers fit one IN (...)
_PAGE = 900
_ATTRIBUTE_NAMES = {
    "sqlite": "SELECT DISTINCT key FROM subscribers, json_each(subscribers.attributes)",
    "postgresql": "SELECT DISTINCT json_object_keys(attributes) FROM subscribers",
}


def count(connection: Connection, wanted: Wanted) -> int:
    return connection.scalar(select(func.count()).select_from(t.subscribers).where(*_conditions(wanted))) or 0


def attribute_names(connection: Connection) -> frozenset[str]:
    """Of all attributes that anybody has, also of those that newsletter.toml does not name any more."""
    return frozenset(connection.scalars(text(_ATTRIBUTE_NAMES[connection.dialect.name])))


def people(connection: Connection, wanted: Wanted) -> Iterator[Exported]:
    """By number. Memory does not grow with their count."""
    columns = t.subscribers.c
    query = (
        select(*READER_COLUMNS, columns.joined_at, columns.created_at, t.suppressions.c.reason)
        .select_from(t.subscribers)
        .outerjoin(t.suppressions, t.suppressions.c.identity_hash == columns.identity_hash)
        .where(*_conditions(wanted))
        .order_by(columns.number)
        .limit(_PAGE)
    )
    after = 0
    while rows := connection.execute(query.where(columns.number > after)).mappings().all():
        numbers = [row[columns.number] for row in rows]
        tags, lists = _tags(connection, numbers), _lists(connection, numbers)
        yield from (_exported(row, tags, lists) for row in rows)
        after = numbers[-1]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [t.subscribers.c.erased_at.is_(None)]
    if wanted.list_name is not None or wanted.status is not None:
        theirs = exists().where(t.subscriptions.c.subscriber == t.subscribers.c.number)
        if wanted.list_name is not None:
            number = select(t.lists.c.number).where(t.lists.c.name == wanted.list_name).scalar_subquery()
            theirs = theirs.where(t.subscriptions.c.list == number)
        if wanted.status is not None:
            theirs = theirs.where(t.subscriptions.c.status == wanted.status)
        conditions.append(theirs)
    if wanted.tag is not None:
        tag = select(t.tags.c.number).where(t.tags.c.key == tag_key(wanted.tag)).scalar_subquery()
        has = exists().where(t.subscriber_tags.c.subscriber == t.subscribers.c.number, t.subscriber_tags.c.tag == tag)
        conditions.append(has)
    return conditions


def _tags(connection: Connection, numbers: Sequence[int]) -> Mapping[int, list[str]]:
    rows = connection.execute(
        select(t.subscriber_tags.c.subscriber, t.tags.c.name)
        .join(t.tags, t.tags.c.number == t.subscriber_tags.c.tag)
        .where(t.subscriber_tags.c.subscriber.in_(numbers))
        .order_by(t.tags.c.key)
    )
    tags = defaultdict[int, list[str]](list)
    for subscriber, name in rows:
        tags[subscriber].append(name)
    return tags


def _lists(
    connection: Connection, numbers: Sequence[int]
) -> Mapping[int, dict[str, tuple[SubscriptionStatus, datetime]]]:
    entry = t.subscriptions.c
    rows = connection.execute(
        select(entry.subscriber, t.lists.c.name, entry.status, entry.changed_at)
        .join(t.lists, t.lists.c.number == entry.list)
        .where(entry.subscriber.in_(numbers))
        .order_by(t.lists.c.name)
    )
    lists = defaultdict[int, dict[str, tuple[SubscriptionStatus, "datetime"]]](dict)
    for subscriber, name, status, since in rows:
        lists[subscriber][name] = (SubscriptionStatus(status), since)
    return lists


def _exported(
    row: RowMapping,
    tags: Mapping[int, list[str]],
    lists: Mapping[int, Mapping[str, tuple[SubscriptionStatus, datetime]]],
) -> Exported:
    person, reason = subscriber_of(row), row[t.suppressions.c.reason]
    return Exported(
        subscriber=person,
        joined_at=row[t.subscribers.c.joined_at],
        known_since=row[t.subscribers.c.created_at],
        tags=tuple(tags.get(person.number, ())),
        lists=lists.get(person.number, {}),
        suppressed=SuppressionReason(reason) if reason else None,
    )
