"""What the engine does by its own ledger in other tests, on real databases: all of it together."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.deliver.ended import Ended, Why
from newsletter.deliver.terms import Terms
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store.ledger import StoredLedger, cancel
from tests.deliver.rig import AWAY, REFUSED
from tests.deliver.test_whatever_happens import TERMS, Crash, World
from tests.support.mailing import ACCEPTED, BEGIN, Clock, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.store.database import Store
    from tests.support.mailing import MailingDesk

#: nobody who held a lease is alive when the next run begins
DEAD: Callable[[str], bool] = lambda _owner: False  # noqa: E731


class FastClock(Clock):
    """Each half second of waiting is half a minute, so that hours do not take long."""

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds * 60)


class Brittle(StoredLedger):
    """Its process dies now and then, right before or after a commit."""

    def __init__(self, store: Store, fate: random.Random) -> None:
        super().__init__(store, DEAD)
        self.fate = fate

    def settle(self, *given: Any, **named: Any) -> None:
        self._perhaps()
        super().settle(*given, **named)
        self._perhaps()

    def claim(self, *given: Any) -> Any:
        self._perhaps()
        claim = super().claim(*given)
        self._perhaps()
        return claim

    def _perhaps(self) -> None:
        if self.fate.random() < 0.02:
            raise Crash


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_everybody_ends_where_they_really_are(
    desk: MailingDesk, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    fate = random.Random(seed)
    addresses = desk.readers(30)
    number, world, clock = desk.plan(size=8), World(fate), Clock()
    monkeypatch.setattr(desk, "ledger", lambda: Brittle(desk.store, fate))
    for run in range(200):
        senders = [ScriptedSender(world.script, name=name, chunk_size=fate.randint(2, 9)) for name in ("one", "two")]
        with suppress(Crash):
            desk.send(number, *senders, clock=clock, owner=f"run {run}", terms=TERMS)
        tally = desk.tally(number)
        assert tally.holds
        assert max(world.taken.values(), default=0) <= 1
        if desk.mailing(number).state is MailingState.FINISHED:
            break
    certain = tally[Outcome.ACCEPTED]
    assert certain <= world.taken.total() <= certain + tally[Outcome.UNCERTAIN]
    assert certain + tally[Outcome.UNCERTAIN] + tally[Outcome.REFUSED] == len(addresses)


def test_a_smaller_sender_takes_over_and_nobody_is_lost(desk: MailingDesk) -> None:
    addresses = desk.readers(25)
    one = ScriptedSender(lambda _: AWAY, name="one", chunk_size=10)
    two = ScriptedSender(name="two", chunk_size=3)
    tally = desk.send(desk.plan(size=10), one, two)
    assert sorted(two.delivered) == addresses
    assert (tally[Outcome.ACCEPTED], tally.holds) == (25, True)


def test_a_full_mailbox_gets_it_later_and_one_that_stays_full_is_refused(desk: MailingDesk) -> None:
    desk.readers(9)
    noes = {2: 2, 5: 99}

    def script(envelopes: Any) -> Answer:
        put_off = [e.n for e in envelopes if noes.get(e.n, 0) > 0]
        for n in put_off:
            noes[n] -= 1
        return Answer(verdict=Verdict.ACCEPTED, deferred=dict.fromkeys(put_off, "452 full"))

    sender, clock, number = ScriptedSender(script), FastClock(), desk.plan()
    tally = desk.send(number, sender, clock=clock)
    assert (tally[Outcome.ACCEPTED], tally[Outcome.REFUSED], tally.holds) == (8, 1, True)
    assert (len(sender.delivered), desk.mailing(number).state) == (8, MailingState.FINISHED)
    assert clock() - BEGIN >= timedelta(minutes=51)


def test_an_hours_readers_are_remembered_over_a_restart_and_over_mailings(desk: MailingDesk) -> None:
    desk.readers(8)
    terms, clock = Terms(per_hour=10), FastClock()
    desk.send(desk.plan("first"), ScriptedSender(), clock=clock, terms=terms)
    desk.send(desk.plan("second", now=clock()), ScriptedSender(), clock=clock, terms=terms)
    gone = desk.ledger().handed_over("scripted", BEGIN - timedelta(hours=1))
    assert sum(count for _, count in gone) == 16
    for begin, _ in gone:
        assert sum(count for at, count in gone if begin <= at < begin + timedelta(hours=1)) <= 10


def test_after_the_latest_time_the_rest_is_cancelled_and_another_mailing_may_reach_them(desk: MailingDesk) -> None:
    desk.readers(9)
    clock = Clock()
    answers = [ACCEPTED]
    number = desk.plan(latest_at=BEGIN + timedelta(seconds=20))
    tally = desk.send(number, ScriptedSender(lambda _: answers.pop() if answers else AWAY), clock=clock)
    assert (tally[Outcome.ACCEPTED], tally[Outcome.CANCELLED], tally.holds) == (3, 6, True)
    assert (desk.mailing(number).state, desk.ended) == (MailingState.FINISHED, Ended(why=Why.OVER))
    assert clock() - BEGIN <= timedelta(seconds=21)
    sender = ScriptedSender()
    desk.send(desk.plan(), sender)
    assert len(sender.delivered) == 6


def test_a_cancellation_while_it_waits_ends_it(desk: MailingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.readers(9)
    number, clock = desk.plan(), Clock()
    sleep = clock.sleep

    def cancels(seconds: float) -> None:
        if clock() > BEGIN + timedelta(seconds=5) and desk.mailing(number).state is MailingState.SENDING:
            with desk.store.write() as connection:
                cancel(connection, number, "the board said no", clock(), lambda _owner: True)
        sleep(seconds)

    monkeypatch.setattr(clock, "sleep", cancels)
    tally = desk.send(number, ScriptedSender(lambda _: AWAY), clock=clock)
    assert (desk.mailing(number).state, tally[Outcome.CANCELLED]) == (MailingState.CANCELLED, 9)
    assert clock() - BEGIN < timedelta(seconds=7)


def test_too_many_refusals_pause_it_with_words(desk: MailingDesk) -> None:
    desk.readers(60)
    number = desk.plan(size=20)
    tally = desk.send(number, ScriptedSender(lambda _: REFUSED, chunk_size=20))
    mailing = desk.mailing(number)
    assert mailing.state is MailingState.PAUSED
    assert mailing.reason == "20 of the last 20 readers were refused, more than 5 %"
    assert (tally[Outcome.REFUSED], tally[Outcome.PLANNED]) == (20, 40)
