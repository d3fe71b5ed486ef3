"""Any order of claims, answers, crashes, stalls, words and events: nobody twice, nobody forgotten, the sum holds."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from newsletter.errors import LeaseLost, StateForbids
from newsletter.model.mailing import Outcome
from newsletter.model.subscriber import ConsentSource, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.ledger import cancel, pause, retry
from newsletter.store.people import consent, erasing, lists
from tests.support.ledger import outcomes, plan
from tests.support.ledger_world import DOUBT, LONGER_THAN_A_LEASE, NO, OPEN, World, add_people, readers_of
from tests.support.readers import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.store.database import Store
    from tests.support.ledger import Process

_EXAMPLES = itertools.count()
#: readers of each example
_PEOPLE = 9
_ROUNDS = 4
#: what is done to several: whole numbers that stand for one of them, whatever there is
_one_of = st.integers(0, 1000)
_some = st.sets(st.integers(1, _PEOPLE), min_size=1)
#: what a provider does with a chunk, and says of it
_EACH = ("yes", "later", "refused", "doubt, taken", "doubt, not taken")
_ALIKE = ("yes", "later", "refused", "doubt, taken", "doubt, not taken", "a lie", "a lie for good")
#: of each of three readers
_fates = st.booleans().flatmap(
    lambda alike: (
        st.sampled_from(_ALIKE).map(lambda one: [one] * 3)
        if alike
        else st.lists(st.sampled_from(_EACH), min_size=3, max_size=3)
    )
)
_TRUTH = {"yes": True, "doubt, taken": True, "a lie": True, "a lie for good": True}
_SAYS = {"a lie": "later", "a lie for good": "refused"}


def _fate(name: str) -> tuple[bool, str]:
    return _TRUTH.get(name, False), _SAYS.get(name, name.split(",", maxsplit=1)[0])


class Sent(NamedTuple):
    """How a chunk is handed over."""

    which: int
    most: int
    fates: list[str]
    answered: bool


_sending = st.builds(Sent, _one_of, st.sampled_from((3, 3, 2, 1)), _fates, st.booleans())


def step(**drawn: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule, after which something is sent: else most examples would be about an idle mailing."""

    def made(method: Callable[..., None]) -> Any:
        def both(self: Sending, then: Sent, **mine: Any) -> None:
            method(self, **mine)
            self.hand_over(then)

        both.__name__ = method.__name__
        return rule(then=_sending, **drawn)(both)  # type: ignore[no-untyped-call]

    return made


