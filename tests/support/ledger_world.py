"""A world in which mailings are sent by processes that crash, stall and wake, to a provider that may not answer.

It knows what really happened, and what was told to the ledger. The rules stand in tests/store/test_ledger_states.py.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert

from newsletter.deliver.moves import settlement
from newsletter.errors import LeaseLost
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import MailingState, Outcome
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.ledger.exporting import deliveries
from newsletter.store.upkeep import inspecting_ledger
from tests.support.ledger import Process, mailing_of, outcomes
from tests.support.mailing import BEGIN
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from sqlalchemy.engine import Connection

    from newsletter.model.sending import Claim
    from newsletter.store.database import Store

#: what the ledger knows of one reader in one attempt. "word": in doubt until a person said that it was not sent
OPEN, TAKEN, NO, DOUBT, WORD = "no answer yet", "taken", "certainly not taken", "in doubt", "not sent, a person said"
#: the ledger must not send again to whoever stands so
_KEEPS_OFF = {OPEN, TAKEN, DOUBT}
LONGER_THAN_A_LEASE = timedelta(minutes=3)


@dataclass
class Handed:
    """One reader in one attempt. `taken` is the truth; `known` is what the ledger was told."""

    mailing: int
    n: int
    attempt: str
    reader: int
    taken: bool
    known: str = OPEN


@dataclass
class Flight:
    """An attempt whose process has not stored an answer yet."""

    process: Process
    claim: Claim
    answer: Answer
    #: n -> what the answer says of it
    says: dict[int, str] = field(default_factory=dict)


class World:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = BEGIN
        self.processes: list[Process] = []
        self.flights: list[Flight] = []
        self.handed: list[Handed] = []
        #: mailing -> its round of the issue
        self.rounds: dict[int, int] = {}
        #: people who left, were suppressed or erased
        self.gone: set[int] = set()
        #: (round, reader) -> second copies for which a person's word is to blame
        self.allowed: Counter[tuple[int, int]] = Counter()

    # --- processes

    def take(self, mailing: int) -> Process:
        """A new process; whoever had the mailing before has shown no sign of life for longer than a lease."""
        self.now += LONGER_THAN_A_LEASE
        process = Process(self.store, mailing, f"process {len(self.processes)}", self.now)
        self.processes.append(process)
        return process

    def holder_of(self, mailing: int) -> Process | None:
        return next((one for one in reversed(self.processes) if one.mailing == mailing), None)

    def claim(self, process: Process, most: int, fate: Callable[[list[int]], dict[int, tuple[bool, str]]]) -> bool:
        """`fate` draws for each n whether the provider takes it, and what it says."""
        try:
            claim = process.claim(most)
        except LeaseLost:
            assert process is not self.holder_of(process.mailing)
            return False
        assert process is self.holder_of(process.mailing), "a process claims that lost its lease"
        if claim is None:
            return False
        numbers = [n for n, _ in claim.readers]
        drawn = fate(numbers)
        for n, reader in claim.readers:
            assert reader.number not in self.gone, "somebody who left, was suppressed or erased is mailed"
            self._refuse_a_second_time(process.mailing, n, reader.number)
            taken, said = drawn[n]
            self.handed.append(Handed(process.mailing, n, claim.attempt, reader.number, taken))
            # the provider says no, and has it: as long as nothing proves it there may be a second copy
            self.allowed[self.rounds[process.mailing], reader.number] += taken and said in {"later", "refused"}
        says = {n: said for n, (_, said) in drawn.items()}
        self.flights.append(Flight(process, claim, answer_of(says), says))
        return True

    def _refuse_a_second_time(self, mailing: int, n: int, reader: int) -> None:
        """Whatever earlier attempt there was must be known to have failed, or a person said so."""
        known_here = [one for one in self.handed if (one.mailing, one.n) == (mailing, n)]
        for earlier in self.handed:
            if earlier.reader == reader and self.rounds[earlier.mailing] == self.rounds[mailing]:
                # proved for another mailing while it was in flight here: that is not looked for
                too_late = earlier.mailing != mailing and earlier.known == TAKEN and known_here
                assert too_late or earlier.known not in _KEEPS_OFF, (mailing, n, earlier)

    def answer(self, flight: Flight) -> None:
        self.flights.remove(flight)
        self._settle(flight.process, flight.claim, flight.answer, flight.says)

    def orphans(self, process: Process, recalled: Callable[[Handed], str]) -> None:
        """The next process asks what became of them; `recalled` is what the sender remembers of one."""
        try:
            orphans = process.ledger.orphans(process.lease)
        except LeaseLost:
            return
        for claim in orphans:
            mine = {one.n: one for one in self.handed if one.attempt == claim.attempt}
            says = {n: recalled(mine[n]) for n, _ in claim.readers}
            self._settle(process, claim, answer_of(says), says)

    def _settle(self, process: Process, claim: Claim, answer: Answer, says: dict[int, str]) -> None:
        """Store it, and note what the ledger knows now."""
        before = outcomes(self.store, process.mailing)
        moves = settlement(answer, claim.chunk, [n for n, _ in claim.readers], random.Random(1))
        late = False
        try:
            process.ledger.settle(process.lease, claim, answer, moves, process.now)
        except LeaseLost:
            late = True
        assert late is (process is not self.holder_of(process.mailing)), "who may store an answer is not clear"
        somebody = "yes" in says.values()
        for one in self.of_attempt(claim.attempt):
            said = says.get(one.n, "doubt")
            if one.known == TAKEN:
                continue
            late_for_it = late or before[one.n] is not Outcome.IN_FLIGHT
            if not late_for_it:
                one.known = {"yes": TAKEN, "doubt": DOUBT}.get(said, NO)
            elif one is self.last(one) and said == "yes":
                one.known = TAKEN
            elif somebody and said == "refused" and one.known == DOUBT and one is self.last(one):
                one.known = NO

    # --- what the world says later

    def event(self, attempt: str, numbers: Collection[int] | None, named: Collection[int]) -> None:
        from newsletter.store.ledger import settle_by_event

        handed = self.of_attempt(attempt)
        before = outcomes(self.store, handed[0].mailing)
        with self.store.write() as connection:
            settle_by_event(connection, attempt, numbers, self.now, mailing=handed[0].mailing, named=named)
        for one in handed:
            exact = one.n in named or (numbers is not None and one.n in numbers)
            latest = one is self.last(one) and before[one.n] is not Outcome.EXCLUDED
            if exact or (numbers is None and latest):
                one.known = TAKEN

    def word(self, mailing: int, *, accepted: bool, only: Collection[int] | None) -> None:
        from newsletter.store.ledger import resolve_uncertain

        doubtful = {n for n, stands in outcomes(self.store, mailing).items() if stands is Outcome.UNCERTAIN}
        meant = doubtful if only is None else doubtful & set(only)
        with self.store.write() as connection:
            count = resolve_uncertain(connection, mailing, accepted=accepted, now=self.now, only=only)
        assert count == len(meant), (count, meant)
        for one in self.handed:
            if one.mailing == mailing and one.n in meant and one is self.last(one):
                one.known = TAKEN if accepted else WORD
                one.taken |= accepted  # from now on that is what everybody believes
                self.allowed[self.rounds[mailing], one.reader] += 0 if accepted else one.taken

    # --- looking

    def knows(self, what: str) -> bool:
        return any(one.known == what for one in self.handed)

    def of_attempt(self, attempt: str) -> list[Handed]:
        return [one for one in self.handed if one.attempt == attempt]

    def last(self, one: Handed) -> Handed:
        """The last attempt that this delivery was in."""
        return [other for other in self.handed if (other.mailing, other.n) == (one.mailing, one.n)][-1]

    def doubt_what_was_left(self, mailing: int) -> None:
        """A mailing that is cancelled calls it doubt when nobody is left who could answer."""
        told = outcomes(self.store, mailing)
        for one in self.handed:
            if one.mailing == mailing and one.known == OPEN and told[one.n] is Outcome.UNCERTAIN:
                one.known = DOUBT

    def look(self) -> None:
        """What must hold at every moment."""
        copies = Counter((self.rounds[one.mailing], one.reader) for one in self.handed if one.taken)
        too_many = {who: count for who, count in copies.items() if count > 1 + self.allowed[who]}
        assert not too_many, f"somebody got it twice: {too_many}"
        with self.store.read() as connection:
            wrong = [one for one in inspecting_ledger.of_mailings(connection) if one.wrong]
            assert not wrong, wrong
            for mailing in self.rounds:
                told = {one.n: one.outcome for one in deliveries(connection, mailing)}
                assert Counter(told.values()) == mailings.tally(connection, mailing).outcomes
                self._compare(mailing, told)

    def _compare(self, mailing: int, told: dict[int, Outcome]) -> None:
        """The ledger says of nobody that they do not have it who may have it, nor the other way round."""
        for n, stands in told.items():
            theirs = [one for one in self.handed if (one.mailing, one.n) == (mailing, n)]
            where = (mailing, n, stands, theirs)
            if stands in {Outcome.PLANNED, Outcome.REFUSED, Outcome.CANCELLED, Outcome.EXCLUDED}:
                assert not [one for one in theirs if one.known in _KEEPS_OFF], where
            elif stands is Outcome.ACCEPTED:
                assert [one for one in theirs if one.taken], where
            elif stands is Outcome.UNCERTAIN:
                assert [one for one in theirs if one.known in {DOUBT, OPEN}], where
            else:
                assert [one for one in theirs if one.known in {OPEN, TAKEN}], where

    def is_over(self, mailing: int) -> bool:
        return mailing_of(self.store, mailing).state in {MailingState.FINISHED, MailingState.CANCELLED}


def answer_of(says: dict[int, str]) -> Answer:
    """The verdict of the most, and each other one by name."""
    verdicts = {
        "yes": Verdict.ACCEPTED,
        "later": Verdict.TRY_LATER,
        "refused": Verdict.REFUSED,
        "doubt": Verdict.UNCERTAIN,
    }
    most = Counter(says.values()).most_common(1)[0][0] if says else "doubt"
    return Answer(
        verdict=verdicts[most],
        detail=most,
        taken=frozenset(_who(says, most, "yes")),
        doubtful=dict.fromkeys(_who(says, most, "doubt"), "doubt"),
        blamed=dict.fromkeys(_who(says, most, "refused"), "refused"),
        deferred=dict.fromkeys(_who(says, most, "later"), "later"),
    )


def _who(says: dict[int, str], most: str, what: str) -> Iterable[int]:
    return [] if what == most else [n for n, said in says.items() if said == what]


def add_people(connection: Connection, list_: int, addresses: Iterable[str]) -> list[tuple[int, str]]:
    """Subscribed people; returns (number, hash) of each."""
    people = []
    for address in addresses:
        who = {"public_id": hash_of(address), "identity_hash": hash_of(address), "address": address, "attributes": {}}
        row = insert(t.subscribers).values(**who, created_at=NOW).returning(t.subscribers.c.number)
        number = connection.execute(row).scalar_one()
        joined = {"subscriber": number, "list": list_, "status": "subscribed", "changed_at": NOW}
        connection.execute(insert(t.subscriptions).values(joined))
        people.append((number, hash_of(address)))
    return people


def readers_of(store: Store, mailing: int) -> list[tuple[int, int]]:
    """(n, subscriber)."""
    with store.read() as connection:
        return [(one.n, one.subscriber) for one in deliveries(connection, mailing)]
