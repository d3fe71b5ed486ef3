"""How fast a mailing goes, and at what hours: its pace and its window, kept by the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.deliver.ended import Ended, Why
from newsletter.deliver.terms import Terms
from newsletter.deliver.window import Window
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import Rig
from tests.deliver.test_waiting import BUSY, CLOSED, OPENS_SOON, SIZE, at
from tests.support.mailing import ACCEPTED, BEGIN, ScriptedSender

if TYPE_CHECKING:
    from newsletter.model.letter import Answer


@pytest.mark.parametrize("in_flight", [1, 4])
def test_no_hour_has_more_readers_than_allowed_also_after_a_restart(in_flight: int) -> None:
    rig = Rig(MemoryLedger(50, size=10), Terms(per_hour=20))
    rig.ledger.earlier = [("scripted", BEGIN - timedelta(minutes=50), 15), ("another", BEGIN, 1000)]
    rig.on_sleep = at(BEGIN + timedelta(minutes=5), rig.stop.set)
    rig.send(ScriptedSender(chunk_size=10, in_flight=in_flight))
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 5, Outcome.PLANNED: 45}
    again = Rig(rig.ledger, rig.terms, rig.clock)
    again.send(ScriptedSender(chunk_size=10, in_flight=in_flight), owner="again")
    gone = rig.ledger.handed_over("scripted", BEGIN - timedelta(days=1))
    for begin, _ in gone:
        assert sum(count for when, count in gone if begin <= when < begin + timedelta(hours=1)) <= 20
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 50}


def test_what_another_mailing_hands_over_meanwhile_counts_too() -> None:
    rig = Rig(MemoryLedger(30, size=10), Terms(per_hour=20))
    rig.ledger.earlier = [("scripted", BEGIN - timedelta(minutes=59), 20)]

    def beside() -> None:
        rig.ledger.earlier.append(("scripted", rig.clock(), 20))

    rig.on_sleep = at(BEGIN + timedelta(seconds=10), beside)
    sender = ScriptedSender(chunk_size=10)
    rig.send(sender)
    assert min(one.at for one in rig.ledger.attempts.values()) >= BEGIN + timedelta(hours=1)


def test_so_many_readers_a_second_are_cut_from_a_larger_chunk() -> None:
    rig = Rig(MemoryLedger(100, size=100), Terms(per_second=10))
    sender = ScriptedSender(chunk_size=100, in_flight=4)
    rig.send(sender)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 100}
    assert rig.clock() - BEGIN >= timedelta(seconds=9)
    assert max(len(one.claim.readers) for one in rig.ledger.attempts.values()) == 10


def test_a_closed_window_ends_it_and_tells_when_it_opens() -> None:
    rig = Rig(MemoryLedger(9, size=SIZE), CLOSED)
    sender = ScriptedSender()
    ended = rig.send(sender)
    assert ended == Ended(why=Why.CLOSED, until=BEGIN + timedelta(days=6, hours=23))
    assert (sender.calls, rig.ledger.state, rig.ledger.owner) == (0, MailingState.SENDING, "")


def test_a_window_that_closes_meanwhile_finishes_what_is_under_way_and_the_rest_goes_when_it_opens() -> None:
    window = Window.of(["tue", "wed"], "08:00-09:05", BEGIN.tzinfo)  # type: ignore[arg-type]
    rig = Rig(MemoryLedger(9, size=SIZE), Terms(window=window))

    def script(_: object) -> Answer:
        rig.clock.sleep(240)
        return ACCEPTED

    ended = rig.send(ScriptedSender(script))
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 6, Outcome.PLANNED: 3}
    assert ended.until == BEGIN + timedelta(hours=23)
    rig.clock.now = ended.until
    assert rig.send(ScriptedSender()) == Ended(why=Why.OVER)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_a_window_that_opens_within_a_few_minutes_is_waited_for() -> None:
    rig = Rig(MemoryLedger(9, size=SIZE), OPENS_SOON)
    assert rig.send(ScriptedSender()) == Ended(why=Why.OVER)
    assert rig.clock() >= BEGIN + timedelta(minutes=4)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_what_is_put_off_beyond_the_window_is_told_with_the_window_after_it() -> None:
    window = Window.of(["tue", "wed", "thu"], "09:00-09:03", BEGIN.tzinfo)  # type: ignore[arg-type]
    rig = Rig(MemoryLedger(3, size=SIZE), Terms(window=window))
    for number, chunk in list(rig.ledger.chunks.items()):
        rig.ledger.chunks[number] = replace(chunk, due_at=BEGIN + timedelta(days=1, hours=5))
    assert rig.send(ScriptedSender()) == Ended(why=Why.LATER, until=BEGIN + timedelta(days=2))


@pytest.mark.parametrize(("wait", "why"), [(timedelta(minutes=29), Why.LATER), (timedelta(minutes=30), Why.OVER)])
def test_a_run_waits_for_what_is_due_later_as_long_as_its_terms_say(wait: timedelta, why: Why) -> None:
    rig = Rig(MemoryLedger(6, size=SIZE), Terms(longest_wait=wait))
    rig.ledger.chunks[2] = replace(rig.ledger.chunks[2], due_at=BEGIN + timedelta(minutes=30))
    ended = rig.send(ScriptedSender())
    assert ended == Ended(why=why, until=BEGIN + timedelta(minutes=30) if why is Why.LATER else None)
    assert rig.ledger.outcomes()[Outcome.ACCEPTED] == (3 if why is Why.LATER else 6)
    assert not rig.ledger.owner


def test_a_short_run_ends_when_an_hours_readers_are_through_and_says_when_there_is_room() -> None:
    rig = Rig(MemoryLedger(6, size=SIZE), Terms(per_hour=3, longest_wait=timedelta(seconds=30)))
    ended = rig.send(ScriptedSender())
    assert (ended.why, rig.ledger.outcomes()[Outcome.ACCEPTED]) == (Why.LATER, 3)
    assert ended.until is not None
    rig.clock.now = ended.until
    assert rig.send(ScriptedSender()) == Ended(why=Why.OVER)


def test_a_short_run_waits_for_a_provider_in_trouble_all_the_same() -> None:
    answers = [BUSY]
    rig = Rig(MemoryLedger(3, size=SIZE), Terms(longest_wait=timedelta(seconds=1)))
    sender = ScriptedSender(lambda _: answers.pop() if answers else ACCEPTED)
    assert rig.send(sender) == Ended(why=Why.OVER)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 3}
