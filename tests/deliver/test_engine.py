"""Sending on a real store: every chunk through its states, nobody twice, nobody forgotten, the sum always right."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import LeaseHeld, LeaseLost
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import mailings
from newsletter.store.ledger import resolve_uncertain
from tests.support.mailing import ACCEPTED, BEGIN, Clock, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.model.letter import Envelope
    from tests.support.mailing import MailingDesk


def test_everybody_subscribed_gets_it_once(desk: MailingDesk) -> None:
    addresses = desk.readers(10)
    sender = ScriptedSender()
    number = desk.plan()
    tally = desk.send(number, sender)
    assert sorted(sender.delivered) == addresses
    assert (tally[Outcome.ACCEPTED], tally.holds) == (10, True)
    assert desk.mailing(number).state is MailingState.FINISHED


def test_pending_unsubscribed_and_other_lists_are_no_audience(desk: MailingDesk) -> None:
    desk.readers(2)
    desk.import_("email\npending@example.org\n", agreed=None)
    desk.subscribe("runner@example.org", to="running")
    desk.subscribe("left@example.org")
    desk.leave("left@example.org")
    sender = ScriptedSender()
    tally = desk.send(desk.plan(), sender)
    assert tally.audience == 2
    assert sorted(sender.delivered) == ["reader0001@example.org", "reader0002@example.org"]


def test_the_suppressed_are_counted_and_not_sent(desk: MailingDesk) -> None:
    desk.readers(4)
    desk.suppress("reader0002@example.org", SuppressionReason.COMPLAINT)
    sender = ScriptedSender()
    tally = desk.send(desk.plan(), sender)
    assert "reader0002@example.org" not in sender.delivered
    assert (tally.audience, tally[Outcome.EXCLUDED], tally.exclusions) == (4, 1, {"suppressed": 1})
    assert tally.holds


def test_somebody_on_two_lists_gets_one_mail(desk: MailingDesk) -> None:
    desk.subscribe("ada@example.org")
    desk.subscribe("ada@example.org", to="running")
    sender = ScriptedSender()
    desk.send(desk.plan(to=("news", "running")), sender)
    assert sender.delivered == ["ada@example.org"]


def test_a_second_mailing_reaches_only_those_who_joined_since(desk: MailingDesk) -> None:
    desk.readers(3)
    desk.send(desk.plan(), ScriptedSender())
    desk.subscribe("late@example.org")
    sender = ScriptedSender()
    tally = desk.send(desk.plan(), sender)
    assert sender.delivered == ["late@example.org"]
    assert tally.exclusions == {"already sent": 3}


def test_again_with_a_reason_reaches_everybody_once_more(desk: MailingDesk) -> None:
    desk.readers(3)
    desk.send(desk.plan(), ScriptedSender())
    sender = ScriptedSender()
    desk.send(desk.plan(again="the first one had a wrong date"), sender)
    assert len(sender.delivered) == 3


def test_who_leaves_between_two_chunks_is_not_mailed(desk: MailingDesk) -> None:
    desk.readers(6)

    def script(envelopes: Sequence[Envelope]) -> Answer:
        if envelopes[0].n == 1:
            desk.leave("reader0005@example.org")
            desk.suppress("reader0006@example.org", SuppressionReason.LEFT_EVERYTHING)
        return ACCEPTED

    sender = ScriptedSender(script)
    tally = desk.send(desk.plan(), sender)
    assert sorted(sender.delivered) == [f"reader000{n}@example.org" for n in (1, 2, 3, 4)]
    assert tally.exclusions == {"unsubscribed": 1, "suppressed": 1}
    assert tally.holds


def test_a_chunk_whose_readers_have_all_left_calls_nobody(desk: MailingDesk) -> None:
    desk.readers(3)
    number = desk.plan()
    for n in (1, 2, 3):
        desk.leave(f"reader000{n}@example.org")
    sender = ScriptedSender()
    tally = desk.send(number, sender)
    assert (sender.calls, tally[Outcome.EXCLUDED], tally.holds) == (0, 3, True)
    assert desk.mailing(number).state is MailingState.FINISHED


def test_a_lost_answer_is_doubt_and_is_never_sent_again_by_itself(desk: MailingDesk) -> None:
    desk.readers(6)
    uncertain = Answer(verdict=Verdict.UNCERTAIN, detail="the connection was lost")
    number = desk.plan()
    first = ScriptedSender(lambda envelopes: uncertain if envelopes[0].n == 1 else ACCEPTED)
    desk.send(number, first)
    second = ScriptedSender()
    desk.send(number, second)
    assert (second.calls, desk.tally(number)[Outcome.UNCERTAIN]) == (0, 3)
    later = ScriptedSender()
    desk.send(desk.plan(), later)
    assert later.delivered == []


@pytest.mark.parametrize("accepted", [True, False])
def test_a_persons_word_settles_doubt(desk: MailingDesk, accepted: bool) -> None:
    desk.readers(3)
    number = desk.plan()
    desk.send(number, ScriptedSender(lambda _: Answer(verdict=Verdict.UNCERTAIN)))
    with desk.store.write() as connection:
        assert resolve_uncertain(connection, number, accepted=accepted, now=BEGIN) == 3
    if accepted:
        assert desk.tally(number)[Outcome.ACCEPTED] == 3
        return
    sender = ScriptedSender()
    tally = desk.send(number, sender)
    assert (len(sender.delivered), tally[Outcome.ACCEPTED]) == (3, 3)


def test_a_refused_connection_is_tried_again_after_a_while(desk: MailingDesk) -> None:
    desk.readers(3)
    answers = [Answer(verdict=Verdict.TRY_LATER), Answer(verdict=Verdict.TRY_LATER), ACCEPTED]
    clock = Clock()
    before = clock.now
    sender = ScriptedSender(lambda _: answers.pop(0))
    tally = desk.send(desk.plan(), sender, clock=clock)
    assert (sender.calls, tally[Outcome.ACCEPTED]) == (3, 3)
    assert (clock.now - before).total_seconds() > 2


def test_a_provider_that_stays_away_pauses_the_mailing_and_the_same_command_goes_on(desk: MailingDesk) -> None:
    desk.readers(5)
    number = desk.plan()
    tally = desk.send(number, ScriptedSender(lambda _: Answer(verdict=Verdict.TRY_LATER, detail="no route")))
    mailing = desk.mailing(number)
    assert (mailing.state, mailing.reason, tally[Outcome.PLANNED]) == (MailingState.PAUSED, "no route", 5)
    sender = ScriptedSender()
    assert desk.send(number, sender)[Outcome.ACCEPTED] == 5


def test_a_refused_key_pauses_at_once(desk: MailingDesk) -> None:
    desk.readers(9)
    number = desk.plan()
    sender = ScriptedSender(lambda _: Answer(verdict=Verdict.NOT_AUTHORISED, detail="the key is refused"))
    tally = desk.send(number, sender)
    assert (sender.calls, tally[Outcome.PLANNED]) == (1, 9)
    assert desk.mailing(number).state is MailingState.PAUSED


def test_a_key_refused_for_several_chunks_at_once_pauses_once_and_leaves_no_doubt(desk: MailingDesk) -> None:
    desk.readers(9)
    number = desk.plan()
    refused = Answer(verdict=Verdict.NOT_AUTHORISED, detail="the key is refused")
    tally = desk.send(number, ScriptedSender(lambda _: refused, in_flight=3))
    assert (tally[Outcome.PLANNED], tally.holds) == (9, True)
    assert desk.mailing(number).state is MailingState.PAUSED


def test_the_blamed_are_refused_with_their_reason_and_the_others_get_it(desk: MailingDesk) -> None:
    desk.readers(6)

    def script(envelopes: Sequence[Envelope]) -> Answer:
        bad = {e.n: "not an address" for e in envelopes if e.n in (2, 6)}
        return Answer(verdict=Verdict.BLAMED, blamed=bad) if bad else ACCEPTED

    number = desk.plan()
    sender = ScriptedSender(script)
    tally = desk.send(number, sender)
    assert (tally[Outcome.REFUSED], tally[Outcome.ACCEPTED], tally.holds) == (2, 4, True)
    assert max(Counter(sender.delivered).values()) == 1
    with desk.store.read() as connection:
        assert mailings.refusals(connection, number) == {"not an address": 2}


def test_the_refused_can_be_reached_by_a_later_mailing(desk: MailingDesk) -> None:
    desk.readers(3)
    desk.send(desk.plan(), ScriptedSender(lambda _: Answer(verdict=Verdict.REFUSED, detail="bad request")))
    sender = ScriptedSender()
    desk.send(desk.plan(), sender)
    assert len(sender.delivered) == 3


def test_too_large_is_split_until_it_fits(desk: MailingDesk) -> None:
    addresses = desk.readers(10)
    sender = ScriptedSender(lambda envelopes: ACCEPTED if len(envelopes) <= 2 else Answer(verdict=Verdict.TOO_LARGE))
    tally = desk.send(desk.plan(size=10), sender)
    assert sorted(sender.delivered) == addresses
    assert (tally[Outcome.ACCEPTED], tally.holds) == (10, True)


def test_a_fault_inside_a_sender_is_doubt_and_ends_in_words(desk: MailingDesk) -> None:
    desk.readers(3)

    def script(envelopes: Sequence[Envelope]) -> Answer:
        raise RuntimeError(envelopes[0].address)

    number = desk.plan()
    assert desk.send(number, ScriptedSender(script))[Outcome.UNCERTAIN] == 3
    with desk.store.read() as connection:
        assert mailings.refusals(connection, number) == {"a fault in the sender: RuntimeError": 3}


def test_a_stop_finishes_what_is_under_way_and_the_rest_is_planned(desk: MailingDesk) -> None:
    desk.readers(9)
    stop = threading.Event()

    def script(_: Sequence[Envelope]) -> Answer:
        stop.set()
        return ACCEPTED

    number = desk.plan()
    tally = desk.send(number, ScriptedSender(script), stop=stop)
    assert (tally[Outcome.ACCEPTED], tally[Outcome.PLANNED]) == (3, 6)
    assert desk.mailing(number).state is MailingState.SENDING
    assert desk.send(number, ScriptedSender())[Outcome.ACCEPTED] == 9


def test_several_chunks_are_under_way_at_once_and_none_is_lost(desk: MailingDesk) -> None:
    addresses = desk.readers(40)
    meeting = threading.Barrier(4)

    def script(_: Sequence[Envelope]) -> Answer:
        meeting.wait(timeout=20)
        return ACCEPTED

    sender = ScriptedSender(script, in_flight=4)
    tally = desk.send(desk.plan(size=5), sender)
    assert sorted(sender.delivered) == addresses
    assert tally[Outcome.ACCEPTED] == 40


def test_two_processes_cannot_send_one_mailing(desk: MailingDesk) -> None:
    desk.readers(3)
    number = desk.plan()
    desk.ledger().take(number, "first", Clock()())
    with pytest.raises(LeaseHeld):
        desk.send(number, ScriptedSender(), owner="second")


def test_a_dead_process_is_taken_over_at_once(desk: MailingDesk) -> None:
    desk.readers(3)
    number = desk.plan()
    desk.ledger().take(number, "dead", Clock()())
    lease = desk.ledger(is_alive=lambda _: False).take(number, "second", Clock()())
    assert lease.generation == 2


def interrupted(desk: MailingDesk, number: int, sender: str) -> None:
    """A process that died between storing its attempt and hearing an answer."""
    ledger = desk.ledger()
    lease = ledger.take(number, "dead", Clock()())
    assert ledger.claim(lease, f"attempt-{sender}", sender, Clock()(), 3)


def take_over(desk: MailingDesk, number: int, sender: ScriptedSender) -> None:
    clock = Clock()
    clock.sleep(1000)
    desk.send(number, sender, clock=clock, owner="second")


def test_an_interrupted_chunk_of_a_repeatable_sender_is_redone(desk: MailingDesk) -> None:
    desk.readers(4)
    number = desk.plan()
    interrupted(desk, number, "scripted")
    sender = ScriptedSender(repeatable=True)
    take_over(desk, number, sender)
    assert len(sender.delivered) == 4


def test_an_interrupted_chunk_of_any_other_sender_is_doubt(desk: MailingDesk) -> None:
    desk.readers(4)
    number = desk.plan()
    interrupted(desk, number, "scripted")
    sender = ScriptedSender()
    take_over(desk, number, sender)
    tally = desk.tally(number)
    assert (tally[Outcome.UNCERTAIN], tally[Outcome.ACCEPTED], len(sender.delivered)) == (3, 1, 1)


def test_a_repeatable_sender_does_not_redo_what_another_sender_left_in_doubt(desk: MailingDesk) -> None:
    desk.readers(3)
    number = desk.plan()
    interrupted(desk, number, "sendgrid")
    take_over(desk, number, ScriptedSender(repeatable=True))
    assert desk.tally(number)[Outcome.UNCERTAIN] == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(ACCEPTED, Outcome.ACCEPTED), (Answer(verdict=Verdict.REFUSED), Outcome.UNCERTAIN)],
)
def test_a_late_yes_clears_up_its_own_doubt_and_a_late_no_leaves_it_to_a_person(
    desk: MailingDesk, answer: Answer, outcome: Outcome
) -> None:
    desk.readers(3)
    number = desk.plan()
    slept: list[Callable[[], None]] = [lambda: take_over(desk, number, ScriptedSender())]

    def stalls(_: Sequence[Envelope]) -> Answer:
        slept.pop()()  # while we wait for the provider, the lease runs out and another process takes over
        return answer

    with pytest.raises(LeaseLost):
        desk.send(number, ScriptedSender(stalls), owner="first")
    tally = desk.tally(number)
    assert (tally[outcome], tally.holds) == (3, True)
