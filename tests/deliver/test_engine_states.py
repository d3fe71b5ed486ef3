"""Any order of answers, crashes, leavings and new runs: nobody twice, nobody forgotten, the sum holds at every look."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import mailings
from newsletter.store.database import Store
from newsletter.store.ledger import resolve_uncertain
from tests.support.mailing import BEGIN, Clock, MailingDesk, ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Envelope


class Crash(BaseException):
    """A `kill -9` in the middle of a call."""


@cache
def migrated() -> TemporaryDirectory[str]:
    """A folder with a database without rows, to be copied: making the tables takes longer than most examples."""
    folder = TemporaryDirectory()
    Store(f"sqlite:///{folder.name}/newsletter.db").close()
    return folder


class Sending(RuleBasedStateMachine):
    """`taken` is what the provider really took, whatever it told us."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        shutil.copy(Path(migrated().name) / "newsletter.db", self.folder.name)
        self.store = Store(f"sqlite:///{self.folder.name}/newsletter.db")
        self.desk = MailingDesk(self.store, Path(self.folder.name))
        self.taken: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.clock = Clock()
        self.runs = itertools.count()
        self.people = itertools.count(1)
        self.number: int | None = None

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(count=st.integers(1, 5))
    def join(self, count: int) -> None:
        self.desk.subscribe(*(f"reader{next(self.people)}@example.org" for _ in range(count)))

    @rule(chance=st.randoms(use_true_random=False))
    def leave(self, chance: object) -> None:
        del chance
        everybody = [person.address for person in self.desk.everybody() if person.address not in self.gone]
        if everybody:
            address = everybody[0]
            self.desk.leave(address)
            self.gone.add(address)

    @rule(answers=st.lists(st.sampled_from([*Verdict, "crash before", "crash after"]), max_size=6))
    def send(self, answers: list[object]) -> None:
        """Run the command: plan if nothing is unfinished, then send, with the provider answering as given."""
        with self.store.read() as connection:
            unfinished = mailings.unfinished(connection, "walking")
        number = unfinished.number if unfinished else self.desk.plan(size=2)
        self.number = number
        script = iter(answers)
        gone = frozenset(self.gone)

        def answer(envelopes: Sequence[Envelope]) -> Answer:
            said = next(script, Verdict.ACCEPTED)
            assert not gone & {e.address for e in envelopes}, "somebody who left was mailed"
            if said == "crash before":
                raise Crash
            if said in (Verdict.ACCEPTED, Verdict.UNCERTAIN, "crash after"):  # in doubt, the worst case: it was taken
                self.taken.update(e.address for e in envelopes)
            if said == "crash after":
                raise Crash
            assert isinstance(said, Verdict)
            return Answer(verdict=said, blamed={envelopes[0].n: "bad"} if said is Verdict.BLAMED else {})

        self.clock.sleep(1000)  # longer than a lease: the last run is dead or gone
        with suppress(Crash):
            self.desk.send(number, ScriptedSender(answer), clock=self.clock, owner=f"run {next(self.runs)}")

    @precondition(lambda self: self.number is not None)
    @rule()
    def a_person_says_they_have_it(self) -> None:
        assert self.number is not None
        with self.store.write() as connection:
            resolve_uncertain(connection, self.number, accepted=True, now=BEGIN)

    @invariant()
    def nobody_got_it_twice(self) -> None:
        assert not [address for address, count in self.taken.items() if count > 1]

    @invariant()
    def the_sum_holds(self) -> None:
        with self.store.read() as connection:
            for mailing in mailings.every(connection):
                tally = mailings.tally(connection, mailing.number)
                assert tally.holds, tally
                if mailing.state is MailingState.FINISHED:
                    assert not tally[Outcome.PLANNED] + tally[Outcome.IN_FLIGHT]


Sending.TestCase.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
TestSending = Sending.TestCase


def test_a_mailing_that_another_process_finished_meanwhile_stays_finished(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/newsletter.db")
    desk = MailingDesk(store, tmp_path)
    desk.readers(2)
    number = desk.plan()
    desk.send(number, ScriptedSender())
    late = ScriptedSender()
    desk.send(number, late)
    assert (late.calls, desk.mailing(number).state) == (0, MailingState.FINISHED)
    store.close()
