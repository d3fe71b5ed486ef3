"""What is counted for reports, on both databases: the same as counting by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import MailingNotFound
from newsletter.model.event import EventKind, Fate
from newsletter.model.reporting import Growth
from newsletter.model.segment import Engagement
from newsletter.model.subscriber import ConsentSource
from newsletter.store.people import erasing
from newsletter.store.reporting import among, listing, mailing
from tests.support.ledger import change
from tests.support.mailing import BEGIN
from tests.support.readers import KEYS, NOW
from tests.support.reported import FULL, LINK, UNKNOWN, ReportedDesk

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.reporting import ListFacts, MailingFacts
    from newsletter.store.database import Store

EDGES = (*(datetime(2026, month, 1, tzinfo=UTC) for month in (10, 11, 12)), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> ReportedDesk:
    return ReportedDesk(store, tmp_path)


def facts(desk: ReportedDesk, number: int) -> MailingFacts:
    with desk.store.read() as connection:
        return mailing.facts(connection, number)


def of_list(desk: ReportedDesk) -> ListFacts:
    with desk.store.read() as connection:
        return listing.facts(connection, desk.list_(), EDGES)


def test_everything_of_a_mailing_is_counted(desk: ReportedDesk) -> None:
    desk.people(40, tracked=20)
    number = desk.went(size=15)
    desk.told(number, EventKind.DELIVERED, range(1, 36))
    desk.told(number, EventKind.HARD_BOUNCE, [36, 37], detail=UNKNOWN)
    desk.told(number, EventKind.SOFT_BOUNCE, [38], detail=FULL)
    desk.told(number, EventKind.COMPLAINED, [1], after=60)
    desk.told(number, EventKind.OPENED, [22, 23, 24], after=30)
    desk.told(number, EventKind.OPENED, [3, 23], after=6, machine=True)
    desk.told(number, EventKind.CLICKED, [22], after=31, url=LINK)
    desk.left(number, 5, "too_often", "words")
    told = facts(desk, number)
    assert told.fates == {Fate.DELIVERED: 34, Fate.SOFT_BOUNCE: 1, Fate.HARD_BOUNCE: 2, Fate.COMPLAINED: 1}
    assert {(one.fate, one.words, one.count) for one in told.returned} == {
        (Fate.HARD_BOUNCE, UNKNOWN[:13], 2),
        (Fate.SOFT_BOUNCE, FULL[:13], 1),
    }
    assert told.through == {"sendgrid": 40}
    assert (told.noted.readers, told.noted.people) == (20, {Engagement.OPENED: 3, Engagement.CLICKED: 1})
    assert told.noted.machines == {Engagement.OPENED: 1, Engagement.CLICKED: 0}
    assert (told.left.people, told.left.ways) == (1, {ConsentSource.ONE_CLICK: 1})
    assert (told.left.reasons, told.left.wrote) == ({"too_often": 1}, 1)
    assert [(one.people, one.machines) for one in told.links] == [(1, 0)]


def test_time_is_counted_by_the_minute_and_nothing_is_lost(desk: ReportedDesk) -> None:
    desk.people(30)
    number = desk.went(size=10)
    desk.told(number, EventKind.DELIVERED, range(1, 31), after=10)
    course = facts(desk, number).course
    assert course.interval == timedelta(minutes=1)
    minutes = [BEGIN + timedelta(minutes=n) for n in (1, 2, 3)]
    assert course.handed_over == dict.fromkeys(minutes, 10)
    assert course.delivered == {BEGIN + timedelta(minutes=10): 30}


def test_domains_are_those_of_who_was_handed_over_and_few_have_no_name(desk: ReportedDesk) -> None:
    desk.people(41)
    with desk.store.write() as connection:
        erasing.erase(connection, KEYS.identity_hash("reader4@example.org"), "reader4@example.org", NOW)
    number = desk.went(size=20)
    desk.told(number, EventKind.DELIVERED, range(1, 41))
    with desk.store.write() as connection:
        erasing.erase(connection, KEYS.identity_hash("reader8@example.org"), "reader8@example.org", NOW)
    domains = facts(desk, number).domains
    assert {domain: sum(fates.values()) for domain, fates in domains.items()} == {
        "example.org": 18,
        "example.com": 10,
        "clinic.test": 10,
        "": 2,
    }


def test_who_was_left_out_is_in_no_domain(desk: ReportedDesk) -> None:
    desk.people(21)
    first = desk.went("pain", size=20)
    desk.told(first, EventKind.HARD_BOUNCE, [1, 2, 3], detail=UNKNOWN)
    second = desk.went("walking", size=20)
    told = facts(desk, second)
    assert sum(told.tally.outcomes.values()) == 21
    assert sum(sum(fates.values()) for fates in told.domains.values()) == 18
    assert told.domains.keys() <= {"example.org", "example.com", "clinic.test", ""}


def test_a_chunk_that_was_not_taken_is_in_no_domain_but_the_single_ones_of_it_are(desk: ReportedDesk) -> None:
    desk.people(30)
    number = desk.went(size=10)
    change(desk.store, "chunks", {"mailing": number, "first": 1}, state="refused")
    assert sum(sum(fates.values()) for fates in facts(desk, number).domains.values()) == 20
    with desk.store.write() as connection:
        from newsletter.store import tables as t

        row = {"mailing": number, "outcome": "accepted", "reason": "", "at": BEGIN, "attempt": ""}
        connection.execute(t.delivery_outcomes.insert(), [row | {"n": n} for n in range(1, 7)])
    told = facts(desk, number)
    assert sum(sum(fates.values()) for fates in told.domains.values()) == 26
    assert told.tally.outcomes["accepted"] == 26  # type: ignore[index]


def test_earlier_mailings_to_the_same_audience_stand_beside_it(desk: ReportedDesk) -> None:
    desk.people(20)
    first, second = desk.went("stairs"), desk.went("pain", at=BEGIN + timedelta(days=1))
    desk.subscribe("ada@example.org", to="running")
    other = desk.plan("running", to=("running",))
    third = desk.went("walking", at=BEGIN + timedelta(days=2))
    assert [one.number for one in facts(desk, third).before] == [second, first]
    assert facts(desk, other).before == []
    change(desk.store, "mailings", {"number": second}, real=False)
    change(desk.store, "mailings", {"number": third}, real=True)
    assert [one.number for one in facts(desk, third).before] == [first]


def test_each_who_left_counts_once_and_for_the_mailing_they_left_by(desk: ReportedDesk) -> None:
    desk.people(20)
    first, second = desk.went("pain"), desk.went("walking", at=BEGIN + timedelta(days=1))
    for reader in (3, 4):
        desk.left(first, reader)
    desk.left(second, 5)
    with desk.store.read() as connection:
        assert [one.left for one in among.fared(connection, [second, first])] == [1, 2]


def test_a_mailing_that_is_not_there_is_not_found(desk: ReportedDesk) -> None:
    with pytest.raises(MailingNotFound):
        facts(desk, 7)


def test_months_of_a_list_tell_who_came_and_who_went(desk: ReportedDesk) -> None:
    desk.people(40)
    number = desk.went()
    desk.told(number, EventKind.HARD_BOUNCE, [1, 2], detail=UNKNOWN)
    desk.told(number, EventKind.COMPLAINED, [3])
    for reader in (10, 11, 12):
        desk.left(number, reader)
    with desk.store.write() as connection:
        for reader in (20, 10):  # the second has left before
            address = f"reader{reader}@{('example.org', 'example.com', 'clinic.test', 'example.org')[reader % 4]}"
            erasing.erase(connection, KEYS.identity_hash(address), address, BEGIN)
    november, december = of_list(desk).months[EDGES[1]], of_list(desk).months[EDGES[2]]
    assert november == Growth(joined=40)
    assert december == Growth(left=3, bounced=2, complained=1, erased=1)


def test_a_list_tells_who_is_on_it(desk: ReportedDesk) -> None:
    desk.people(40, tracked=12)
    number = desk.went()
    desk.told(number, EventKind.OPENED, [1, 29, 30])
    desk.told(number, EventKind.HARD_BOUNCE, [5], detail=UNKNOWN)
    desk.left(number, 6)
    told = of_list(desk)
    assert told.sources == {ConsentSource.IMPORT: 39}
    assert sum(told.languages.values()) == 39
    assert (told.tracked, told.active, told.gone, told.suppressed) == (11, 2, 1, 1)
    assert [one.number for one in told.mailings] == [number]


def test_who_takes_none_of_the_last_mailings_is_counted_once_three_are_reported(desk: ReportedDesk) -> None:
    desk.people(20)
    for day, issue in enumerate(("stairs", "pain", "walking")):
        assert of_list(desk).silent_mailings == 0
        number = desk.went(issue, at=BEGIN + timedelta(days=day))
        desk.told(number, EventKind.SOFT_BOUNCE, [1, 2] if day else [1], detail=FULL)
        desk.told(number, EventKind.DELIVERED, range(3, 9))
    told = of_list(desk)
    assert (told.silent, told.silent_mailings) == (1, 3)


def test_months_outside_are_not_told(desk: ReportedDesk) -> None:
    desk.people(20)
    number = desk.went(at=BEGIN)
    with desk.store.read() as connection:
        told = listing.facts(connection, desk.list_(), (EDGES[0], EDGES[1]))
    assert number == 1
    assert [*told.months.values()] == [Growth()]
    assert told.mailings == []
