"""Where repeating is harmless an interrupted attempt is repeated as it was: some of its readers have the mail already."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
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
