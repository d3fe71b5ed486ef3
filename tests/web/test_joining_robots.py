"""Programs that fill in forms, and networks that ask too often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.store import tables as t
from newsletter.web.limits import Limits, network_of
from tests.web.joining_site import JoiningSite
from tests.web.sample_mailing import page_of, settings

if TYPE_CHECKING:
    from newsletter.store.database import Store

ADA = "ada@example.org"


@pytest.fixture
def quick(quick_store: Store) -> JoiningSite:
    """Where the database makes no difference."""
    return JoiningSite(quick_store)


def test_a_program_is_told_the_same_and_nothing_is_stored(quick: JoiningSite) -> None:
    quick.list_("friends")
    person = quick.fill_in(email=ADA)
    stored = {table.name: quick.rows(table) for table in t.metadata.sorted_tables}
    assert quick.fill_in(email=ADA, website="https://buy.test").content == person.content
    assert quick.fill_in(email=ADA, wait=1).content == person.content
    assert {table.name: quick.rows(table) for table in t.metadata.sorted_tables} == stored
    trap = page_of(quick.web.get("/subscribe").text).xpath("//input[@name='website']")[0]
    assert trap.get("autocomplete") == "off"
    assert trap.xpath("ancestor::*[@hidden]")


def test_a_forged_moment_counts_as_none(quick: JoiningSite) -> None:
    quick.list_("friends")
    quick.join(ADA, "friends", shown="AAAA")
    quick.join("bob@example.org", "friends", shown=quick.keys.seal("another purpose", "tomorrow"))
    assert len(quick.rows(t.subscribers)) == 2


def test_a_network_that_asks_too_often_has_to_wait(quick_store: Store) -> None:
    site = JoiningSite(quick_store, settings(signup={"per_hour": 2}))
    site.list_("friends")
    for _ in range(2):
        assert site.join(ADA, "friends").status_code == 200
    refused = site.join(ADA, "friends")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert site.web.get("/subscribe").status_code == 200


@pytest.mark.parametrize(
    ("who", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1::1", "20010db800000001/64"),
        ("2001:db8:0:1:ffff::2%eth0", "20010db800000001/64"),
        ("testclient", "testclient"),
    ],
)
def test_all_addresses_of_a_household_count_as_one(who: str, network: str) -> None:
    assert network_of(who) == network
    limits = Limits()
    assert limits.per_hour("page", who, 1) == 0
    assert limits.per_hour("page", who, 1) > 3000
    assert limits.per_hour("another page", who, 1) == 0


def test_where_nobody_knows_who_asks_nobody_has_to_wait() -> None:
    limits = Limits()
    assert [limits.per_hour("page", "", 1) for _ in range(3)] == [0, 0, 0]
