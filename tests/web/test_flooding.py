"""Anybody can type somebody else's address into a page: what reaches one mailbox is limited, wherever it is asked from."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from newsletter.model.identity import identity
from newsletter.model.notice_mail import NoticeKind
from newsletter.settings import Settings
from newsletter.web.addresses import mailbox_of
from tests.web.hostile_site import FROM_OUR_PAGE, roomy
from tests.web.joining_site import JoiningSite

if TYPE_CHECKING:
    from newsletter.store.database import Store

#: the test client is no address: nobody's requests are counted, as if each came from another network
SPELLINGS = ("Ada@example.org", "ADA@EXAMPLE.ORG", " ada@example.org ", "ada@\uff45xample.org", "ada@example\u3002org")


@pytest.fixture
def site(quick_store: Store) -> JoiningSite:
    made = JoiningSite(quick_store, settings=roomy())
    made.list_("news")
    return made


def test_spellings_of_one_address_are_one_person_who_gets_three_mails_a_day(site: JoiningSite) -> None:
    for address in itertools.islice(itertools.cycle(SPELLINGS), 12):
        assert site.join(address, "news").status_code == 200
    assert site.kinds() == [NoticeKind.CONFIRMATION] * 3


def test_addresses_that_lead_to_one_mailbox_are_counted_together(site: JoiningSite) -> None:
    pages = {site.join(address, "news").text.replace(address, "") for address in _of_one_mailbox(30)}
    assert len(site.kinds()) == 6
    assert len(pages) == 1
    site.join("eve@example.org", "news")
    assert len(site.kinds()) == 7


def _of_one_mailbox(count: int) -> list[str]:
    return [f"a{'.' * (n % 2)}da+{n}@example.org" for n in range(count)]


@pytest.mark.parametrize(
    "address", ["ada@example.org", "a.d.a@example.org", "ADA+news@Example.org", "ada+a+b@example.org"]
)
def test_what_leads_to_one_mailbox(address: str) -> None:
    assert mailbox_of(identity(address)) == "ada@example.org"


def test_asking_for_links_and_data_brings_three_mails_a_day_each(site: JoiningSite) -> None:
    site.subscribed("ada@example.org", 1)
    for _ in range(6):
        site.web.post("/links", data={"email": "ADA@example.org"}, headers=FROM_OUR_PAGE)
    token = site.token(1)
    for order in ("data", "erasure") * 5:
        assert site.web.post(f"/p/{token}", data={"order": order}, headers=FROM_OUR_PAGE).status_code == 200
    assert sorted(site.kinds()) == sorted([NoticeKind.LINKS, NoticeKind.DATA, NoticeKind.ERASURE] * 3)


def test_who_asks_too_often_is_told_to_wait_whatever_a_stranger_says_of_where_they_are(quick_store: Store) -> None:
    given = roomy(signup={"per_hour": 3})
    assert isinstance(given, Settings)
    site = JoiningSite(quick_store, settings=given)
    site.list_("news")
    site.web._transport.client = ("192.0.2.7", 50000)  # the test client has no other way
    statuses = [
        site.web.post(
            "/subscribe",
            data={"email": f"x{n}@example.org", "list": "news"},
            headers={
                "X-Forwarded-For": f"198.51.100.{n}",
                "Forwarded": f"for=198.51.100.{n}",
                "X-Real-IP": "127.0.0.1",
            },
        ).status_code
        for n in range(5)
    ]
    assert statuses == [200, 200, 200, 429, 429]
