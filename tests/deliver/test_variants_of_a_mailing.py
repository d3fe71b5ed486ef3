"""Each reader is sent their variant, chunks are alike in it, and the ledger keeps it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from newsletter.errors import AudienceChanged
from newsletter.model.letter import Answer, Verdict
from newsletter.model.mailing import Outcome
from newsletter.model.segment import AttributeEquals, Audience, OnList, Sorting
from newsletter.store import delivered, mailings
from newsletter.store import tables as t
from newsletter.store.audiences import audience, segments
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
    to = Audience(lists=(desk.list_().number,))
    with desk.store.read() as connection:
        foreseen = audience.foresee(connection, "walking", to, by_sport(), again=False)
    assert foreseen == (4, 0, 0, {"": 2, "runners": 2})
    number = desk.plan(sorting=by_sport())
    with desk.store.read() as connection:
        assert mailings.readers_by_variant(connection, number) == foreseen[3]
        assert audience.foresee(connection, "walking", to, by_sport(), again=False) == (4, 0, 4, {})
        assert audience.foresee(connection, "walking", to, by_sport(), again=True) == (4, 0, 0, foreseen[3])


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


NUMBERS = (0.00001, 1e-7, 0.1, 70.1, 123456789012345.6, 100000000000000.5, 999999999999999, -3, -0.5, 1000)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_found_however_it_was_written(desk: MailingDesk, number: float) -> None:
    desk.import_(f"email,age\nann@example.org,{number:.15f}\nbob@example.org,{number + 1:.15f}\ncem@example.org,0\n")
    assert members(desk, AttributeEquals(attribute="age", value=number)) == "ann"
    assert members(desk, AttributeEquals(attribute="age", value=float(number))) == "ann"


def test_nothing_is_nothing_whatever_its_sign(desk: MailingDesk) -> None:
    desk.import_("email,age\nann@example.org,-0.0\nbob@example.org,0\ncem@example.org,+0.0\n")
    assert members(desk, AttributeEquals(attribute="age", value=0)) == "ann bob cem"
    assert members(desk, AttributeEquals(attribute="age", value=-0.0)) == "ann bob cem"


@pytest.mark.parametrize(
    ("stored", "value", "belongs"),
    [
        ("M\u00fcnchen", "M\u00fcnchen", True),
        ("Mu\u0308nchen", "M\u00fcnchen", True),
        ("M\u00fcnchen", "Munchen", False),
        ('it\'s "q" \\ % _ \U0001f600', 'it\'s "q" \\ % _ \U0001f600', True),
        ("null", "null", True),
        (None, "null", False),
        # stored before the attribute got its type: as an import would read it today
        ("yes", True, True),
        ("Ja", True, True),
        ("true", True, True),
        ("no", True, False),
        ("no", False, True),
        ("70", 70, True),
        ("70.0", 70, True),
        ("70.5", 70.5, True),
        ("seventy", 70, False),
        # a value of another type is another value, in both databases
        (1, True, False),
        (True, "true", False),
        (True, "1", False),
        (True, 1, False),
        (70, "70", False),
        ([70], 70, False),
    ],
)
def test_a_value_of_another_type_is_not_mistaken(
    desk: MailingDesk, stored: object, value: str | float | bool, belongs: bool
) -> None:
    number = desk.get("ann@example.org").number
    with desk.store.write() as connection:
        change = update(t.subscribers).where(t.subscribers.c.number == number).values(attributes={"it": stored})
        connection.execute(change)
    assert members(desk, AttributeEquals(attribute="it", value=value)) == ("ann" if belongs else "")


def test_readers_are_sorted_by_many_names_at_once(desk: MailingDesk) -> None:
    """In one of eleven: 2,048 memberships, two mails."""
    names = [f"city{n}" for n in range(11)]
    desk.import_("email,city\n" + "".join(f"reader{n}@example.org,city{n}\n" for n in range(9, 13)))
    subsets = [frozenset(chosen) for size in range(12) for chosen in combinations(names, size)]
    sorting = Sorting(
        conditions={name: AttributeEquals(attribute="city", value=name) for name in names},
        variants={members: "in one" if members else "" for members in subsets},
    )
    sender = ScriptedSender()
    assert desk.send(desk.plan(sorting=sorting), sender).holds
    assert {address for address, variant in sender.variants.items() if variant} == {
        "reader9@example.org",
        "reader10@example.org",
    }
    assert len(sender.variants) == 4 + 4


def test_a_reader_who_was_refused_gets_what_is_for_them_when_it_is_sent_again(desk: MailingDesk) -> None:
    refused = ScriptedSender(
        lambda envelopes: Answer(
            verdict=Verdict.REFUSED if envelopes[0].address == "ann@example.org" else Verdict.ACCEPTED
        ),
        chunk_size=1,
    )
    desk.send(desk.plan(sorting=by_sport(), size=1), refused)
    desk.import_("email,sport\nann@example.org,Nordic walking\n")
    sender = ScriptedSender()
    desk.send(desk.plan(sorting=by_sport(), size=1), sender)
    assert sender.variants == {"ann@example.org": ""}


def test_again_sorts_by_the_segments_of_now(desk: MailingDesk) -> None:
    desk.send(desk.plan(sorting=by_sport()), ScriptedSender())
    desk.import_("email,sport\nann@example.org,Nordic walking\nbob@example.org,running\n")
    sender = ScriptedSender()
    desk.send(desk.plan(sorting=by_sport(), again="a wrong date"), sender)
    assert sender.variants == {
        "ann@example.org": "",
        "bob@example.org": "runners",
        "cem@example.org": "runners",
        "dia@example.org": "",
    }


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
        numbers = segments.sorted_readers(connection, select(t.subscribers.c.number), sorting).subquery()
        at_once = connection.scalars(
            select(t.subscribers.c.address)
            .join(numbers, numbers.c.number == t.subscribers.c.number)
            .where(numbers.c.variant == "it")
            .order_by(t.subscribers.c.address)
        ).all()
    assert [str(address).partition("@")[0] for address in at_once] == singly
    return " ".join(singly)
