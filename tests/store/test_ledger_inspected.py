"""`db check` looks whether the rows of the ledger agree; and a database of an earlier version goes on where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text

from newsletter.model.event import Fate
from newsletter.model.mailing import Outcome
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.ledger import cancel, settle_by_event
from newsletter.store.upkeep import inspecting_ledger
from tests.support.ledger import DOUBT, Process, counts
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN
from tests.support.old_databases import fill

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def process(store: Store, tmp_path: Path) -> Process:
    """Chunks of two: accepted, one of them doubtful; uncertain, one refused; cancelled, empty; under way; planned."""
    desk = LedgerDesk(store, tmp_path)
    made = Process(store, desk.planned(size=2))
    made.send(doubtful={1: "the line broke"})
    made.send(DOUBT, refused={3: "full"})
    desk.left(5)
    desk.left(6)
    made.get()
    return made


def found(process: Process, *, wrong: bool = True) -> set[str]:
    with process.store.read() as connection:
        return {one.code for one in inspecting_ledger.of_mailings(connection) if one.wrong is wrong and one.fix}


def test_nothing_is_said_of_a_mailing_whose_deliveries_fared_in_all_ways(process: Process) -> None:
    assert found(process) | found(process, wrong=False) == set()


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        ("UPDATE chunks SET first = first + 1 WHERE first = 9", {"chunks-differ", "sum-differs"}),
        ("UPDATE chunks SET last = last + 1 WHERE first = 1", {"chunks-differ"}),
        ("DELETE FROM issue_readers WHERE n = 1", {"note-missing"}),
        ("DELETE FROM issue_readers WHERE n = 9", {"note-missing"}),
        ("UPDATE issue_readers SET n = 3 WHERE n = 10", {"note-too-many"}),  # noted, as if for another mailing
        ("UPDATE chunks SET state = 'refused' WHERE first = 9", {"note-too-many"}),
        ("UPDATE chunks SET attempt = 'lost' WHERE state = 'submitting'", {"attempt-missing"}),
        ("UPDATE mailings SET state = 'finished'", {"finished-with-rest"}),
        ("UPDATE mailings SET state = 'cancelled'", {"finished-with-rest"}),
    ],
)
def test_what_does_not_agree_is_named(process: Process, spoil: str, codes: set[str]) -> None:
    with process.store.write() as connection:
        connection.execute(text(spoil))
    assert found(process) == codes


def test_what_was_under_way_when_a_mailing_was_cancelled_is_worth_a_note(process: Process) -> None:
    with process.store.write() as connection:
        cancel(connection, process.mailing, "wrong", BEGIN, lambda _: True)
    assert (found(process), found(process, wrong=False)) == (set(), {"cancelled-in-flight"})


def test_a_fate_without_its_delivery_is_worth_a_note(process: Process) -> None:
    with process.store.write() as connection:
        rows = [{"mailing": number, "n": 1, "fate": Fate.DELIVERED, "reason": "", "at": BEGIN} for number in (1, 77)]
        connection.execute(insert(t.fates), rows)
    assert (found(process), found(process, wrong=False)) == (set(), {"fate-of-nobody"})


def test_what_an_earlier_version_left_under_way_is_asked_about_and_settled(empty_database: str) -> None:
    fill(empty_database).dispose()
    store = Store(empty_database)
    process = Process(store, 2, "desk:1:1")
    [orphan] = process.ledger.orphans(process.lease)
    assert (orphan.attempt, orphan.sender, [n for n, _ in orphan.readers]) == ("attempt-2", "outbox", [1])
    process.settle(orphan, DOUBT)
    with store.write() as connection:
        assert settle_by_event(connection, "attempt-2", None, BEGIN) == 1
        assert settle_by_event(connection, "attempt-1", None, BEGIN) == 0
    assert process.claim() is None  # the others are suppressed, and erased
    process.finish()
    assert counts(store, 2) == {Outcome.ACCEPTED: 1, Outcome.EXCLUDED: 2}
    store.close()
