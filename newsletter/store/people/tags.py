"""Tags of people: many people and many tags at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, func, insert, literal, select

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.model.tag import tag_key
from newsletter.store import tables as t
from newsletter.store.audiences.segments import holds
from newsletter.store.database import insert_or_ignore
from newsletter.store.people.consent import hold_tables
from newsletter.store.people.parts import parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, Select
    from sqlalchemy.engine import Connection

    from newsletter.model.segment import Condition


@dataclass(frozen=True, kw_only=True)
class CountedTag:
    name: str
    people: int
    #: of them: who are subscribed to no list, so that no mailing reaches them
    on_no_list: int = 0


@dataclass(frozen=True, kw_only=True)
class Given:
    """How many got a tag that they did not have."""

    people: int
    on_no_list: int = 0


def every(connection: Connection) -> tuple[CountedTag, ...]:
    """All tags by name and how many people have each; one that nobody has any more is left out."""
    tag = t.subscriber_tags.c
    counts = (func.count().label("people"), _on_no_list(tag.subscriber).label("on_no_list"))
    held = select(tag.tag, *counts).group_by(tag.tag).subquery()
    query = select(t.tags.c.name, held.c.people, held.c.on_no_list).join(held, held.c.tag == t.tags.c.number)
    return tuple(CountedTag(**row) for row in connection.execute(query.order_by(t.tags.c.key)).mappings())


def _on_no_list(subscriber: ColumnElement[int]) -> ColumnElement[int]:
    """Counts those of a query's rows who are subscribed to nothing."""
    status = t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED
    return func.count().filter(~exists().where(t.subscriptions.c.subscriber == subscriber, status))


def number_of(connection: Connection, name: str) -> int | None:
    return connection.scalar(select(t.tags.c.number).where(t.tags.c.key == tag_key(name)))


def of_people(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Number of a subscriber -> names of their tags, sorted; those without any are not in it."""
    query = (
        select(t.subscriber_tags.c.subscriber, t.tags.c.name)
        .join(t.tags, t.tags.c.number == t.subscriber_tags.c.tag)
        .order_by(t.tags.c.key)
    )
    found: dict[int, list[str]] = {}
    for part in parts(numbers):
        for subscriber, name in connection.execute(query.where(t.subscriber_tags.c.subscriber.in_(part))):
            found.setdefault(subscriber, []).append(name)
    return {subscriber: tuple(names) for subscriber, names in found.items()}


def add(connection: Connection, people: Select[tuple[int]], names: Sequence[str], now: datetime) -> dict[str, Given]:
    """Give all of these people (numbers of subscribers) all of these tags; name -> how many did not have it.

    A tag keeps the spelling that came first.
    """
    hold_tables(connection)
    rows = [{"key": tag_key(name), "name": name, "created_at": now} for name in sorted(names)]
    insert_or_ignore(connection, t.tags, rows)
    numbers = {name: _held(connection, name) for name in names}
    return {name: _give(connection, people, number) for name, number in numbers.items()}


def remove(connection: Connection, people: Select[tuple[int]], names: Sequence[str]) -> dict[str, int]:
    """Take these tags away from all of these people; name -> how many had it."""
    hold_tables(connection)
    taken = {}
    for name in names:
        number = number_of(connection, name)
        theirs = t.subscriber_tags.c.subscriber.in_(people)
        statement = delete(t.subscriber_tags).where(t.subscriber_tags.c.tag == number, theirs)
        taken[name] = connection.execute(statement).rowcount if number else 0
    return taken


def _held(connection: Connection, name: str) -> int:
    """The number of a tag that is there; nobody else gives it until the transaction ends."""
    tag = select(t.tags.c.number).where(t.tags.c.key == tag_key(name)).with_for_update(key_share=True)
    number: int = connection.execute(tag).scalar_one()
    return number


def _give(connection: Connection, people: Select[tuple[int]], tag: int) -> Given:
    who = people.subquery().c[0]
    has = exists().where(t.subscriber_tags.c.tag == tag, t.subscriber_tags.c.subscriber == who)
    new = select(literal(tag), who).where(~has)
    row = new.subquery()
    count, on_no_list = connection.execute(select(func.count(), _on_no_list(row.c[1])).select_from(row)).one()
    if count:
        connection.execute(insert(t.subscriber_tags).from_select(["tag", "subscriber"], new.order_by(who)))
    return Given(people=count, on_no_list=on_no_list)


def these(numbers: Sequence[int]) -> Select[tuple[int]]:
    """People by their numbers."""
    mine: BindParameter[Sequence[int]] = bindparam("people", numbers, expanding=True, literal_execute=True, unique=True)
    return select(t.subscribers.c.number).where(t.subscribers.c.number.in_(mine))


def subscribed_to(list_: int) -> Select[tuple[int]]:
    status = t.subscriptions.c.status == SubscriptionStatus.SUBSCRIBED
    return select(t.subscriptions.c.subscriber).where(t.subscriptions.c.list == list_, status)


def belonging_to(connection: Connection, segment: Condition) -> Select[tuple[int]]:
    """Everybody for whom the condition of a segment holds, on whatever list."""
    return select(t.subscribers.c.number).where(t.subscribers.c.erased_at.is_(None), holds(connection, segment))