class Sending(RuleBasedStateMachine):
    """Several processes, mailings and people; `World` knows the truth."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self._clear()
        self.world = World(self.store)
        self.issue = f"issue-{next(_EXAMPLES)}"
        with self.store.write() as connection:
            self.list = lists.add(connection, self.issue, self.issue, NOW).number
            self.people = add_people(connection, self.list, [f"{n}.{self.issue}@example.org" for n in range(_PEOPLE)])
        self._plan()

    def _clear(self) -> None:
        """What an earlier example left: every look would look at that too."""
        with self.store.write() as connection:
            for table in reversed(t.metadata.sorted_tables):
                if table not in {t.facts, t.audit_log}:
                    connection.execute(table.delete())

    def _plan(self, again: str = "", latest: int | None = None) -> int:
        latest_at = self.world.now + latest * LONGER_THAN_A_LEASE if latest else None
        number = plan(
            self.store, (self.list,), issue=self.issue, size=3, again=again, latest_at=latest_at, now=self.world.now
        )
        self.world.rounds[number] = number if again else 0
        return number

    def _mailing(self, which: int) -> int:
        numbers = sorted(self.world.rounds)
        return numbers[which % len(numbers)]

    # --- sending

    @precondition(lambda self: len(self.world.rounds) < _ROUNDS)
    @step(again=st.sampled_from(("", "a wrong number", "another")), latest=st.sampled_from((None, None, 2, 6)))
    def plan(self, again: str, latest: int | None) -> None:
        self._plan(again, latest)

    @rule(how=_sending)
    def send(self, how: Sent) -> None:
        self.hand_over(how)

    def hand_over(self, how: Sent) -> None:
        """The answer is stored at once, or stays on its way. Where nothing is left to send a new round begins."""
        mailing = self._mailing(how.which)
        process = self.world.holder_of(mailing) or self.world.take(mailing)
        claimed = self._claim(process, how)
        if not claimed and not self.world.is_over(mailing):
            claimed = self._claim(self.world.take(mailing), how)
        if not claimed and len(self.world.rounds) < _ROUNDS:
            claimed = self._claim(self.world.take(self._plan("again")), how)
        if claimed and how.answered:
            self.world.answer(self.world.flights[-1])

    def _claim(self, process: Process, how: Sent) -> bool:
        return self.world.claim(
            process, how.most, lambda numbers: {n: _fate(how.fates[at % 3]) for at, n in enumerate(numbers)}
        )

    @precondition(lambda self: self.world.processes)
    @step(which=_one_of, how=_sending)
    def wake(self, which: int, how: Sent) -> None:
        """A process goes on that another has taken over from."""
        process = self.world.processes[which % len(self.world.processes)]
        self.world.take(process.mailing)
        self._claim(process, how)

    @precondition(lambda self: self.world.flights)
    @step(which=_one_of, crashes=st.sampled_from((False, False, True)))
    def answer(self, which: int, crashes: bool) -> None:
        """It is stored, also late; or never, where its process dies."""
        flight = self.world.flights[which % len(self.world.flights)]
        if crashes:
            self.world.flights.remove(flight)
        else:
            self.world.answer(flight)

    @precondition(lambda self: self.world.knows(OPEN))
    @step(which=_one_of, remembers=st.booleans())
    def ask_what_was_left(self, which: int, remembers: bool) -> None:
        known = {True: "yes", False: "later"}
        process = self.world.take(self._mailing(which))
        self.world.orphans(process, lambda one: known[one.taken] if remembers else "doubt")

    @precondition(lambda self: self.world.handed)
    @step()
    def finish(self) -> None:
        for process in self.world.processes[-2:]:
            with suppress(LeaseLost):
                process.finish()

    # --- people's words

    @step(which=_one_of, cancels=st.sampled_from((False, False, True)), alive=st.booleans())
    def stop(self, which: int, cancels: bool, alive: bool) -> None:
        number = self._mailing(which)
        with suppress(StateForbids), self.store.write() as connection:
            if cancels:
                cancel(connection, number, "wrong issue", self.world.now, lambda _: alive)
            else:
                pause(connection, number, "wait", self.world.now)
        self.world.doubt_what_was_left(number)

    @precondition(lambda self: self.world.knows(DOUBT))
    @step(which=_one_of, accepted=st.booleans(), only=st.none() | _some)
    def resolve(self, which: int, accepted: bool, only: set[int] | None) -> None:
        self.world.word(self._mailing(which), accepted=accepted, only=only)

    @precondition(lambda self: self.world.knows(NO))
    @step(which=_one_of, reason=st.sampled_from((None, "refused")))
    def try_again(self, which: int, reason: str | None) -> None:
        with suppress(StateForbids), self.store.write() as connection:
            retry(connection, self._mailing(which), self.world.now, reason)

    # --- events

    @precondition(lambda self: any(one.taken for one in self.world.handed))
    @step(which=_one_of, whole=st.booleans(), some=_some)
    def event(self, which: int, whole: bool, some: set[int]) -> None:
        taken = [one for one in self.world.handed if one.taken]
        attempt = taken[which % len(taken)].attempt
        theirs = self.world.of_attempt(attempt)
        named = {one.n for one in theirs if one.taken} & some
        if whole and all(one.taken for one in theirs):
            self.world.event(attempt, None, named)
        elif named:
            self.world.event(attempt, named, named)

    # --- people

    @precondition(lambda self: len(self.world.gone) < 3)
    @step(which=_one_of, how=st.sampled_from(("leave", "suppress", "erase")))
    def lose(self, which: int, how: str) -> None:
        number, hash_ = self.people[which % _PEOPLE]
        with self.store.write() as connection:
            if how == "leave":
                consent.leave(connection, number, [self.list], ConsentSource.PAGE, None, NOW)
            elif how == "suppress":
                reason, source = SuppressionReason.COMPLAINT, "test"
                suppressions.add(connection, hash_, None, reason, source, NOW)
            else:
                erasing.erase(connection, hash_, None, NOW)
        self.world.gone.add(number)

    # --- what must hold

    @invariant()
    def nobody_twice_and_the_ledger_tells_what_it_was_told(self) -> None:
        self.world.look()

    def teardown(self) -> None:
        """Sent to the end, with a provider that says yes, everybody has an outcome, and whoever is left has the issue."""
        self.world.flights.clear()
        for number in [*self.world.rounds, None]:
            self._send_to_the_end(self._plan() if number is None else number)
        self.world.look()
        reached = set()
        for number in self.world.rounds:
            told = outcomes(self.store, number)
            assert not {Outcome.PLANNED, Outcome.IN_FLIGHT} & {*told.values()}, (number, told)
            has = {n for n, stands in told.items() if stands in {Outcome.ACCEPTED, Outcome.UNCERTAIN}}
            reached |= {reader for n, reader in readers_of(self.store, number) if n in has}
        assert {number for number, _ in self.people} <= reached | self.world.gone, "somebody was forgotten"

    def _send_to_the_end(self, number: int) -> None:
        process = self.world.take(number)
        self.world.orphans(process, lambda _: "doubt")
        for _ in range(100):
            process.now = process.ledger.next_due(process.lease) or process.now
            if not self.world.claim(process, 100, lambda numbers: dict.fromkeys(numbers, (True, "yes"))):
                break
            self.world.answer(self.world.flights[-1])
        process.finish()
        assert self.world.is_over(number)


def test_any_order_of_events(store: Store, backend: str) -> None:
    """SQLite more often: PostgreSQL takes longer, and the rules are the same."""

    class Here(Sending): ...

    Here.store = store
    examples, steps = (6, 20) if backend == "sqlite" else (2, 15)
    run_state_machine_as_test(Here, settings=settings(max_examples=examples, stateful_step_count=steps))
