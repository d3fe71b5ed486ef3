"""What an earlier process left on its way: each sender says what it remembers."""

from __future__ import annotations

import pytest

from newsletter.errors import SecretMissing
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import ChunkState, MailingState, Outcome
from tests.deliver.memory_ledger import NUMBER, MemoryLedger
from tests.deliver.rig import Rig, numbers
from tests.support.mailing import BEGIN, DOUBT, ScriptedSender


def interrupted(sender: str = "scripted", count: int = 12) -> Rig:
    """A process that died with two chunks of three on their way."""
    ledger = MemoryLedger(count, size=3)
    lease = ledger.take(NUMBER, "dead", BEGIN)
    for n in (1, 2):
        assert ledger.claim(lease, f"lost-{n}", sender, BEGIN, 3)
    ledger.owner = ""
    return Rig(ledger)


def test_where_repeating_is_harmless_they_are_redone() -> None:
    rig = interrupted()
    sender = ScriptedSender(repeatable=True)
    rig.send(sender)
    assert sorted(numbers(sender)) == list(range(1, 13))


def test_a_sender_that_remembers_nothing_leaves_them_in_doubt() -> None:
    rig = interrupted()
    sender = ScriptedSender()
    rig.send(sender)
    assert (sorted(numbers(sender)), rig.ledger.outcome(1)) == (list(range(7, 13)), Outcome.UNCERTAIN)
    assert {one.by for one in rig.ledger.attempts.values()} == {""}


def test_a_journal_settles_each_by_itself() -> None:
    rig = interrupted()
    remembered = Answer(verdict=Verdict.TRY_LATER, taken=frozenset({1, 4}), doubtful={2: "begun"}, blamed={5: "550"})
    sender = ScriptedSender(remembers=lambda _: remembered)
    rig.send(sender)
    assert [rig.ledger.outcome(n) for n in (1, 2, 4, 5)] == [
        Outcome.ACCEPTED,
        Outcome.UNCERTAIN,
        Outcome.ACCEPTED,
        Outcome.REFUSED,
    ]
    assert sorted(numbers(sender)) == [3, *range(6, 13)]
    assert {rig.ledger.attempts[f"lost-{n}"].by for n in (1, 2)} == {"journal"}
    assert sum(rig.told) == 12


def test_what_is_remembered_is_no_trouble_of_the_sender_now() -> None:
    rig = interrupted()
    rig.send(ScriptedSender(remembers=lambda _: Answer(verdict=Verdict.TRY_LATER)))
    assert rig.clock() == BEGIN
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 12}


def test_the_sender_that_it_was_handed_to_is_asked_and_no_other() -> None:
    rig = interrupted(sender="second")
    taken = Answer(verdict=Verdict.ACCEPTED)
    first = ScriptedSender(name="first", repeatable=True)
    rig.send(first, ScriptedSender(name="second", remembers=lambda _: taken))
    assert (sorted(numbers(first)), rig.ledger.outcomes()) == (list(range(7, 13)), {Outcome.ACCEPTED: 12})


def test_a_sender_that_is_not_set_up_any_more_leaves_doubt() -> None:
    rig = interrupted(sender="gone")
    rig.send(ScriptedSender(repeatable=True))
    answer = rig.ledger.attempts["lost-1"].answer
    assert answer
    assert answer.detail == "interrupted, and gone is not set up any more"
    assert rig.ledger.outcomes()[Outcome.UNCERTAIN] == 6


def test_a_sender_that_is_not_set_up_any_more_may_still_remember() -> None:
    rig = interrupted(sender="gone")
    asked: list[str] = []
    memory = ScriptedSender(
        remembers=lambda _: Answer(verdict=Verdict.TRY_LATER, taken=frozenset({1}), doubtful={4: ""})
    )

    def past(name: str) -> ScriptedSender:
        asked.append(name)
        return memory

    rig.past = past
    sender = ScriptedSender()
    rig.send(sender)
    assert asked == ["gone", "gone"]
    assert (sorted(numbers(sender)), memory.delivered) == ([2, 3, *range(5, 13)], [])
    assert rig.ledger.outcomes() == {Outcome.ACCEPTED: 11, Outcome.UNCERTAIN: 1}
    assert {rig.ledger.attempts[f"lost-{n}"].by for n in (1, 2)} == {"journal"}


def test_a_past_sender_is_not_opened_for_nothing() -> None:
    rig = interrupted()

    def past(_: str) -> None:
        raise AssertionError

    rig.past = past
    rig.send(ScriptedSender())


def test_a_memory_that_cannot_be_opened_is_doubt() -> None:
    rig = interrupted(sender="gone")

    def past(_: str) -> None:
        raise SecretMissing("KEY")

    rig.past = past
    rig.send(ScriptedSender())
    assert rig.ledger.outcomes()[Outcome.UNCERTAIN] == 6


def test_a_fault_in_remembering_is_doubt() -> None:
    rig = interrupted()

    def remembers(_: object) -> Answer:
        raise OSError

    rig.send(ScriptedSender(remembers=remembers))
    assert rig.ledger.outcomes()[Outcome.UNCERTAIN] == 6


@pytest.mark.parametrize("state", [MailingState.FINISHED, MailingState.CANCELLED])
def test_they_are_cleared_up_also_when_nothing_is_left_to_send(state: MailingState) -> None:
    rig = interrupted(count=6)
    rig.ledger.state = state
    rig.send(ScriptedSender(remembers=lambda _: DOUBT))
    assert {chunk.state for chunk in rig.ledger.chunks.values()} == {ChunkState.UNCERTAIN}
