"""What is told of a mailing: the sum, every delivery, what is in doubt, what waits, how fast it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from newsletter.model.event import Fate
from newsletter.model.letter import Verdict
from newsletter.model.mailing import Outcome
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.ledger import exporting, watching
from newsletter.store.ledger.exporting import deliveries
from newsletter.store.upkeep import restoring
from tests.support.ledger import DOUBT, NO, YES, Process, change, counts, tally_of
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.delivery import Delivery, Doubt, Pending
    from newsletter.store.database import Store

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


@pytest.fixture
def process(desk: LedgerDesk) -> Process:
    return Process(desk.store, desk.planned(size=2))


def told(process: Process, after_n: int = 0, limit: int | None = None) -> list[Delivery]:
    with process.store.read() as connection:
        return list(deliveries(connection, process.mailing, after_n, limit))


def doubts(process: Process) -> tuple[Doubt, ...]:
    with process.store.read() as connection:
        return watching.doubts(connection, process.mailing)


def pending(process: Process) -> Pending:
    with process.store.read() as connection:
        return watching.pending(connection, process.mailing, process.now)


def test_every_delivery_is_told_with_what_became_of_it(desk: LedgerDesk, process: Process) -> None:
    desk.left(1)
    claims = [
        process.send(YES),
        process.send(YES, refused={3: "no such address"}, doubtful={4: "the line broke"}),
        process.send(DOUBT, detail="no answer"),
        process.send(NO, detail="slow down"),
        process.get(),
    ]
    desk.erased(2)
    with process.store.write() as connection:
        fate = {"mailing": process.mailing, "n": 2, "fate": Fate.SOFT_BOUNCE, "reason": "full", "at": BEGIN + MINUTE}
        connection.execute(insert(t.fates), [fate])
    every = told(process)
    assert [(one.n, one.outcome, one.reason) for one in every] == [
        (1, Outcome.EXCLUDED, "unsubscribed"),
        (2, Outcome.ACCEPTED, ""),
        (3, Outcome.REFUSED, "no such address"),
        (4, Outcome.UNCERTAIN, "the line broke"),
        (5, Outcome.UNCERTAIN, "no answer"),
        (6, Outcome.UNCERTAIN, "no answer"),
        *((n, Outcome.IN_FLIGHT, "") for n in (7, 8)),
        *((n, Outcome.PLANNED, "") for n in (9, 10)),
    ]
    ids = [claim.attempt for claim in claims]
    assert [one.attempt for one in every[:6]] == ["", ids[0], ids[1], ids[1], ids[2], ids[2]]
    second = every[1]
    assert (second.address, second.sender, second.started_at, second.provider_id) == (
        None,
        "scripted",
        BEGIN,
        f"id of {ids[0]}",
    )
    assert (second.fate, second.fate_reason, second.fate_at) == (Fate.SOFT_BOUNCE, "full", BEGIN + MINUTE)
    assert (every[2].address, every[2].fate, every[0].sender) == (desk.address(3), None, "")


def test_deliveries_are_read_in_portions_and_from_any_place(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "_PORTION", 3)
    assert [one.n for one in told(process)] == [*range(1, 11)]
    assert [one.n for one in told(process, 4, 4)] == [5, 6, 7, 8]
    assert [one.n for one in told(process, 0, 6)] == [1, 2, 3, 4, 5, 6]
    assert told(process, 10) == []
    assert told(process, 0, 0) == []


def test_variant_and_tracking_of_each_delivery_are_told(desk: LedgerDesk) -> None:
    desk.agree(3)
    number = desk.planned(tracking=True)
    assert [(one.n, one.tracked, one.address) for one in told(Process(desk.store, number))][-1] == (
        10,
        True,
        desk.address(3),
    )


def test_a_refusal_that_an_earlier_version_noted_is_told_with_the_attempt_of_its_chunk(process: Process) -> None:
    claim = process.send(YES, refused={1: "full"})
    change(process.store, "delivery_outcomes", {}, attempt="")
    assert told(process)[0].attempt == claim.attempt


def test_the_sum_holds_with_single_outcomes_of_all_kinds(desk: LedgerDesk, process: Process) -> None:
    desk.left(2)
    process.send(NO, accepted=frozenset({1}))
    process.send(DOUBT, accepted=frozenset({3}))
    process.send(Verdict.REFUSED, doubtful={5: "the line broke"})
    assert counts(process.store, process.mailing) == {
        Outcome.EXCLUDED: 1,
        Outcome.ACCEPTED: 2,
        Outcome.UNCERTAIN: 2,
        Outcome.REFUSED: 1,
        Outcome.PLANNED: 4,
    }
    assert tally_of(process.store, process.mailing).holds
    with process.store.read() as connection:
        assert mailings.in_doubt(connection, "walking") == {process.mailing: 2}
        assert mailings.in_doubt(connection, "another") == {}
        assert mailings.refusals(connection, process.mailing) == {"the line broke": 1, "no reason given": 2}


def test_doubt_is_told_by_attempt_since_when_it_is(process: Process) -> None:
    process.send(YES)
    first = process.send(DOUBT, detail="no answer")
    process.now += MINUTE
    second = process.send(NO, doubtful={6: "the line broke"}, accepted=frozenset({5}))
    told_ = doubts(process)
    assert [(one.attempt, one.count, one.first, one.last) for one in told_] == [
        (first.attempt, 2, 3, 4),
        (second.attempt, 1, 6, 6),
    ]
    assert (told_[0].since, told_[0].sender, told_[0].provider_id, told_[0].detail) == (
        BEGIN,
        "scripted",
        f"id of {first.attempt}",
        "no answer",
    )
    assert (told_[1].started_at, told_[1].since) == (BEGIN + MINUTE, BEGIN + MINUTE)


def test_doubt_that_a_restored_backup_made_names_no_attempt(process: Process) -> None:
    process.send(NO)
    process.send(DOUBT)
    with process.store.write() as connection:
        restoring.settle(connection, (), BEGIN + MINUTE)
    forgotten, known = doubts(process)
    assert (forgotten.count, forgotten.attempt, forgotten.since) == (8, "", None)
    assert (known.count, known.sender) == (2, "scripted")
    assert sum(one.outcome is Outcome.UNCERTAIN and not one.attempt for one in told(process)) == 8


def test_what_waits_is_told_with_its_time(process: Process) -> None:
    change(process.store, "chunks", {"first": 9}, due_at=BEGIN + 3 * MINUTE)
    process.send(NO, wait=2 * MINUTE, all_wait=False, detail="slow down")
    waits = pending(process)
    assert (waits.due, waits.later, waits.next_at, waits.detail) == (6, 4, BEGIN + 2 * MINUTE, "slow down")
    process.now += 3 * MINUTE
    assert (pending(process).due, pending(process).later, pending(process).next_at) == (10, 0, None)


def test_the_rate_is_of_the_last_minute(process: Process) -> None:
    process.send(YES)
    process.now += 2 * MINUTE
    process.send(YES)
    process.send(NO)
    with process.store.read() as connection:
        assert watching.rate(connection, process.mailing, process.now) == 2
        assert watching.rate(connection, process.mailing, process.now + MINUTE) == 0
