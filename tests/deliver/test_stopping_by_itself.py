"""The mailing stops by itself: too many refusals, answers that nobody understands, faults of ours."""

from __future__ import annotations

import itertools
import threading
from typing import TYPE_CHECKING

from newsletter.deliver.terms import Terms
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import LOST, REFUSED, Rig, numbers
from tests.support.mailing import ACCEPTED, ScriptedSender
from tests.support.mailing import envelope as envelope_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

    from newsletter.model.letter import Envelope, Letter
    from newsletter.model.subscriber import Subscriber


def test_too_many_refusals_stop_it_and_the_rest_is_planned() -> None:
    rig = Rig(MemoryLedger(2000, size=100))
    answers = itertools.chain([ACCEPTED] * 5, itertools.repeat(REFUSED))
    sender = ScriptedSender(lambda _: next(answers), chunk_size=100)
    rig.send(sender)
    assert rig.ledger.state is MailingState.PAUSED
    assert rig.ledger.reason == "100 of the last 600 readers were refused, more than 5 %"
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 500, Outcome.REFUSED: 100, Outcome.PLANNED: 1400}


def test_what_is_under_way_when_it_stops_is_settled_and_nothing_more_begins() -> None:
    rig = Rig(MemoryLedger(2000, size=100))
    meeting = threading.Barrier(4)

    def script(_: Sequence[Envelope]) -> Answer:
        meeting.wait(timeout=20)
        return REFUSED

    sender = ScriptedSender(script, chunk_size=100, in_flight=4)
    rig.send(sender)
    assert (rig.ledger.state, sender.calls) == (MailingState.PAUSED, 4)
    assert rig.ledger.outcomes() == {Outcome.REFUSED: 400, Outcome.PLANNED: 1600}


def test_a_person_who_sends_it_again_begins_to_count_anew() -> None:
    rig = Rig(MemoryLedger(400, size=100))
    rig.send(ScriptedSender(lambda _: REFUSED, chunk_size=100))
    rig.send(ScriptedSender(chunk_size=100))
    assert rig.ledger.state is MailingState.FINISHED


def test_a_mailing_that_is_through_is_not_paused_for_what_nobody_can_help_any_more() -> None:
    rig = Rig(MemoryLedger(100, size=100))
    rig.send(ScriptedSender(lambda _: REFUSED, chunk_size=100))
    assert (rig.ledger.state, rig.ledger.outcomes()) == (MailingState.FINISHED, {Outcome.REFUSED: 100})


def test_at_0_percent_it_goes_on_whatever_is_refused() -> None:
    rig = Rig(MemoryLedger(400, size=100), Terms(refused_percent=0))
    rig.send(ScriptedSender(lambda _: REFUSED, chunk_size=100))
    assert rig.ledger.state is MailingState.FINISHED


def test_answers_that_nobody_understands_stop_it_before_everybody_is_in_doubt() -> None:
    rig = Rig(MemoryLedger(2000, size=100))
    rig.send(ScriptedSender(lambda _: LOST, chunk_size=100, in_flight=1))
    assert rig.ledger.state is MailingState.PAUSED
    assert rig.ledger.reason == "3 answers in a row left it open whether mail was taken: the connection was lost"
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 300, Outcome.PLANNED: 1700}


def test_one_lost_answer_now_and_then_stops_nothing() -> None:
    rig = Rig(MemoryLedger(900, size=100))
    answers = itertools.cycle([LOST, ACCEPTED, LOST])
    rig.send(ScriptedSender(lambda _: next(answers), chunk_size=100))
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 600, Outcome.ACCEPTED: 300}


def test_a_connection_that_breaks_under_everything_that_is_under_way_is_one_doubt() -> None:
    rig = Rig(MemoryLedger(1200, size=100))
    meeting, broken = threading.Barrier(4), threading.Event()

    def script(_: Sequence[Envelope]) -> Answer:
        if broken.is_set():
            return ACCEPTED
        meeting.wait(timeout=20)
        broken.set()
        return LOST

    rig.send(ScriptedSender(script, chunk_size=100, in_flight=4))
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 400, Outcome.ACCEPTED: 800}


