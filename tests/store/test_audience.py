"""Audiences: lists, segments that narrow them, exceptions; counted, paged, shown, and compared with the last one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, text

from newsletter.address.belonging import belongs
from newsletter.model.mailing import Outcome
from newsletter.model.segment import AllOf, AnyOf, AttributeEquals, Audience, HasTag, Not, OnList, Sorting, WasSent
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.audiences import audience, crowds, engagement
from newsletter.store.audiences import report as audience_report
from newsletter.store.ledger import singly
from tests.support.conditions import LISTS, conditions, people
from tests.support.mailing import BEGIN, MailingDesk, ScriptedSender
from tests.support.stored_facts import write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy.engine import Connection

    from newsletter.address.belonging import Facts
    from newsletter.model.segment import Condition
    from newsletter.store.database import Store

PEOPLE = """\
email,first_name,sport
ann@example.org,Ann,running
bob@example.org,Bob,Nordic walking
cem@example.org,Cem,running
dia@example.org,Dia,
"""
RUNNERS: Mapping[str, Condition] = {"runners": AttributeEquals(attribute="sport", value="running")}
WALKERS: Mapping[str, Condition] = {"walkers": AttributeEquals(attribute="sport", value="Nordic walking")}


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    desk = MailingDesk(store, tmp_path)
    desk.import_(PEOPLE)
    return desk


def names(sender: ScriptedSender) -> str:
    return " ".join(sorted(address.partition("@")[0] for address in sender.delivered))


def of(desk: MailingDesk, **parts: Any) -> Audience:
    return Audience(lists=(desk.list_().number,), **parts)


@pytest.mark.parametrize(
    ("parts", "belong"),
    [
        ({}, "ann bob cem dia"),
        ({"narrowed": RUNNERS}, "ann cem"),
        ({"narrowed": {**RUNNERS, **WALKERS}}, "ann bob cem"),
        ({"excepted": RUNNERS}, "bob dia"),
        ({"excepted": {**RUNNERS, **WALKERS}}, "dia"),
        ({"narrowed": RUNNERS, "excepted": RUNNERS}, ""),
        ({"narrowed": {"none": HasTag(key="none")}}, ""),
        ({"excepted": {"none": HasTag(key="none")}}, "ann bob cem dia"),
    ],
)
def test_segments_narrow_and_exceptions_take_away(desk: MailingDesk, parts: dict[str, Any], belong: str) -> None:
    sender = ScriptedSender()
    tally = desk.send(desk.plan(**parts), sender)
    assert (names(sender), tally.audience, tally.holds) == (belong, len(belong.split()), True)


def test_several_lists_are_joined_and_nobody_is_mailed_twice(desk: MailingDesk) -> None:
    desk.subscribe("dia@example.org", "eva@example.org", to="running")
    sender = ScriptedSender()
    assert desk.send(desk.plan(to=("news", "running")), sender).audience == 5
    assert names(sender) == "ann bob cem dia eva"


def test_a_segment_adds_nobody(desk: MailingDesk) -> None:
    """Only the subscribed of the lists, whoever else belongs to the segment."""
    desk.import_("email,sport\neva@example.org,running\n", to="running")
    desk.import_("email,sport\nfay@example.org,running\n", agreed=None)
    desk.leave("ann@example.org")
    sender = ScriptedSender()
    desk.send(desk.plan(narrowed=RUNNERS), sender)
    assert names(sender) == "cem"


def test_an_excepted_list_is_those_who_are_subscribed_to_it(desk: MailingDesk) -> None:
    desk.subscribe("ann@example.org", "bob@example.org", to="running")
    desk.import_("email\ncem@example.org\n", to="running", agreed=None)
    sender = ScriptedSender()
    desk.send(desk.plan(excepted={"running": OnList(list=desk.list_("running").number)}), sender)
    assert names(sender) == "cem dia"


def test_the_suppressed_are_counted_and_excluded_and_the_excepted_are_not_counted(desk: MailingDesk) -> None:
    desk.suppress("ann@example.org", SuppressionReason.COMPLAINT)
    desk.suppress("bob@example.org", SuppressionReason.HARD_BOUNCE)
    sender = ScriptedSender()
    tally = desk.send(desk.plan(narrowed=RUNNERS), sender)
    assert (tally.audience, tally[Outcome.EXCLUDED], tally.exclusions) == (2, 1, {"suppressed": 1})
    assert names(sender) == "cem"


def test_whoever_leaves_the_segment_after_the_start_still_gets_it_and_whoever_leaves_the_list_does_not(
    desk: MailingDesk,
) -> None:
    number = desk.plan(narrowed=RUNNERS)
    desk.import_("email,sport\ncem@example.org,Nordic walking\n")
    desk.leave("ann@example.org")
    sender = ScriptedSender()
    tally = desk.send(number, sender)
    assert (names(sender), tally.exclusions) == ("cem", {"unsubscribed": 1})


def test_planning_keeps_no_table_of_people_from_others(
    desk: MailingDesk, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ANALYZE holds a table to the end of the transaction, against whoever is to be suppressed or leaves."""
    held = "SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE l.mode = :mode"
    names: set[str] = set()
    alike = audience._alike

    def look(connection: Connection, number: int) -> Any:
        if backend == "postgresql":
            names.update(connection.scalars(text(held), {"mode": "ShareUpdateExclusiveLock"}))
        return alike(connection, number)

    monkeypatch.setattr(audience, "_alike", look)
    desk.plan()
    if backend == "postgresql":
        assert {"deliveries", "delivery_outcomes", "issue_readers"} <= names
        assert not names & {"subscribers", "subscriptions", "suppressions"}


