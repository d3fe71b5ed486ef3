"""What the engine does while it waits: for the provider, for its pace, for its window; and how soon it hears of a change."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.deliver.ended import Ended, Waiting, Why
from newsletter.deliver.terms import Terms
from newsletter.deliver.window import Window
from newsletter.errors import LeaseLost
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import AWAY, Rig, numbers
from tests.support.mailing import ACCEPTED, BEGIN, Clock, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

SECOND = timedelta(seconds=1)
#: of three readers at once, one after the other
SIZE = 3
PATIENT = Terms(retry=timedelta(hours=1))
BUSY = Answer(verdict=Verdict.TRY_LATER, detail="429", retry_after=600.0)
#: BEGIN is a Tuesday, 9 o'clock
CLOSED = Terms(window=Window.of(["tue"], "08:00-09:00", BEGIN.tzinfo))  # type: ignore[arg-type]
OPENS_SOON = Terms(window=Window.of(["tue"], "09:04-20:00", BEGIN.tzinfo))  # type: ignore[arg-type]


def full_mailbox(_: object) -> Answer:
    return Answer(verdict=Verdict.ACCEPTED, deferred={2: "452 mailbox full"})


#: why nothing goes for a long time -> terms, script
WAITS: dict[str, tuple[Terms, Callable[[object], Answer]]] = {
    "the provider asked for it": (PATIENT, lambda _: BUSY),
    "an hour's readers are through": (Terms(per_hour=3), lambda _: ACCEPTED),
    "the window opens in some minutes": (OPENS_SOON, lambda _: ACCEPTED),
    "one mailbox is full": (Terms(), full_mailbox),
}
waiting_for = pytest.mark.parametrize("reason", WAITS)


def rig_that_waits(reason: str, count: int = 9) -> tuple[Rig, ScriptedSender]:
    terms, script = WAITS[reason]
    count = SIZE if script is full_mailbox else count
    return Rig(MemoryLedger(count, size=SIZE), terms), ScriptedSender(script)


def at(moment: datetime, do: Callable[[], None]) -> Callable[[datetime], None]:
    """Something that happens once, at a time."""
    left = [do]

    def look(now: datetime) -> None:
        if left and now >= moment:
            left.pop()()

    return look


LATER = BEGIN + timedelta(seconds=20)


@waiting_for
def test_a_stop_is_heard_within_a_second_and_nothing_more_is_begun(reason: str) -> None:
    rig, sender = rig_that_waits(reason)
    rig.on_sleep = at(LATER, rig.stop.set)
    ended = rig.send(sender)
    assert ended == Ended(why=Why.STOPPED)
    assert rig.clock() - LATER <= SECOND
    assert (rig.ledger.state, rig.ledger.owner) == (MailingState.SENDING, "")


@waiting_for
@pytest.mark.parametrize("state", [MailingState.PAUSED, MailingState.CANCELLED])
def test_a_pause_and_a_cancellation_from_outside_are_heard_within_a_second(reason: str, state: MailingState) -> None:
    rig, sender = rig_that_waits(reason)

    def outside() -> None:
        rig.ledger.state = state
        if state is MailingState.CANCELLED:
            rig.ledger.cancel()

    rig.on_sleep = at(LATER, outside)
    assert rig.send(sender) == Ended(why=Why.OVER)
    assert rig.clock() - LATER <= SECOND
    assert rig.ledger.state is state


@waiting_for
def test_the_latest_time_ends_it_and_what_is_left_is_cancelled(reason: str) -> None:
    rig, sender = rig_that_waits(reason)
    rig.ledger.latest = LATER
    calls = Counter[bool]()
    script = sender.script
    sender.script = lambda envelopes: (calls.update([rig.clock() < LATER]), script(envelopes))[1]
    assert rig.send(sender) == Ended(why=Why.OVER)
    assert rig.clock() - LATER <= SECOND
    assert rig.ledger.state is MailingState.FINISHED
    assert not calls[False]
    assert rig.ledger.outcomes()[Outcome.CANCELLED] > 0


@waiting_for
def test_the_lease_is_renewed_every_few_seconds(reason: str) -> None:
    rig, sender = rig_that_waits(reason)
    rig.on_sleep = at(BEGIN + timedelta(seconds=60), rig.stop.set)
    rig.send(sender)
    assert 10 <= rig.ledger.renewals <= 13


@waiting_for
def test_a_lease_that_was_lost_is_noticed_and_nothing_more_is_handed_over(reason: str) -> None:
    rig, sender = rig_that_waits(reason)

    def taken_over() -> None:
        rig.ledger.generation += 1

    rig.on_sleep = at(LATER, taken_over)
    calls = sender.calls
    with pytest.raises(LeaseLost):
        rig.send(sender)
    assert rig.clock() - LATER <= 6 * SECOND
    assert sender.calls <= calls + 1


@waiting_for
def test_why_it_waits_is_told(reason: str) -> None:
    rig, sender = rig_that_waits(reason)
    rig.on_sleep = at(LATER, rig.stop.set)
    rig.send(sender)
    expected = dict(zip(WAITS, (Waiting.PROVIDER, Waiting.PACE, Waiting.WINDOW, Waiting.DUE), strict=True))
    assert {why for why, until in rig.waited if until - rig.clock() > timedelta(0)} == {expected[reason]}


def test_the_time_that_a_provider_asked_for_is_kept_by_everything_that_is_left() -> None:
    rig = Rig(MemoryLedger(9, size=SIZE), PATIENT)
    answers = [ACCEPTED, BUSY]
    sender = ScriptedSender(lambda _: answers.pop(0) if answers else ACCEPTED)
    rig.send(sender)
    assert sorted(numbers(sender)) == list(range(1, 10))
    assert rig.clock() - BEGIN >= timedelta(seconds=600)


def test_the_time_that_a_provider_asked_for_is_kept_over_a_restart() -> None:
    rig = Rig(MemoryLedger(9, size=SIZE), PATIENT)
    rig.on_sleep = at(LATER, rig.stop.set)
    rig.send(ScriptedSender(lambda _: BUSY))
    again = Rig(rig.ledger, PATIENT, rig.clock)
    again.send(ScriptedSender())
    assert again.clock() - BEGIN >= timedelta(seconds=600)


def test_a_provider_in_trouble_is_asked_by_one_request_at_a_time_until_it_says_yes() -> None:
    rig = Rig(MemoryLedger(90, size=SIZE), PATIENT)
    meeting = threading.Barrier(4)
    calls = itertools.count()

    def script(_: object) -> Answer:
        call = next(calls)
        if call < 4:
            meeting.wait(timeout=20)
        return AWAY if call < 8 else ACCEPTED

    sender = ScriptedSender(script, in_flight=4)
    rig.send(sender)
    begun = Counter(one.at for one in rig.ledger.attempts.values())
    assert [*begun.values()][:5] == [4, 1, 1, 1, 1]
    assert len(numbers(sender)) == 90


def test_a_full_mailbox_holds_up_nobody_and_gets_it_later() -> None:
    rig = Rig(MemoryLedger(9, size=SIZE))
    order: list[int] = []
    noes = [3]

    def script(envelopes: list[object]) -> Answer:
        order.extend(envelope.n for envelope in envelopes)  # type: ignore[attr-defined]
        noes[0] -= 2 in order[-3:]
        return full_mailbox(None) if noes[0] > 0 else ACCEPTED

    rig.send(ScriptedSender(script))  # type: ignore[arg-type]
    assert order == [1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2]
    assert rig.clock() - BEGIN >= timedelta(minutes=6)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_a_mailbox_that_stays_full_is_refused_with_its_words_after_the_fifth_no() -> None:
    rig = Rig(MemoryLedger(3, size=SIZE))
    sender = ScriptedSender(full_mailbox)
    rig.send(sender)
    assert (sender.calls, rig.ledger.own[2]) == (5, (Outcome.REFUSED, "452 mailbox full"))
    assert rig.clock() - BEGIN >= timedelta(minutes=51)
    assert rig.ledger.state is MailingState.FINISHED


@pytest.mark.parametrize(
    ("reason", "jump"),
    [
        ("the provider asked for it", timedelta(minutes=-1)),
        ("the provider asked for it", timedelta(minutes=40)),
        ("an hour's readers are through", timedelta(hours=-30)),
        ("an hour's readers are through", timedelta(minutes=-1)),
        ("an hour's readers are through", timedelta(minutes=40)),
    ],
)
def test_a_clock_that_jumps_loses_nobody_and_keeps_nobody_waiting_for_long(reason: str, jump: timedelta) -> None:
    terms, _ = WAITS[reason]
    answers = [BUSY] if terms is PATIENT else []
    rig = Rig(MemoryLedger(9, size=SIZE), terms, Clock())
    naps = Counter[str]()

    def jumps() -> None:
        rig.clock.now += jump

    leap = at(LATER, jumps)
    rig.on_sleep = lambda now: (leap(now), naps.update(["nap"]))[0]
    sender = ScriptedSender(lambda _: answers.pop() if answers else ACCEPTED)
    assert rig.send(sender) == Ended(why=Why.OVER)
    assert sorted(numbers(sender)) == list(range(1, 10))
    assert naps["nap"] < 3 * 3600 * 2  # two a second
