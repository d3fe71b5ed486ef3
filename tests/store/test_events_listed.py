"""Events and faults are found through an index where the table is large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from newsletter.model.event import EventKind
from newsletter.store import tables as t
from newsletter.store.events import inbox, listing
from tests.support.reports import ReportDesk, day

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path)


def test_a_rare_kind_is_listed_newest_first(desk: ReportDesk) -> None:
    number = desk.mailed("ada@example.org", "bob@example.org")
    desk.receive(*(desk.event(EventKind.DELIVERED, number, n, at=day(n)) for n in (1, 2)))
    desk.receive(*(desk.event(EventKind.SOFT_BOUNCE, number, n, at=day(n)) for n in (2, 1)))
    with desk.store.read() as connection:
        found = listing.page(connection, kind=EventKind.SOFT_BOUNCE, limit=10)
        older = listing.page(connection, kind=EventKind.SOFT_BOUNCE, limit=10, after=(found[0].at, found[0].id))
    assert [row.n for row in found] == [2, 1]
    assert [row.n for row in older] == [1]


def test_rare_kinds_are_kinds() -> None:
    assert {*t.RARE} < {*EventKind}


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (lambda c: listing.page(c, kind=EventKind.HARD_BOUNCE, limit=50), "ix_events_rare"),
        (inbox.faulty, "ix_event_inbox_fault"),
        (inbox.handle_again, "ix_event_inbox_fault"),
    ],
)
def test_it_is_found_through_its_index(store: Store, look: Callable[[Connection], Any], index: str) -> None:
    with store.write() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # the tables are empty
        plans = _plans(connection, look)
    assert index in plans


def _plans(connection: Connection, look: Callable[[Connection], Any]) -> str:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    look(connection)
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    statement, parameters = asked[0]
    return str(connection.exec_driver_sql(f"{explain} {statement}", parameters).all())