def test_a_fault_of_ours_in_the_sender_is_doubt_and_stops_it_soon() -> None:
    rig = Rig(MemoryLedger(2000, size=100))

    def script(envelopes: Sequence[Envelope]) -> Answer:
        raise RuntimeError(envelopes[0].address)

    rig.send(ScriptedSender(script, chunk_size=100))
    assert "a fault in the sender: RuntimeError" in rig.ledger.reason
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 300, Outcome.PLANNED: 1700}


def test_a_letter_that_cannot_be_made_stops_it_and_nobody_is_in_doubt(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(MemoryLedger(300, size=100))

    def letter(_sender: object, _variant: str, _tracked: bool) -> Letter:
        raise KeyError("ada@example.org")

    rig.letter = letter
    sender = ScriptedSender(chunk_size=100)
    rig.send(sender)
    assert (rig.ledger.state, rig.ledger.reason) == (MailingState.PAUSED, "a fault in making the letter: KeyError")
    assert (sender.calls, rig.ledger.outcomes()) == (0, {Outcome.PLANNED: 300})
    assert "@" not in caplog.text


def test_a_reader_who_cannot_be_addressed_is_refused_and_the_others_get_it(caplog: pytest.LogCaptureFixture) -> None:
    rig = Rig(MemoryLedger(300, size=100))

    def envelope(n: int, reader: Subscriber) -> Envelope:
        if n in (7, 201):
            raise ValueError(reader.address)
        return envelope_of(n, reader)

    rig.envelope = envelope
    sender = ScriptedSender(chunk_size=100)
    rig.send(sender)
    assert rig.ledger.outcomes() == {Outcome.REFUSED: 2, Outcome.ACCEPTED: 298}
    assert rig.ledger.own[7] == (Outcome.REFUSED, "a fault in addressing: ValueError")
    assert not {7, 201} & {*numbers(sender)}
    assert "@" not in caplog.text


def test_readers_of_whom_none_can_be_addressed_stop_it_as_refused_ones_do() -> None:
    rig = Rig(MemoryLedger(300, size=100))

    def envelope(n: int, _reader: Subscriber) -> Envelope:
        raise ValueError(n)

    rig.envelope = envelope
    sender = ScriptedSender(chunk_size=100)
    rig.send(sender)
    assert (sender.calls, rig.ledger.state) == (0, MailingState.PAUSED)
    assert rig.ledger.outcomes() == {Outcome.REFUSED: 100, Outcome.PLANNED: 200}


def test_a_ledger_that_has_something_due_and_never_gives_it_does_not_keep_us_for_ever() -> None:
    class Mean(MemoryLedger):
        def claim(self, *_: object) -> None:
            return None

    rig = Rig(Mean(3))
    rig.send(ScriptedSender())
    assert rig.ledger.state is MailingState.SENDING


def test_progress_is_told_once_for_each_reader_whatever_they_went_through() -> None:
    rig = Rig(MemoryLedger(200, size=100))
    answers = [
        Answer(verdict=Verdict.TRY_LATER, taken=frozenset({1, 2}), doubtful={3: "lost"}),
        Answer(verdict=Verdict.ACCEPTED, deferred={9: "452 full"}, blamed={10: "550"}),
    ]
    rig.send(ScriptedSender(lambda _: answers.pop(0) if answers else ACCEPTED, chunk_size=100))
    assert sum(rig.told) == 200


def test_it_is_paused_also_when_somebody_stops_it_at_that_moment() -> None:
    rig = Rig(MemoryLedger(400, size=100))

    def script(_: Sequence[Envelope]) -> Answer:
        rig.stop.set()
        return REFUSED

    rig.send(ScriptedSender(script, chunk_size=100))
    assert rig.ledger.state is MailingState.PAUSED
    assert rig.ledger.outcomes() == {Outcome.REFUSED: 100, Outcome.PLANNED: 300}
