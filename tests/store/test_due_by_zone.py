"""Deliveries that are due at each reader's own time: chunks are alike in variant, tracking and time, and miss nobody."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from newsletter.address.chunks import ranges
from newsletter.model.mailing import Planned
from newsletter.model.segment import AttributeEquals, Audience, Sorting
from newsletter.store import mailings
from newsletter.store import rendered as stored
from newsletter.store import tables as t
from newsletter.store.audiences.audience import readers_by_zone
from tests.support.ledger import faults
from tests.support.mailing import BEGIN, LINK_NUMBERS, MailingDesk, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store

RUNNERS = Sorting(
    conditions={"runners": AttributeEquals(attribute="sport", value="running")},
    variants={frozenset(): "", frozenset({"runners"}): "runners"},
)
HOME, TOKYO = BEGIN, BEGIN - timedelta(hours=17)
DUE = {"": HOME, "Asia/Tokyo": TOKYO, "Asia/Seoul": TOKYO, "Europe/Berlin": BEGIN - timedelta(hours=9)}
ZONES = (*DUE, "Europe/Paris")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    desk = MailingDesk(store, tmp_path)
    rows = [
        f"r{number:02}@example.org,{ZONES[number % len(ZONES)]},{'running' if number % 3 else ''}"
        for number in range(40)
    ]
    desk.import_("email,timezone,sport\n" + "\n".join(rows) + "\n")
    with store.write() as connection:
        odd = t.subscribers.c.number % 2 == 1
        connection.execute(update(t.subscribers).where(odd).values(tracking=True))
    return desk


def test_chunks_are_alike_and_cover_everybody_once(desk: MailingDesk) -> None:
    audience, variants = Audience(lists=(desk.list_().number,)), [rendered("walking"), rendered("walking", "runners")]
    with desk.store.write() as connection:
        stored.keep(connection, "walking", variants, (), "digest", BEGIN)
        number = mailings.add(
            connection,
            link_number=next(LINK_NUMBERS),
            issue="walking",
            variants={one.variant: one.fingerprint for one in variants},
            audience=audience,
            sender="scripted",
            again="",
            now=BEGIN,
            planned=Planned(due_at=TOKYO),
        )
        assert readers_by_zone(connection, "walking", audience, again=False) == dict.fromkeys(ZONES, 8)
        cut = partial(ranges, size=3)
        assert mailings.start(connection, number, audience, RUNNERS, cut, BEGIN, tracking=True, due=DUE) == 40
        assert readers_by_zone(connection, "walking", audience, again=False) == {}
    own, person, chunk = t.deliveries.c, t.subscribers.c, t.chunks.c
    with desk.store.read() as connection:
        rows = connection.execute(
            select(own.due_at, chunk.due_at.label("of_chunk"), person.timezone, own.variant, chunk.variant.label("its"))
            .add_columns(own.tracked, chunk.tracked.label("noted"), own.n)
            .join(t.subscribers, person.number == own.subscriber)
            .join(t.chunks, (chunk.mailing == own.mailing) & own.n.between(chunk.first, chunk.last))
            .order_by(own.n)
        ).all()
    assert [row.n for row in rows] == list(range(1, 41))
    for row in rows:
        assert row.due_at == row.of_chunk == DUE.get(row.timezone, HOME)
        assert (row.variant, row.tracked) == (row.its, row.noted)
    times = [row.due_at for row in rows]
    assert times == sorted(times)
    assert faults(desk.store, number) == []
