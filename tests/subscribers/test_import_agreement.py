"""The statements for many rows at once do what deciding.py decides for each, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model.importing import Counts, Known, Orders, Row, moment_text, person_of
from newsletter.model.subscriber import Subscriber, SubscriptionStatus, SuppressionReason
from newsletter.model.tag import tag_key
from newsletter.store.importing import StoredSubscribers
from newsletter.store.importing.lookup import Looking
from newsletter.store.people.tags import of_people
from newsletter.subscribers.importing import deciding
from newsletter.subscribers.importing.deciding import decide
from newsletter.subscribers.importing.planning import Planner
from newsletter.subscribers.importing.rows import attributes_text
from tests.support.readers import AGREED, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.store.database import Store
    from tests.support.readers import Desk

PEOPLE = ("ada@example.org", "bob@example.org", "eve@example.org", "zoe@example.org")
MOMENTS = st.sampled_from(["", *(moment_text(NOW - timedelta(days=days)) for days in (400, 200, 3))])
NAMES = st.sampled_from(["", "", "Ada", "Zoë", '"\\'])
VALUES: list[str | int | float | bool] = ["Köln", 'a"b', 1, 1.0, 61.5, True, False]
ATTRIBUTES = st.dictionaries(st.sampled_from(["city", "age", "member"]), st.sampled_from(VALUES), max_size=2)
MARKS = st.sampled_from(
    ["unsaid", "unsaid", "subscribed", "pending", "refused", "unsubscribed", "hard bounce", "complaint"]
)
ROWS = st.builds(
    Row,
    identity_hash=st.just(""),
    line=st.just(2),
    address=st.sampled_from(PEOPLE),
    first_name=NAMES,
    last_name=NAMES,
    language=st.sampled_from(["", "de"]),
    timezone=st.sampled_from(["", "Europe/Berlin"]),
    attributes=ATTRIBUTES.map(attributes_text),
    tags=st.lists(st.sampled_from(["vip", "VIP", "Läufer"]), unique_by=tag_key).map(tuple),
    mark=MARKS,
    joined_at=MOMENTS,
    left_at=MOMENTS,
    ip=st.sampled_from(["", "203.0.113.9"]),
)
BATCHES = st.lists(
    st.tuples(
        st.lists(ROWS, min_size=1, max_size=4, unique_by=lambda row: row.address),
        st.sampled_from([AGREED, None]),
        st.sampled_from([(), ("vip",), ("Everybody",)]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(batches=BATCHES, suppressed=st.sets(st.sampled_from(PEOPLE), max_size=1))
def test_batches_come_to_what_is_decided_row_by_row(
    desk: Desk, batches: list[tuple[list[Row], str | None, tuple[str, ...]]], suppressed: set[str]
) -> None:
    empty(desk.store)
    for address in suppressed:
        desk.suppress(address, SuppressionReason.BAD_ADDRESS)
    expected: dict[str, Known] = {one: Known(suppressed=SuppressionReason.BAD_ADDRESS) for one in suppressed}
    for day, (rows, ground, tags) in enumerate(batches):
        rows = [row._replace(identity_hash=hash_of(row.address)) for row in rows]
        orders = Orders(list=desk.list_(), now=NOW + timedelta(days=day), ground=ground, tags=tags)
        counts = Counts()
        for row in rows:
            expected[row.address] = after(expected.get(row.address, deciding.UNKNOWN), row, orders, counts)
        done = carried_out(desk, rows, orders)
        assert done == counts
        assert {one: stands(desk, one) for one in PEOPLE} == {one: told(expected.get(one)) for one in PEOPLE}


def after(known: Known, row: Row, orders: Orders, counts: Counts) -> Known:
    """What is known once the row was carried out."""
    decision = decide(person_of(row), known, orders)
    counts.count(decision)
    if decision.suppress or known.suppressed:
        reason = gravest(known.suppressed, decision.suppress)
        return replace(known, suppressed=reason, status=decision.moves or known.status)
    person = decision.person
    if decision.is_new:
        fields = ("address", "first_name", "last_name", "language", "timezone", "attributes")
        subscriber = Subscriber(number=0, public_id="", **{name: getattr(person, name) for name in fields})
        joined_at: datetime | None = person.joined_at or orders.now
    else:
        subscriber = decision.changed or known.subscriber  # type: ignore[assignment]
        joined_at = decision.joined_at or known.joined_at
    joined_here = known.joined_here
    if decision.moves is SubscriptionStatus.SUBSCRIBED and person.joined_at:
        joined_here = max(person.joined_at, joined_here or person.joined_at)
    return Known(
        subscriber=subscriber,
        status=decision.moves or known.status,
        joined_at=joined_at,
        joined_here=joined_here,
        tags=known.tags | {tag_key(tag) for tag in decision.tags},
    )


def gravest(*reasons: SuppressionReason | None) -> SuppressionReason:
    from newsletter.model.suppressing import GRAVITY

    return max((reason for reason in reasons if reason), key=GRAVITY.__getitem__)


def carried_out(desk: Desk, rows: Sequence[Row], orders: Orders) -> Counts:
    planner = Planner(orders, "the tests")
    with StoredSubscribers(desk.store).importing(orders, dry_run=False) as session:
        plan = session.carry_out(rows, lambda looked: planner.plan(rows, looked, ids))
    return plan.counts


def ids(count: int) -> list[str]:
    import uuid

    return [uuid.uuid4().hex for _ in range(count)]


def empty(store: Store) -> None:
    from newsletter.store import tables as t

    with store.write() as connection:
        for table in reversed(t.metadata.sorted_tables):
            if table not in {t.lists, t.facts, t.audit_log}:
                connection.execute(table.delete())


def stands(desk: Desk, address: str) -> Mapping[str, object]:
    """What the database knows."""
    row = Row(identity_hash=hash_of(address), line=1, address=address)
    with desk.store.read() as connection:
        looking = Looking(connection, desk.list_().number, [row])
        known = looking.closer(looking.found).get(0, Known())
        tags = of_people(connection, [one.number for one in looking.found])
        suppressed = looking.suppressed.get(0)
    mine = frozenset(tag_key(tag) for names in tags.values() for tag in names)
    return told(replace(known, suppressed=suppressed, tags=mine))


def told(known: Known | None) -> Mapping[str, object]:
    known = known or Known()
    person = known.subscriber
    return {
        "suppressed": known.suppressed,
        "status": known.status,
        "person": replace(person, number=0, public_id="") if person else None,
        "joined_at": known.joined_at,
        "tags": known.tags,
    }