def test_the_mailing_keeps_the_names(desk: MailingDesk) -> None:
    number = desk.plan(narrowed={**WALKERS, **RUNNERS}, excepted={"board": HasTag(key="board")})
    mailing = desk.mailing(number)
    assert (mailing.lists, mailing.segments, mailing.excepted) == (("news",), ("runners", "walkers"), ("board",))
    plain = desk.mailing(desk.plan(issue="another"))
    assert (plain.segments, plain.excepted) == ((), ())


BY_SPORT = Sorting(conditions=RUNNERS, variants={frozenset(): "", frozenset({"runners"}): "runners"})


@pytest.mark.parametrize("sorting", [Sorting(), BY_SPORT], ids=["one for all", "variants"])
@pytest.mark.parametrize("again", ["", "a wrong date"])
def test_what_is_foreseen_is_what_is_planned(desk: MailingDesk, sorting: Sorting, again: str) -> None:
    desk.send(desk.plan(narrowed=WALKERS), ScriptedSender())
    desk.suppress("ann@example.org", SuppressionReason.BY_HAND)
    desk.subscribe("eva@example.org", "bob@example.org", to="running")
    excepted = {"vip": HasTag(key="vip")}
    to = Audience(lists=tuple(entry.number for entry in desk.lists.values()), excepted=excepted)
    with desk.store.read() as connection:
        people, suppressed, had, variants = audience.foresee(connection, "walking", to, sorting, again=bool(again))
    assert (people, suppressed, had) == (5, 1, 0 if again else 1)
    number = desk.plan(to=("news", "running"), sorting=sorting, excepted=excepted, again=again)
    tally = desk.tally(number)
    assert (tally.audience, tally[Outcome.PLANNED]) == (people, sum(variants.values()))
    assert tally.exclusions.get("already sent", 0) == had
    sender = ScriptedSender()
    desk.send(number, sender)
    sent = list(sender.variants.values())
    assert {name: sent.count(name) for name in set(sent)} == variants


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.lists(people(), min_size=1, max_size=8),
    st.lists(st.sampled_from(LISTS), min_size=1, max_size=3, unique=True),
    st.lists(conditions(most_leaves=4), max_size=2),
    st.lists(conditions(most_leaves=4), max_size=2),
    st.booleans(),
)
def test_an_audience_is_whom_the_facts_say(
    store: Store,
    facts: list[Facts],
    lists: list[int],
    narrowed: list[Condition],
    excepted: list[Condition],
    rows: bool,
) -> None:
    to = Audience(
        lists=tuple(lists),
        narrowed={f"n{place}": one for place, one in enumerate(narrowed)},
        excepted={f"e{place}": one for place, one in enumerate(excepted)},
    )
    expected = [
        number
        for number, person in enumerate(facts, 1)
        if person.lists & set(lists)
        and (not narrowed or any(belongs(one, person) for one in narrowed))
        and not any(belongs(one, person) for one in excepted)
    ]
    with store.write() as connection, connection.begin_nested() as all_of_it:
        write(connection, facts)
        found = [row.number for row in connection.execute(crowds.everybody_in(connection, to, rows=rows).query)]
        pages = crowds.page(connection, lists, crowds.tree_of_audience(to), after=0, limit=2)
        pages += crowds.page(connection, lists, crowds.tree_of_audience(to), after=max(pages, default=0), limit=9)
        report = audience_report.look_at(connection, to, "", Sorting())
        all_of_it.rollback()
    assert sorted(found) == expected
    assert pages == expected
    assert report.subscribed == report.not_in_segments + report.excepted + report.audience
    assert report.audience == len(expected) == report.to_send


