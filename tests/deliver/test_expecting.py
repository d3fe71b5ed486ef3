"""A sender hears of each attempt before the ledger stores it, so that it is never asked about one it does not know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from newsletter.model.letter import Answer, Verdict
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import Rig
from tests.support.mailing import ACCEPTED, ScriptedSender


@dataclass
class Expecting(ScriptedSender):
    expected: list[str] = field(default_factory=list)

    def expect(self, attempt: str) -> None:
        self.expected.append(attempt)


class Strict(MemoryLedger):
    """Stores no attempt that its sender does not expect."""

    sender: Expecting

    def claim(self, *args: object) -> object:  # type: ignore[override]
        assert args[1] in self.sender.expected
        return super().claim(*args)  # type: ignore[arg-type]


def test_it_hears_of_each_before_it_is_stored() -> None:
    ledger, sender = Strict(12, size=3), Expecting(in_flight=2)
    ledger.sender = sender
    Rig(ledger).send(sender)
    assert set(ledger.attempts) <= set(sender.expected)
    assert (
        len(sender.expected) == len({*sender.expected}) == len(ledger.attempts) + 1
    )  # the last found nothing to claim


def test_one_that_finds_nothing_to_claim_is_still_expected_later() -> None:
    answers = iter([Answer(verdict=Verdict.TRY_LATER, retry_after=30)])
    sender = Expecting(script=lambda _: next(answers, ACCEPTED))
    rig = Rig(MemoryLedger(3, size=3))
    begun = rig.clock()
    rig.send(sender)
    assert rig.clock() - begun >= timedelta(seconds=30)
    assert len(sender.expected) == 3
