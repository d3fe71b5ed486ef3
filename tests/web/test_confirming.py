"""/c/{token}: the link of a confirmation mail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.keys import Keys
from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import ConsentSource, SuppressionReason
from newsletter.store import notices
from newsletter.store import tables as t
from newsletter.store.people import consent, erasing
from tests.web.joining_site import JoiningSite, paths_of, text_of
from tests.web.sample_mailing import page_of, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.store.database import Store

ADA = "ada@example.org"


def asked_for(site: JoiningSite) -> JoiningSite:
    site.archived("friends", "Friends")
    site.list_("runners", "Runners")
    site.join(ADA, "friends", "runners", first_name="Ada")
    return site


@pytest.fixture
def site(store: Store) -> JoiningSite:
    return asked_for(JoiningSite(store))


@pytest.fixture
def quick(quick_store: Store) -> JoiningSite:
    return asked_for(JoiningSite(quick_store))


def unknown(site: JoiningSite) -> str:
    page: str = site.web.get(f"/c/{'A' * 32}").text
    return page


def test_a_button_confirms_and_a_look_does_not(site: JoiningSite) -> None:
    path = f"/c/{site.token()}"
    for look in (site.web.get, site.web.head):
        assert look(path).status_code == 200
    assert "Friends\u2069 and \u2068Runners" in text_of(site.web.get(path))
    assert ADA not in site.web.get(path).text
    assert set(site.statuses().values()) == {"pending"}
    done = site.web.post(path)
    assert done.status_code == 200
    assert "Every mail has a link" in text_of(done)
    assert set(site.statuses().values()) == {"subscribed"}
    assert paths_of(done) == ["/archive", "/links"]
    assert site.events() == [("requested", "page")] * 2 + [("subscribed", "confirmation")] * 2
    events = site.rows(t.consent_events)
    assert {event["wording"] for event in events} == {events[0]["wording"]}
    assert events[0]["wording"]
    assert site.notices()[0].used_at == site.now


def test_the_second_time_the_page_is_the_same_and_nothing_changes(site: JoiningSite) -> None:
    path = f"/c/{site.token()}"
    first = site.web.post(path)
    stored = {table.name: site.rows(table) for table in t.metadata.sorted_tables}
    site.now += timedelta(days=300)
    assert site.web.post(path).content == first.content
    assert {table.name: site.rows(table) for table in t.metadata.sorted_tables} == stored


def test_a_welcome_mail_follows_once_where_that_is_set(quick_store: Store) -> None:
    site = asked_for(JoiningSite(quick_store, settings(signup={"welcome": True})))
    for _ in range(2):
        site.web.post(f"/c/{site.token()}")
    assert site.kinds() == [NoticeKind.CONFIRMATION, NoticeKind.WELCOME]
    assert site.notices()[1].about == {"lists": site.notices()[0].about["lists"]}
    assert site.woken == 2


def test_a_link_that_is_too_old_leads_to_the_form(quick: JoiningSite) -> None:
    site = quick
    site.now += timedelta(days=7)
    for answer in (site.web.get(f"/c/{site.token()}"), site.web.post(f"/c/{site.token()}")):
        assert answer.status_code == 410
        assert "The time to confirm is over" in text_of(answer)
        assert paths_of(answer) == ["/subscribe"]
    assert set(site.statuses().values()) == {"pending"}
    site.now -= timedelta(seconds=1)
    assert site.web.post(f"/c/{site.token()}").status_code == 200


def _left(site: JoiningSite) -> None:
    numbers = [entry["number"] for entry in site.rows(t.lists)]
    with site.store.write() as connection:
        consent.leave(connection, 1, numbers, ConsentSource.PAGE, None, site.now)


def _suppressed(site: JoiningSite) -> None:
    site.suppress(ADA, SuppressionReason.BY_HAND)


def _erased(site: JoiningSite) -> None:
    with site.store.write() as connection:
        erasing.erase(connection, site.hash_of(ADA), ADA, site.now)


def _moved(site: JoiningSite) -> None:
    with site.store.write() as connection:
        connection.execute(t.subscribers.update().values(identity_hash=site.hash_of("eve@example.org")))


def _archived(site: JoiningSite) -> None:
    with site.store.write() as connection:
        connection.execute(t.lists.update().values(archived_at=site.now))


@pytest.mark.parametrize("change", [_left, _suppressed, _erased, _moved, _archived])
@pytest.mark.parametrize("late", [False, True])
def test_what_cannot_be_confirmed_any_more_is_a_link_like_any_that_does_not_work(
    site: JoiningSite, change: Callable[[JoiningSite], None], late: bool
) -> None:
    change(site)
    site.now += timedelta(days=8 if late else 0)
    before = {table.name: site.rows(table) for table in t.metadata.sorted_tables}
    for answer in (site.web.get(f"/c/{site.token()}"), site.web.post(f"/c/{site.token()}")):
        assert (answer.status_code, answer.text) == (404, unknown(site))
    assert {table.name: site.rows(table) for table in t.metadata.sorted_tables} == before


def test_one_list_that_was_left_is_not_joined_with_the_other(quick: JoiningSite) -> None:
    with quick.store.write() as connection:
        consent.leave(connection, 1, [1], ConsentSource.PAGE, None, quick.now)
    done = quick.web.post(f"/c/{quick.token()}")
    assert "Runners" in text_of(done)
    assert "Friends" not in text_of(done)
    assert quick.statuses() == {(ADA, "friends"): "unsubscribed", (ADA, "runners"): "subscribed"}


def test_only_the_token_of_a_confirmation_mail_confirms(quick: JoiningSite) -> None:
    with quick.store.write() as connection:
        other = notices.order(
            connection,
            kind=NoticeKind.LINKS,
            identity_hash=quick.hash_of(ADA),
            address=ADA,
            cause="another",
            now=quick.now,
            about={"requests": [1, 2]},
        )
    assert other
    token = quick.token()
    forged = Keys(["another secret"])
    swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
    links = [quick.token(other), quick.token(99), quick.token(0), token[:-1], swapped, token.swapcase(), "%00", "é"]
    for link in (*links, JoiningSite(quick.store, keys=forged).token()):
        for send in (quick.web.get, quick.web.post):
            answer = send(f"/c/{link}")
            assert (answer.status_code, answer.text) == (404, unknown(quick))
    assert set(quick.statuses().values()) == {"pending"}


def test_another_website_cannot_press_the_button(quick: JoiningSite) -> None:
    foreign: dict[str, Any] = {"sec-fetch-site": "cross-site", "origin": "https://evil.test"}
    assert quick.web.post(f"/c/{quick.token()}", headers=foreign).status_code == 403
    assert set(quick.statuses().values()) == {"pending"}


def test_a_key_that_was_rotated_still_confirms(quick: JoiningSite) -> None:
    old = quick.token()
    renewed = JoiningSite(quick.store, keys=Keys(["a newer secret", "a secret for tests"]))
    assert renewed.web.post(f"/c/{old}").status_code == 200


def test_the_page_speaks_the_language_in_which_was_asked(quick: JoiningSite) -> None:
    quick.join("zoe@example.org", "friends", lang="he")
    page = page_of(quick.web.get(f"/c/{quick.token(2)}").text)
    assert (page.get("lang"), page.get("dir")) == ("he", "rtl")