DRIVERS: Mapping[str, Condition] = {
    "a rare tag": HasTag(key="rare"),
    "a common tag": HasTag(key="common"),
    "one of two tags": AnyOf(conditions=(HasTag(key="rare"), HasTag(key="common"))),
    "both tags": AllOf(conditions=(HasTag(key="common"), HasTag(key="rare"))),
    "a tag and a list": AllOf(conditions=(HasTag(key="common"), OnList(list=2))),
    "a tag and a sport": AllOf(conditions=(HasTag(key="common"), RUNNERS["runners"])),
    "no tag": Not(condition=HasTag(key="common")),
}
BELONG = dict(
    zip(
        DRIVERS,
        ("ann", "ann bob cem", "ann bob cem", "ann", "bob", "ann cem", "dia"),
        strict=True,
    )
)


@pytest.mark.parametrize("name", DRIVERS)
def test_whatever_the_query_begins_with_it_finds_the_same(desk: MailingDesk, name: str) -> None:
    desk.subscribe("bob@example.org", "eva@example.org", to="running")
    tag(desk, "common", "ann", "bob", "cem", "eva")
    tag(desk, "rare", "ann", "eva")
    with desk.store.read() as connection:
        people = crowds.everybody_in(connection, of(desk, narrowed={"it": DRIVERS[name]}))
        found = select(t.subscribers.c.address).where(t.subscribers.c.number.in_(people.query))
        assert sorted(connection.scalars(found)) == [f"{one}@example.org" for one in BELONG[name].split()]


def tag(desk: MailingDesk, key: str, *people: str) -> None:
    with desk.store.write() as connection:
        number = connection.execute(
            insert(t.tags).values(key=key, name=key, created_at=BEGIN).returning(t.tags.c.number)
        ).scalar_one()
        rows = [{"tag": number, "subscriber": desk.get(f"{one}@example.org").number} for one in people]
        connection.execute(insert(t.subscriber_tags), rows)


def test_pages_show_everybody_once_and_in_order(desk: MailingDesk) -> None:
    desk.readers(25)
    desk.subscribe(*(f"reader{n:04}@example.org" for n in range(1, 26, 3)), "eva@example.org", to="running")
    lists = [entry.number for entry in desk.lists.values()]
    tree = crowds.tree_of_audience(Audience(lists=(), excepted=WALKERS))
    seen: list[int] = []
    with desk.store.read() as connection:
        while page := crowds.page(connection, lists, tree, after=seen[-1] if seen else 0, limit=7):
            seen += page
    assert seen == sorted(set(seen))
    assert len(seen) == 25 + 3 + 1


def test_a_report_tells_why_others_are_not_in_it(desk: MailingDesk) -> None:
    desk.import_("email\npen@example.org\npat@example.org\n", agreed=None)
    desk.subscribe("pat@example.org", "eva@example.org", to="running")
    desk.leave("eva@example.org")
    desk.leave("cem@example.org")
    desk.import_("email,sport\nfay@example.org,running\ngus@example.org,running\nhal@example.org,running\n")
    desk.suppress("fay@example.org", SuppressionReason.COMPLAINT)
    tag(desk, "board", "gus", "bob")
    to = Audience(
        lists=tuple(entry.number for entry in desk.lists.values()),
        narrowed={**RUNNERS, **WALKERS},
        excepted={"board": HasTag(key="board"), **WALKERS},
    )
    but_gus = AllOf(conditions=(RUNNERS["runners"], Not(condition=HasTag(key="board"))))
    desk.send(desk.plan(narrowed={"but gus": but_gus}), ScriptedSender())
    with desk.store.read() as connection:
        report = audience_report.look_at(connection, to, "walking", Sorting())
        without = audience_report.look_at(connection, to, "", Sorting())
    assert (report.subscribed, report.pending, report.left) == (7, 1, 2)
    assert (report.not_in_segments, report.excepted, report.excepted_by) == (2, 2, {"board": 2, "walkers": 1})
    assert (report.audience, report.suppressed, report.already_sent) == (3, {"complaint": 1}, 2)
    assert (report.to_send, without.to_send, without.variants) == (0, 2, {"": 2})


