"""An attempt whose process died between storing it and handing over its first message was certainly not begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.letter import Verdict
from tests.compose.letters import envelope, letter
from tests.fakes.smtp import FakeSmtp

if TYPE_CHECKING:
    from tests.esp.smtp_bench import Smtp


def test_who_was_expected_and_never_submitted_is_planned_again(smtp: Smtp) -> None:
    sender = smtp(25)
    sender.expect("a")
    sender.close()  # as the end of the process lets go of the lock
    answer = smtp(25).recall("a", [1, 2, 3])
    assert (answer.verdict, answer.taken, answer.doubtful) == (Verdict.TRY_LATER, frozenset(), {})


def test_of_one_that_nobody_expected_nobody_can_say_anything(smtp: Smtp) -> None:
    assert smtp(25).recall("a", [1]).verdict is Verdict.UNCERTAIN


def test_while_it_is_expected_it_may_still_be_handed_over(smtp: Smtp) -> None:
    smtp(25).expect("a")
    answer = smtp(25).recall("a", [1])
    assert (answer.verdict, "still at it" in answer.detail) == (Verdict.UNCERTAIN, True)


def test_what_is_submitted_goes_on_in_the_same_journal(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        sender = smtp(fake.port)
        sender.expect("a")
        assert sender.submit(letter(), "a", [envelope(1)]).verdict is Verdict.ACCEPTED
        assert sender.recall("a", [1, 2]).taken == {1}
    assert len(list((smtp.folder / ".newsletter" / "journal").iterdir())) == 1


def test_a_disk_that_takes_no_journal_is_told_by_the_answer(smtp: Smtp) -> None:
    (smtp.folder / ".newsletter").write_text("in the way", encoding="ascii")
    sender = smtp(25)
    sender.expect("a")
    answer = sender.submit(letter(), "a", [envelope(1)])
    assert (answer.verdict, "journal" in answer.detail) == (Verdict.TRY_LATER, True)


def test_one_that_is_answered_before_it_is_begun_is_let_go(smtp: Smtp) -> None:
    sender = smtp(25)
    for attempt, readers in (("a", 0), ("b", 101)):
        sender.expect(attempt)
        sender.submit(letter(), attempt, [envelope(n) for n in range(readers)])
        assert not smtp(25).recall(attempt, [1]).doubtful
        assert smtp(25).recall(attempt, [1]).verdict is Verdict.TRY_LATER


def test_those_that_never_follow_are_let_go_as_others_are_expected(smtp: Smtp) -> None:
    sender = smtp(25, connections=2)
    for n in range(200):
        sender.expect(f"a{n}")
    told = [smtp(25).recall(f"a{n}", [1]).verdict for n in (0, 196, 197, 199)]
    assert told == [Verdict.TRY_LATER, Verdict.TRY_LATER, Verdict.UNCERTAIN, Verdict.UNCERTAIN]


def test_one_that_was_let_go_can_still_be_handed_over(smtp: Smtp) -> None:
    with FakeSmtp() as fake:
        sender = smtp(fake.port, connections=1)
        for n in range(5):
            sender.expect(f"a{n}")
        assert sender.submit(letter(), "a0", [envelope(1)]).verdict is Verdict.ACCEPTED
        assert sender.recall("a0", [1, 2]).taken == {1}
