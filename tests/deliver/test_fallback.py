"""A second sender takes over when the first cannot be reached for long, and for no other reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newsletter.deliver.ended import Why
from newsletter.deliver.terms import Terms
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import AWAY, LOST, Rig, numbers
from tests.support.mailing import ACCEPTED, BEGIN, ScriptedSender

QUARTER = timedelta(minutes=15)
TERMS = Terms(fallback_after=timedelta(seconds=60), retry=timedelta(seconds=30))


def first(script: object, **facts: object) -> ScriptedSender:
    return ScriptedSender(script, name="first", **facts)  # type: ignore[arg-type]


def second(**facts: object) -> ScriptedSender:
    return ScriptedSender(name="second", **facts)  # type: ignore[arg-type]


def test_the_second_takes_over_when_the_time_is_over_and_nobody_is_lost_or_sent_twice() -> None:
    rig = Rig(MemoryLedger(30, size=10), TERMS)
    away, other = first(lambda _: AWAY, chunk_size=10), second(chunk_size=10)
    ended = rig.send(away, other)
    assert (ended.why, rig.ledger.state) == (Why.OVER, MailingState.FINISHED)
    assert sorted(numbers(other)) == list(range(1, 31))
    assert timedelta(seconds=60) <= rig.clock() - BEGIN < timedelta(seconds=62)


def test_a_second_sender_of_smaller_chunks_cuts_them() -> None:
    rig = Rig(MemoryLedger(1000, size=1000), TERMS)
    sizes: list[int] = []

    def script(envelopes: object) -> Answer:
        sizes.append(len(envelopes))  # type: ignore[arg-type]
        return ACCEPTED

    rig.send(first(lambda _: AWAY, chunk_size=1000), second(script=script, chunk_size=100))
    assert sizes == [100] * 10
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 1000}


def test_what_the_first_took_is_not_handed_to_the_second() -> None:
    rig = Rig(MemoryLedger(30, size=10), TERMS)
    answers = [ACCEPTED, Answer(verdict=Verdict.TRY_LATER, taken=frozenset({12}), doubtful={11: "lost"})]
    one, two = first(lambda _: answers.pop(0) if answers else AWAY, chunk_size=10), second(chunk_size=10)
    rig.send(one, two)
    assert numbers(one) == [*range(1, 11), 12]
    assert numbers(two) == list(range(13, 31))
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 29, Outcome.UNCERTAIN: 1}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(verdict=Verdict.NOT_AUTHORISED, detail="401"), MailingState.PAUSED),
        (LOST, MailingState.PAUSED),
        (Answer(verdict=Verdict.REFUSED, detail="400"), MailingState.FINISHED),
    ],
)
def test_a_refused_key_doubt_and_refusals_are_no_reason_to_change(answer: Answer, state: MailingState) -> None:
    rig = Rig(MemoryLedger(12, size=3), TERMS)
    other = second()
    rig.send(first(lambda _: answer), other)
    assert (other.calls, rig.ledger.state) == (0, state)


def test_one_acceptance_begins_the_time_anew() -> None:
    rig = Rig(MemoryLedger(9, size=3), TERMS)
    answers = [AWAY, AWAY, AWAY, AWAY, AWAY, ACCEPTED] * 3  # about half a minute until each yes
    other = second()
    rig.send(first(lambda _: answers.pop(0)), other)
    assert (other.calls, rig.ledger.outcomes()) == (0, {Outcome.ACCEPTED: 9})
    assert rig.clock() - BEGIN > TERMS.fallback_after


def test_it_never_goes_back_within_a_run_and_pauses_when_the_last_is_away_too() -> None:
    rig = Rig(MemoryLedger(9, size=3), TERMS)
    answers = [AWAY] * 20
    away = first(lambda _: answers.pop() if answers else ACCEPTED)
    other = second(script=lambda _: Answer(verdict=Verdict.TRY_LATER, detail="no route to the second"))
    rig.send(away, other)
    assert (rig.ledger.state, rig.ledger.reason) == (MailingState.PAUSED, "no route to the second")
    assert rig.ledger.outcomes() == {Outcome.PLANNED: 9}


def test_the_second_does_not_wait_for_what_the_first_asked_for() -> None:
    rig = Rig(MemoryLedger(9, size=3), Terms(fallback_after=QUARTER))
    other = second()
    rig.send(first(lambda _: Answer(verdict=Verdict.TRY_LATER, detail="429", retry_after=7200.0)), other)
    assert len(numbers(other)) == 9
    assert QUARTER <= rig.clock() - BEGIN < QUARTER + timedelta(seconds=2)


def test_at_0_minutes_the_second_takes_over_at_once() -> None:
    rig = Rig(MemoryLedger(9, size=3), Terms(fallback_after=timedelta(0)))
    away, other = first(lambda _: AWAY), second()
    rig.send(away, other)
    assert (away.calls, len(numbers(other))) == (1, 9)


def test_what_is_under_way_through_the_first_is_heard_before_the_second_begins() -> None:
    rig = Rig(MemoryLedger(30, size=3), Terms(fallback_after=timedelta(0)))
    answers = [AWAY, ACCEPTED, AWAY]
    one, two = first(lambda _: answers.pop(0), in_flight=3), second()
    rig.send(one, two)
    assert len(numbers(one)) + len(numbers(two)) == 30
    assert not set(numbers(one)) & set(numbers(two))


def test_each_sender_is_handed_its_own_letter_of_the_variant_and_the_tracking_choice() -> None:
    rig = Rig(MemoryLedger(3, size=3, variant="runners", tracked=True), Terms(fallback_after=timedelta(0)))
    asked: list[tuple[str, str, bool]] = []
    make = rig.letter

    def letter(sender: object, variant: str, tracked: bool) -> object:
        asked.append((sender.name, variant, tracked))  # type: ignore[attr-defined]
        return make(sender, variant, tracked)  # type: ignore[arg-type]

    rig.letter = letter  # type: ignore[assignment]
    rig.send(first(lambda _: AWAY), second())
    assert asked == [("first", "runners", True), ("second", "runners", True)]
