"""Each reader is sent their variant, chunks are alike in it, and the ledger keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter.errors import AudienceChanged
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.model.segment import AttributeEquals, OnList, Sorting
from newsletter.store import audience, delivered, mailings, segments
from newsletter.store import tables as t
from tests.support.mailing import MailingDesk, ScriptedSender, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.segment import Condition
    from newsletter.store.database import Store

NOBODY: frozenset[str] = frozenset()
RUNNERS = frozenset({"runners"})
PEOPLE = """\
email,sport,age,member,operated_on,city
ann@example.org,running,70,yes,2026-01-05,Oslo
bob@example.org,Nordic walking,70.5,no,2026-02-05,oslo
cem@example.org,running,12,no,,
dia@example.org,,,,,true
"""


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    desk = MailingDesk(store, tmp_path)
    desk.import_(PEOPLE)
    return desk


def by_sport() -> Sorting:
    return Sorting(
        conditions={"runners": AttributeEquals(attribute="sport", value="running")},
        variants={NOBODY: "", RUNNERS: "runners"},
    )


def test_each_reader_is_sent_their_own_variant(desk: MailingDesk) -> None:
    sender = ScriptedSender()
    tally = desk.send(desk.plan(sorting=by_sport()), sender)
    assert sender.variants == {
        "ann@example.org": "runners",
        "bob@example.org": "",
        "cem@example.org": "runners",
        "dia@example.org": "",
    }
    assert tally.holds
    assert tally[Outcome.ACCEPTED] == 4


def test_a_chunk_is_alike_in_variant_and_no_larger_than_it_may_be(desk: MailingDesk) -> None:
    desk.subscribe(*(f"more{n}@example.org" for n in range(7)))
    number = desk.plan(sorting=by_sport(), size=4)
    with desk.store.read() as connection:
        chunks = connection.execute(select(t.chunks.c.first, t.chunks.c.last, t.chunks.c.variant)).all()
        for first, last, variant in chunks:
            of = connection.scalars(select(t.deliveries.c.variant).where(t.deliveries.c.n.between(first, last)))
            assert set(of) == {variant}
        assert mailings.readers_by_variant(connection, number) == {"": 9, "runners": 2}
    assert sorted((last - first + 1, variant) for first, last, variant in chunks) == [
        (1, ""),
        (2, "runners"),
        (4, ""),
        (4, ""),
    ]


def test_a_reader_keeps_the_variant_they_were_planned_with(desk: MailingDesk) -> None:
    number = desk.plan(sorting=by_sport())
    desk.import_(PEOPLE.replace("ann@example.org,running", "ann@example.org,Nordic walking"))
    sender = ScriptedSender()
    desk.send(number, sender)
    assert sender.variants["ann@example.org"] == "runners"


def test_an_interrupted_mailing_goes_on_with_the_right_variants(desk: MailingDesk) -> None:
    number = desk.plan(sorting=by_sport(), size=1)
    away = ScriptedSender(lambda _: Answer(verdict=Verdict.NOT_AUTHORISED))
    desk.send(number, away)
    sender = ScriptedSender()
    tally = desk.send(number, sender)
    assert (tally[Outcome.ACCEPTED], sender.variants["cem@example.org"]) == (4, "runners")


def test_a_chunk_that_is_too_large_is_split_within_its_variant(desk: MailingDesk) -> None:
    sender = ScriptedSender(
        lambda envelopes: Answer(verdict=Verdict.TOO_LARGE if len(envelopes) > 1 else Verdict.ACCEPTED)
    )
    desk.send(desk.plan(sorting=by_sport(), size=4), sender)
    assert sender.variants["ann@example.org"] == sender.variants["cem@example.org"] == "runners"


def test_the_link_of_a_mail_shows_the_variant_that_was_sent(desk: MailingDesk) -> None:
    number = desk.plan(sorting=by_sport())
    mailing = desk.mailing(number)
    assert mailing.variants == {name: rendered("walking", name).fingerprint for name in ("", "runners")}
    with desk.store.read() as connection:
        shown = {}
        for n in range(1, 5):
            found = delivered.find(connection, mailing.link_number, n)
            assert found is not None
            assert found.subscriber is not None
            shown[found.subscriber.address] = found.fingerprint
    assert shown["ann@example.org"] == mailing.variants["runners"]
    assert shown["dia@example.org"] == mailing.variants[""] == mailing.fingerprint


def test_what_is_foreseen_is_what_is_planned(desk: MailingDesk) -> None:
    numbers = [desk.list_().number]
    with desk.store.read() as connection:
        foreseen = audience.foresee(connection, "walking", numbers, by_sport(), again=False)
    assert foreseen == (4, 0, 0, {"": 2, "runners": 2})
    number = desk.plan(sorting=by_sport())
    with desk.store.read() as connection:
        assert mailings.readers_by_variant(connection, number) == foreseen[3]
        assert audience.foresee(connection, "walking", numbers, by_sport(), again=False) == (4, 0, 4, {})
        assert audience.foresee(connection, "walking", numbers, by_sport(), again=True) == (4, 0, 0, foreseen[3])


def test_a_reader_for_whom_there_is_no_variant_stops_the_plan_and_nothing_is_written(desk: MailingDesk) -> None:
    lacking = Sorting(conditions=by_sport().conditions, variants={NOBODY: ""})
    with pytest.raises(AudienceChanged):
        desk.plan(sorting=lacking)
    with desk.store.read() as connection:
        assert connection.scalars(select(t.mailings.c.number)).all() == []


@pytest.mark.parametrize(
    ("attribute", "value", "belong"),
    [
        ("sport", "running", "ann cem"),
        ("sport", "Running", ""),
        ("age", 70, "ann"),
        ("age", 70.0, "ann"),
        ("age", 70.5, "bob"),
        ("age", 7, ""),
        ("member", True, "ann"),
        ("member", False, "bob cem"),
        ("operated_on", "2026-02-05", "bob"),
        ("city", "Oslo", "ann"),
        ("city", "true", "dia"),
        ("city", "' OR 1=1 --", ""),
        ("city", "", ""),
        ("nothing", "running", ""),
    ],
)
def test_a_segment_holds_exactly_those_with_its_value(
    desk: MailingDesk, attribute: str, value: str | float | bool, belong: str
) -> None:
    assert members(desk, AttributeEquals(attribute=attribute, value=value)) == belong


def test_a_list_holds_those_who_are_subscribed_to_it_now(desk: MailingDesk) -> None:
    desk.subscribe("bob@example.org", "dia@example.org", to="running")
    condition = OnList(list=desk.list_("running").number)
    assert members(desk, condition) == "bob dia"
    desk.leave("dia@example.org")
    assert members(desk, condition) == "bob"


def members(desk: MailingDesk, condition: Condition) -> str:
    """The first parts of the addresses of those for whom a condition holds, one by one and all at once."""
    sorting = Sorting(conditions={"it": condition}, variants={NOBODY: "", frozenset({"it"}): "it"})
    people = {reader.address.partition("@")[0]: reader.number for reader in desk.everybody()}
    with desk.store.read() as connection:
        singly = [
            name
            for name, number in sorted(people.items())
            if segments.membership_of(connection, number, sorting) == {"it"}
        ]
        at_once = connection.scalars(
            select(t.subscribers.c.address)
            .where(segments.variant_of(connection, sorting) == "it")
            .order_by(t.subscribers.c.address)
        ).all()
    assert [str(address).partition("@")[0] for address in at_once] == singly
    return " ".join(singly)
