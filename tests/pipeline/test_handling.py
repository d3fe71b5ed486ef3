"""The inbox worked off: nothing lost, nothing twice, whatever order, whoever else is at it, whatever fails between."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import DataError, OperationalError

from newsletter.esp.sendgrid import events as sendgrid
from newsletter.model.event import NO_TIME, EventKind, Fate, Report
from newsletter.model.subscriber import SuppressionReason
from newsletter.pipeline import handling
from newsletter.pipeline.handling import Handled, Handler, Keep
from newsletter.pipeline.receiving import record
from newsletter.store import tables as t
from newsletter.store.events import fates, inbox, pruning
from tests.support.readers import KEYS
from tests.support.reports import LATER, ReportDesk, day, entry, named, report

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store

ADA = "ada@example.org"
READERS = {"sendgrid": sendgrid.read}
KEEP = Keep(reports=90, events=400)


def parts_of(entries: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [entries[start : start + size] for start in range(0, len(entries), size)]


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportDesk:
    return ReportDesk(store, tmp_path)


def keep(store: Store, *bodies: bytes, esp: str = "sendgrid") -> list[int]:
    with store.write() as connection:
        return [inbox.add(connection, esp, body, LATER) for body in bodies]


def handle(store: Store, now: datetime = LATER) -> Handled:
    return sum(Handler(store=store, keys=KEYS, readers=READERS).rounds(now), Handled())


def waiting(store: Store) -> int:
    with store.read() as connection:
        return inbox.count_waiting(connection)


def a_mailing(desk: ReportDesk, readers: int) -> tuple[int, list[str]]:
    """Its number, and the attempt of each delivery."""
    number = desk.mailed(*(f"reader{n:04}@example.org" for n in range(1, readers + 1)))
    return number, [desk.attempt_of(number, n) for n in range(1, readers + 1)]


def told(desk: ReportDesk, readers: int, chance: random.Random) -> list[dict[str, Any]]:
    """Some events of each reader, of every kind."""
    number, attempts = a_mailing(desk, readers)
    with desk.store.write() as connection:
        connection.execute(t.subscribers.update().where(t.subscribers.c.number % 2 == 0).values(tracking=True))
    found = []
    for n, attempt in enumerate(attempts, 1):
        for name in chance.sample(sorted(sendgrid.KINDS), 4):
            seconds = int(LATER.timestamp()) + chance.randrange(5)
            facts = named(number, n, attempt) | {"email": f"reader{n:04}@example.org", "timestamp": seconds}
            more = {"type": chance.choice(["bounce", "blocked"]), "url": f"https://example.org/{chance.randrange(3)}"}
            found.append(entry(name, **facts | more, reason=chance.choice([*sendgrid.DROPS])))
    return found


def outcome(desk: ReportDesk) -> dict[str, Any]:
    """What events made of a database, without when and in which order."""
    with desk.store.read() as connection:
        counted = fates.fates(connection, 1)
    return {
        "fates": [(row["mailing"], row["n"], row["fate"], row["at"], row["reason"]) for row in desk.rows("fates")],
        "counted": counted,
        "suppressed": sorted((row["identity_hash"], row["reason"]) for row in desk.rows("suppressions")),
        "history": sorted((row["identity_hash"], row["reason"]) for row in desk.rows("suppression_events")),
        "engagements": desk.rows("engagements"),
        "clicks": [(row["url"], row["people"], row["machines"]) for row in desk.rows("link_clicks")],
        "lists": sorted((row["subscriber"], row["list"], row["status"]) for row in desk.rows("subscriptions")),
        "events": Counter((row["kind"], row["mailing"], row["n"], row["machine"]) for row in desk.rows("events")),
    }


def cleared(desk: ReportDesk) -> None:
    """As it was before any report."""
    with desk.store.write() as connection:
        gone = (
            t.event_queue,
            t.event_inbox,
            t.events,
            t.fates,
            t.suppressions,
            t.suppression_events,
            t.engagements,
            t.link_clicks,
        )
        for table in gone:
            connection.execute(table.delete())
        connection.execute(t.subscriptions.update().values(status="subscribed", changed_at=LATER - timedelta(days=9)))


def test_any_order_and_any_repeating_comes_to_the_same(desk: ReportDesk) -> None:
    chance = random.Random(7)
    entries = told(desk, 12, chance)
    cleared(desk)
    keep(desk.store, report(*entries))
    handle(desk.store)
    expected = outcome(desk)
    assert len(expected["counted"]) > 3
    assert expected["suppressed"]
    for _ in range(6):
        cleared(desk)
        shuffled = entries + chance.choices(entries, k=len(entries) // 2)
        chance.shuffle(shuffled)
        size = chance.choice([1, 5, 30, 100])
        clicked = [
            one for one in shuffled if one["event"] == "click"
        ]  # whoever clicks at once is seen in one report only
        others = [one for one in shuffled if one["event"] != "click"]
        parts = [*parts_of(others, size), clicked]
        chance.shuffle(parts)
        keep(desk.store, *(report(*part) for part in parts))
        done = handle(desk.store)
        assert outcome(desk) == expected
        assert done.received.total == len(shuffled)
        assert waiting(desk.store) == 0


def test_replays_change_nothing(desk: ReportDesk) -> None:
    entries = told(desk, 6, random.Random(2))
    keep(desk.store, report(*entries))
    handle(desk.store)
    before = outcome(desk)
    keep(desk.store, *(report(*entries) for _ in range(3)))
    done = handle(desk.store)
    assert (done.reports, done.received.new.total()) == (3, 0)
    assert outcome(desk) == before


def test_two_handlers_at_once_handle_each_report_once(desk: ReportDesk, store: Store) -> None:
    number, attempts = a_mailing(desk, 20)
    events = [entry("delivered", **named(number, n, attempt)) for n, attempt in enumerate(attempts, 1)]
    events += [entry("bounce", type="blocked", **named(number, n, attempt)) for n, attempt in enumerate(attempts, 1)]
    chance = random.Random(3)
    # many overlap: the same events in several reports
    bodies = [report(*chance.sample(events, 10)) for _ in range(60)]
    bodies += [report(*part) for part in parts_of(events, 10)]
    keep(store, *bodies)
    begin = threading.Barrier(3)

    def work() -> Handled:
        begin.wait()
        return handle(store)

    with ThreadPoolExecutor(3) as pool:
        done = [one.result() for one in [pool.submit(work) for _ in range(3)]]
    left = handle(store)
    assert sum(one.reports for one in done) + left.reports == len(bodies)
    assert sum(one.received.new.total() for one in (*done, left)) == len(events)
    assert len(desk.rows("events")) == len(events)
    with store.read() as connection:
        assert fates.fates(connection, number) == {Fate.SOFT_BOUNCE: 20}


def test_what_another_handler_has_in_hand_is_left_to_it(desk: ReportDesk, store: Store, backend: str) -> None:
    if backend == "sqlite":
        return  # there only one writes at all
    first, second = keep(store, report(), report())
    with store.write() as connection:
        assert inbox.claim(connection, [first]) == {first}
        assert handle(store).reports == 1
        inbox.done(connection, {first: ""})
    assert handle(store).reports == 0
    assert waiting(store) == 0
    assert second


def test_a_handler_that_dies_before_the_end_loses_nothing(desk: ReportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    number, attempts = a_mailing(desk, 3)
    keep(
        desk.store, report(*(entry("bounce", type="bounce", **named(number, n, a)) for n, a in enumerate(attempts, 1)))
    )
    before = desk.contents()

    class Killed(BaseException): ...

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(inbox, "done", die)
        with pytest.raises(Killed):
            handle(desk.store)
    assert desk.contents() == before
    assert handle(desk.store).received.suppressed == 1  # all of them name the same address


def test_a_database_that_is_away_is_no_reason_to_set_a_report_aside(
    desk: ReportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(desk.store, report(entry("delivered")), report(entry("delivered")))

    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(handling, "record", fail)
        with pytest.raises(OperationalError):
            handle(desk.store)
    assert waiting(desk.store) == 2
    assert handle(desk.store).reports == 2


def test_one_report_that_we_fail_at_is_set_aside_and_the_others_are_not(
    desk: ReportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = entry("delivered", sg_event_id="poison")
    numbers = keep(desk.store, report(entry("delivered")), report(poison), report(entry("delivered")))

    def fail(connection: Connection, keys: Any, events: Sequence[Any], esp: str, now: datetime) -> Any:
        if any(event.id == "poison" for event in events):
            raise DataError("INSERT", {"body": poison}, Exception("bad ada@example.org"))
        return record(connection, keys, events, esp, now)

    with monkeypatch.context() as patched:
        patched.setattr(handling, "record", fail)
        done = handle(desk.store)
    assert (done.reports, set(done.faults)) == (3, {numbers[1]})
    assert "DataError" in done.faults[numbers[1]]
    assert "ada" not in done.faults[numbers[1]]
    with desk.store.write() as connection:
        assert inbox.handle_again(connection) == 1
    assert handle(desk.store).received.new == {EventKind.DELIVERED: 1}
    with desk.store.read() as connection:
        assert inbox.faulty(connection) == []


def test_what_cannot_be_understood_is_kept_and_told(desk: ReportDesk) -> None:
    (broken,) = keep(desk.store, b"<html>")
    (partly,) = keep(desk.store, report(5, entry("delivered")))
    (foreign,) = keep(desk.store, b"[]", esp="pigeon")
    done = handle(desk.store)
    assert done.received.new == {EventKind.DELIVERED: 1}
    with desk.store.read() as connection:
        told_ = {one.number: one.fault for one in inbox.faulty(connection)}
        assert inbox.body_of(connection, broken) == b"<html>"
        assert inbox.body_of(connection, 999) is None
    assert told_ == {
        broken: "it is not JSON",
        partly: "1 of 2 entries are no events",
        foreign: "no reader of `pigeon` is known here",
    }


def test_a_transaction_records_what_one_esp_says(desk: ReportDesk) -> None:
    """Of two, the people of the second would be held after the suppressions of the first: then a reader who leaves
    everything just now, and holds them in the right order, and we would wait for one another for ever.
    """
    number = desk.mailed(ADA)
    bounce = desk.event(EventKind.HARD_BOUNCE, number)
    keep(desk.store, b"1", b"2")
    keep(desk.store, b"3", esp="mailbox")
    readers = dict.fromkeys(("sendgrid", "mailbox"), lambda _body, _received: Report(events=(bounce,)))
    rounds = [handled.reports for handled in Handler(store=desk.store, keys=KEYS, readers=readers).rounds(LATER)]
    assert rounds == [2, 1]
    assert desk.reason(ADA) is SuppressionReason.HARD_BOUNCE


def test_reports_are_taken_in_portions_that_are_not_too_large(desk: ReportDesk) -> None:
    numbers = keep(desk.store, *(b" " * 100 for _ in range(5)))
    with desk.store.read() as connection:
        assert [one.number for one in inbox.waiting(connection, 3, 1000)] == numbers[:3]
        assert [one.number for one in inbox.waiting(connection, 9, 250)] == numbers[:2]
        assert [one.number for one in inbox.waiting(connection, 9, 10)] == numbers[:1]
        assert [one.number for one in inbox.waiting(connection, 9, 1000, after=numbers[3])] == numbers[4:]


def test_old_reports_go_and_what_waits_stays(desk: ReportDesk) -> None:
    keep(desk.store, report(entry("delivered")))
    handle(desk.store)
    keep(desk.store, report(entry("open")))
    handler = Handler(store=desk.store, keys=KEYS, readers=READERS)
    assert handler.prune(KEEP, LATER + timedelta(days=90)) == 0
    assert handler.prune(KEEP, day(91)) == 1
    assert waiting(desk.store) == 1
    assert len(desk.rows("events")) == 1


def test_what_waits_for_long_does_not_keep_older_reports(desk: ReportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "_PORTION", 2)
    with desk.store.write() as connection:
        numbers = [inbox.add(connection, "sendgrid", b"[]", day(n)) for n in range(8)]
        inbox.done(connection, dict.fromkeys(numbers[3:], ""))
    assert Handler(store=desk.store, keys=KEYS, readers=READERS).prune(Keep(reports=1, events=400), day(7)) == 3
    assert [row["number"] for row in desk.rows("event_inbox")] == [*numbers[:3], *numbers[6:]]


def test_old_events_go_and_what_became_of_each_mail_stays(desk: ReportDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_PORTION", 2)
    number, _ = a_mailing(desk, 3)
    events = [desk.event(EventKind.DELIVERED, number, 1 + n % 3, at=day(n // 2)) for n in range(9)]
    desk.receive(*events, desk.event(EventKind.UNKNOWN, number, at=NO_TIME))
    handler = Handler(store=desk.store, keys=KEYS, readers=READERS)
    fates_before = desk.rows("fates")
    handler.prune(KEEP, day(400))
    assert len(desk.rows("events")) == 10
    handler.prune(KEEP, day(402))
    assert [row["at"] for row in desk.rows("events")] == [NO_TIME, *(day(n // 2) for n in range(4, 9))]
    desk.receive(*events)  # told again long after
    assert desk.rows("fates") == fates_before
