"""Any answers, crashes, pauses and new runs, through one sender or two: nobody twice, nobody forgotten, nothing claimed."""

from __future__ import annotations

import random
import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.deliver.terms import Terms
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from tests.deliver.memory_ledger import MemoryLedger
from tests.deliver.rig import Rig
from tests.deliver.test_moves_told import told
from tests.support.mailing import ScriptedSender

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.letter import Envelope

TERMS = Terms(retry=timedelta(seconds=6), fallback_after=timedelta(seconds=3), refused_percent=50)
MOST_RUNS = 400


class Crash(BaseException):
    """A `kill -9` in the middle of something."""


class Brittle(MemoryLedger):
    """A ledger in whose process the power fails now and then, right before or after a commit."""

    fate: random.Random

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


class World:
    """What the provider really took, and what it says."""

    def __init__(self, fate: random.Random) -> None:
        self.fate = fate
        self.lock = threading.Lock()
        self.taken: Counter[int] = Counter()

    def script(self, envelopes: Sequence[Envelope]) -> Answer:
        numbers = [envelope.n for envelope in envelopes]
        with self.lock:
            if self.fate.random() < 0.05:
                self.taken.update(numbers if self.fate.random() < 0.5 else ())
                raise Crash
            answer = self.answer(numbers)
            said = {n: told(answer, n, numbers, 0) for n in numbers}
            self.taken.update(n for n in numbers if said[n] == "accepted")
            self.taken.update(n for n in numbers if said[n] == "uncertain" and self.fate.random() < 0.5)
            return answer

    def answer(self, numbers: Sequence[int]) -> Answer:
        def some() -> list[int]:
            return [n for n in numbers if self.fate.random() < 0.1]

        weights = {Verdict.ACCEPTED: 12, Verdict.TRY_LATER: 4}
        verdict = self.fate.choices([*Verdict], [weights.get(verdict, 1) for verdict in Verdict])[0]
        return Answer(
            verdict=verdict,
            taken=frozenset(some()),
            doubtful=dict.fromkeys(some(), "?"),
            blamed=dict.fromkeys(some(), "550"),
            deferred=dict.fromkeys(some(), "452"),
        )


def sent_to_the_end(seed: int, in_flight: int, per_second: float | None = None) -> tuple[Brittle, World]:
    """Run after run, until the mailing is through."""
    fate = random.Random(seed)
    ledger, world = Brittle(fate.randint(1, 60), size=fate.randint(1, 20)), World(fate)
    ledger.fate = fate
    rig = Rig(ledger, TERMS if per_second is None else Terms(per_second=per_second, refused_percent=0))
    for run in range(MOST_RUNS):
        senders = [
            ScriptedSender(world.script, name=name, chunk_size=fate.randint(1, 20), in_flight=in_flight)
            for name in ("first", "second")
        ]
        rig.stop.clear()
        if fate.random() < 0.2:
            rig.stop.set()
        with suppress(Crash):
            rig.send(*senders, owner=f"run {run}", seed=seed)
        ledger.owner = ""
        assert max(world.taken.values(), default=0) <= 1, "somebody got it twice"
        if ledger.state is MailingState.FINISHED:
            return ledger, world
    raise AssertionError("it never ends")


def is_told_truly(ledger: Brittle, world: World) -> None:
    for n in range(1, ledger.count + 1):
        outcome = ledger.outcome(n)
        if outcome is Outcome.ACCEPTED:
            assert world.taken[n], f"{n} was forgotten"
        else:
            assert outcome is Outcome.UNCERTAIN or (outcome is Outcome.REFUSED and not world.taken[n]), (n, outcome)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_everybody_ends_where_they_really_are(seed: int) -> None:
    is_told_truly(*sent_to_the_end(seed, in_flight=1))


@pytest.mark.parametrize("seed", range(12))
def test_also_with_several_requests_at_once(seed: int) -> None:
    is_told_truly(*sent_to_the_end(seed, in_flight=4))


@pytest.mark.parametrize("seed", range(4))
def test_also_at_a_pace(seed: int) -> None:
    is_told_truly(*sent_to_the_end(seed, in_flight=2, per_second=4))
