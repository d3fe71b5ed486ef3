"""What older rows hold in JSON is read, also what only Python takes for JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text, update

from newsletter.store import tables as t
from newsletter.store.people.readers import READER_COLUMNS, subscriber_from, subscriber_of
from tests.support.half_sent import add_readers

if TYPE_CHECKING:
    from tests.support.readers import Desk

ATTRIBUTES = {"sport": "running", "since": 2019, "weight": 71.5, "member": True, "city": "Köln"}


def test_attributes_are_what_was_written(desk: Desk) -> None:
    add_readers(desk.store, desk.lists["news"].number, 2)
    with desk.store.write() as connection:
        connection.execute(update(t.subscribers).values(attributes=ATTRIBUTES))
    with desk.store.read() as connection:
        rows = connection.execute(select(*READER_COLUMNS)).all()
        people = [subscriber_of(row) for row in connection.execute(select(*READER_COLUMNS)).mappings()]
    assert [subscriber_from(*row) for row in rows] == people
    assert [person.attributes for person in people] == [ATTRIBUTES] * 2


@pytest.mark.parametrize("backend", ["sqlite"])  # PostgreSQL refuses it
def test_no_row_stops_everything(desk: Desk) -> None:
    add_readers(desk.store, desk.lists["news"].number, 1)
    with desk.store.write() as connection:
        connection.execute(text("UPDATE subscribers SET attributes = :a").bindparams(a='{"x": NaN, "half": "\\ud800"}'))
    with desk.store.read() as connection:
        found = connection.scalars(select(t.subscribers.c.attributes)).one()
    assert math.isnan(found["x"])
    assert found["half"] == "\ud800"
