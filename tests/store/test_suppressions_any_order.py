"""In whatever order people are suppressed, one by one or by files, and let back: no event is lost, the gravest stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model.subscriber import SuppressionReason
from newsletter.model.suppressing import GRAVITY, Suppressing
from newsletter.store import suppressions
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.suppressions.many import add_many
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.store.database import Store

PEOPLE = ("ada", "bob")
REASONS = st.sampled_from(SuppressionReason)
NAMES = st.sampled_from(PEOPLE)
#: days before the step that a file says; None: it says nothing
AGES = st.none() | st.integers(0, 4)
STEPS = st.lists(
    st.tuples(st.just("add"), NAMES, REASONS)
    | st.tuples(st.just("lift"), NAMES)
    | st.tuples(st.just("file"), st.lists(st.tuples(NAMES, REASONS, AGES), max_size=4)),
    max_size=8,
)
_EXAMPLES = count()


@dataclass
class Expected:
    """What should be known of one person, in the plainest words."""

    events: list[tuple[str, SuppressionReason]] = field(default_factory=list)
    since_lifting: list[SuppressionReason] = field(default_factory=list)
    lifted_at: datetime | None = None

    @property
    def standing(self) -> SuppressionReason | None:
        return max(self.since_lifting, key=GRAVITY.__getitem__, default=None)

    def suppress(self, reason: SuppressionReason, at: datetime | None) -> None:
        if at is not None and self.lifted_at is not None and at <= self.lifted_at:
            return
        if reason not in self.since_lifting:
            self.since_lifting.append(reason)
            self.events.append(("added", reason))

    def lift(self, now: datetime) -> None:
        if self.standing is not None:
            self.events.append(("lifted", self.standing))
            self.since_lifting, self.lifted_at = [], now


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_event_is_lost_and_the_gravest_reason_stands(store: Store, steps: list[tuple[object, ...]]) -> None:
    # others in every example: the store is not emptied between them
    people = {name: f"{name}{next(_EXAMPLES)}@example.org" for name in PEOPLE}
    expected = {name: Expected() for name in PEOPLE}
    for day, step in enumerate(steps):
        now = NOW + timedelta(days=day)
        with store.write() as connection:
            match step:
                case ("add", str(name), SuppressionReason() as reason):
                    suppressions.add(connection, hash_of(people[name]), people[name], reason, "a test", now)
                    expected[name].suppress(reason, None)
                case ("lift", str(name)):
                    suppressions.lift(connection, hash_of(people[name]), "they asked", now)
                    expected[name].lift(now)
                case ("file", list(rows)):
                    dated = [
                        (name, reason, None if age is None else now - timedelta(days=age)) for name, reason, age in rows
                    ]
                    add_many(connection, [entry(people[name], reason, at) for name, reason, at in dated], now)
                    for name, reason, at in dated:
                        expected[name].suppress(reason, at)
    with store.read() as connection:
        for name, address in people.items():
            key = hash_of(address)
            found = suppression_of(connection, key)
            assert (found and found.reason) == expected[name].standing
            told = [(event.action, event.reason) for event in suppressions.events_of(connection, key)]
            assert told == expected[name].events


def entry(address: str, reason: SuppressionReason, at: datetime | None) -> Suppressing:
    return Suppressing(identity_hash=hash_of(address), identity=address, reason=reason, source="a file", at=at)
