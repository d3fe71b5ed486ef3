"""Where repeating is harmless an interrupted attempt is repeated as it was: some of its readers have the mail already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import NUMBER, MemoryLedger
from tests.deliver.rig import AWAY, Rig
from tests.support.mailing import ACCEPTED, BEGIN, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Envelope, Letter


@dataclass
class Noting(ScriptedSender):
    repeatable: bool = True
    #: attempt, and for whom
    handed: list[tuple[str, list[int]]] = field(default_factory=list)

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:
        self.handed.append((attempt, [one.n for one in envelopes]))
        return super().submit(letter, attempt, envelopes)


def interrupted(sender: str = "scripted", count: int = 9) -> Rig:
    """A process that died with two chunks of three on their way."""
    ledger = MemoryLedger(count, size=3)
    lease = ledger.take(NUMBER, "dead", BEGIN)
    for n in (1, 2):
        assert ledger.claim(lease, f"lost-{n}", sender, BEGIN, 3)
    ledger.owner = ""
    return Rig(ledger)


def test_it_goes_first_under_its_own_id_and_to_the_same_readers() -> None:
    rig, sender = interrupted(), Noting()
    rig.send(sender)
    assert sender.handed[:2] == [("lost-1", [1, 2, 3]), ("lost-2", [4, 5, 6])]
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}
    assert sum(rig.told) == 9


def test_it_waits_for_a_provider_in_trouble_like_everything_else() -> None:
    answers = iter([AWAY])
    rig, sender = interrupted(), Noting(script=lambda _: next(answers, ACCEPTED))
    rig.send(sender)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_after_the_latest_time_it_is_in_doubt() -> None:
    rig, sender = interrupted(), Noting()
    rig.ledger.latest = BEGIN + timedelta(hours=1)
    rig.clock.sleep(3600)
    rig.send(sender)
    assert sender.handed == []
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 6, Outcome.CANCELLED: 3}


def test_it_is_repeated_where_it_was_made() -> None:
    rig, first, second = interrupted("second"), Noting(), Noting(name="second")
    rig.send(first, second)
    assert [attempt for attempt, _ in second.handed] == ["lost-1", "lost-2"]
    assert [numbers for _, numbers in first.handed] == [[7, 8, 9]]


def test_a_sender_that_says_who_has_it_already_is_believed() -> None:
    answers = iter([Answer(verdict=Verdict.TRY_LATER, detail="the disk is full", taken=frozenset({1, 2}))])
    rig, sender = interrupted(), Noting(script=lambda _: next(answers, ACCEPTED))
    rig.send(sender)
    assert [3] in [numbers for _, numbers in sender.handed]
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def when(rig: Rig, happens: object) -> None:
    """While it waits for the provider that is away."""
    rig.on_sleep = lambda _: happens()  # type: ignore[operator]


def test_a_pause_while_it_waits_leaves_it_for_whoever_resumes() -> None:
    rig, sender = interrupted(), Noting(script=lambda _: AWAY)

    def pause() -> None:
        rig.ledger.state = MailingState.PAUSED

    when(rig, pause)
    rig.send(sender)
    assert [attempt for attempt, _ in sender.handed] == ["lost-1"]
    assert rig.ledger.outcomes()[Outcome.IN_FLIGHT] == 3
    when(rig, lambda: None)
    again = Noting()
    rig.send(again)
    assert again.handed[0] == ("lost-2", [4, 5, 6])
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_a_cancellation_while_it_waits_leaves_doubt_and_hands_nothing_over() -> None:
    rig, sender = interrupted(), Noting(script=lambda _: AWAY)
    when(rig, rig.ledger.cancel)
    rig.send(sender)
    assert [attempt for attempt, _ in sender.handed] == ["lost-1"]
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 3, Outcome.CANCELLED: 6}
    assert sum(rig.told) == 3


def test_a_cancelled_mailing_is_not_repeated() -> None:
    rig, sender = interrupted(), Noting()
    rig.ledger.cancel()
    rig.send(sender)
    assert sender.handed == []
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 6, Outcome.CANCELLED: 3}


def test_a_latest_time_that_comes_while_it_waits_leaves_doubt_and_ends_the_mailing() -> None:
    rig, sender = interrupted(), Noting(script=lambda _: Answer(verdict=Verdict.TRY_LATER, retry_after=20))
    rig.ledger.latest = BEGIN + timedelta(seconds=10)
    rig.send(sender)
    assert [attempt for attempt, _ in sender.handed] == ["lost-1"]
    assert rig.ledger.outcomes() == {Outcome.UNCERTAIN: 3, Outcome.CANCELLED: 6}
    assert rig.ledger.state is MailingState.FINISHED


def test_a_full_disk_pauses_the_mailing_and_the_next_run_repeats_what_is_left() -> None:
    rig = interrupted()
    rig.send(Noting(script=lambda _: AWAY))
    assert (rig.ledger.state, rig.ledger.reason) == (MailingState.PAUSED, "connection refused")
    again = Noting()
    rig.send(again)
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 9}


def test_a_stop_leaves_it_for_the_next_run() -> None:
    rig, sender = interrupted(), Noting()
    rig.stop.set()
    rig.send(sender)
    assert (sender.handed, rig.ledger.outcomes()[Outcome.IN_FLIGHT]) == ([], 6)