def test_examples_are_spread_and_always_the_same_and_can_be_mailed(desk: MailingDesk) -> None:
    desk.readers(100)
    desk.suppress("ann@example.org", SuppressionReason.COMPLAINT)
    with desk.store.read() as connection:
        shown = [audience_report.examples(connection, of(desk), 10) for _ in range(2)]
        few = audience_report.examples(connection, of(desk, narrowed=RUNNERS), 10)
        nobody = audience_report.examples(connection, of(desk, narrowed={"none": HasTag(key="none")}), 10)
    addresses = [reader.address for reader in shown[0]]
    assert shown[0] == shown[1]
    assert (addresses[0], addresses[-1], len(addresses)) == ("bob@example.org", "reader0100@example.org", 10)
    steps = [late.number - early.number for early, late in zip(shown[0], shown[0][1:], strict=False)]
    assert max(steps) - min(steps) <= 1
    assert ([reader.address for reader in few], nobody) == (["cem@example.org"], ())


def test_a_mailing_is_compared_with_the_last_one_of_another_issue_to_the_same_else_to_the_same_lists(
    desk: MailingDesk,
) -> None:
    first = desk.plan(issue="first")
    narrowed = desk.plan(issue="second", narrowed=RUNNERS)
    excepted = desk.plan(issue="third", excepted=RUNNERS)
    both = desk.plan(issue="fourth", to=("news", "running"))
    later = desk.plan(issue="fifth", now=BEGIN + timedelta(days=1))
    lists = tuple(entry.number for entry in desk.lists.values())
    with desk.store.read() as connection:

        def last(to: Audience, issue: str = "now") -> tuple[int, int] | None:
            return mailings.last_alike(connection, issue, to)

        assert last(of(desk)) == (later, 4)
        assert last(of(desk), "fifth") == (first, 4)
        assert last(of(desk, narrowed=RUNNERS)) == (narrowed, 2)
        assert last(of(desk, excepted=RUNNERS)) == (excepted, 2)
        assert last(of(desk, narrowed=WALKERS)) == (later, 4)
        assert last(Audience(lists=lists)) == (both, 4)
        assert last(Audience(lists=lists[::-1])) == (both, 4)
        assert last(Audience(lists=lists[1:])) is None


def test_opens_are_noted_only_of_those_who_agree_and_only_once(desk: MailingDesk) -> None:
    number = desk.plan()
    ann, bob = desk.get("ann@example.org").number, desk.get("bob@example.org").number
    kind = engagement.Engagement.OPENED
    with desk.store.write() as connection:
        connection.execute(t.subscribers.update().where(t.subscribers.c.number == ann).values(tracking=True))
        for day in (2, 1, 3):
            moment = BEGIN + timedelta(days=day)
            engagement.note(connection, [engagement.Engaged(one, number, kind, moment) for one in (ann, bob, ann)])
        engagement.note(connection, [])
        rows = connection.execute(select(t.engagements)).all()
    assert [(row.subscriber, row.mailing, row.kind, row.at) for row in rows] == [
        (ann, number, "opened", BEGIN + timedelta(days=1))
    ]


def test_whoever_was_refused_was_not_sent_the_issue(desk: MailingDesk) -> None:
    sent = {"sent": WasSent(issue="walking")}
    number = desk.plan(narrowed=RUNNERS)
    with desk.store.write() as connection:
        singly.release(connection, number, [1])
    sender = ScriptedSender()
    desk.send(desk.plan(issue="another", excepted=sent), sender)
    assert names(sender) == "ann bob dia"
