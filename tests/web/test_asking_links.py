"""/links: a mail with one's own links, for whoever lost theirs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import tables as t
from tests.web.joining_site import JoiningSite, text_of
from tests.web.sample_mailing import settings

if TYPE_CHECKING:
    from newsletter.store.database import Store

ADA = "Ada@example.org"


@pytest.fixture
def site(store: Store) -> JoiningSite:
    made = JoiningSite(store)
    made.subscribed(ADA, made.list_("friends", public=False), language="fr")
    return made


def test_who_is_known_gets_one_mail_at_the_stored_spelling_and_nobody_else_does(site: JoiningSite) -> None:
    site.suppress("suppressed@example.org")
    site.suppress("erased@example.org", SuppressionReason.ERASED)
    site.subscribed("both@example.org", 1)
    site.suppress("both@example.org")
    names = ("ada", "nobody", "suppressed", "erased", "both")
    answers = {name: site.fill_in("/links", email=f"{name}@example.org") for name in names}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({answer.text.replace(name, "ada") for name, answer in answers.items()}) == 1
    [notice] = site.notices()
    assert (notice.kind, notice.address, notice.language) == (NoticeKind.LINKS, ADA, "fr")
    assert notice.about == {}
    assert site.woken == 1
    assert len(site.rows(t.subscribers)) == 2


def test_at_most_three_mails_a_day_and_the_page_does_not_tell(site: JoiningSite) -> None:
    answers = {site.fill_in("/links", email=ADA).content for _ in range(5)}
    assert len(answers) == 1
    assert site.kinds() == [NoticeKind.LINKS] * 3


def test_programs_networks_other_websites_and_slips_are_told_the_same(quick_store: Store) -> None:
    site = JoiningSite(quick_store, settings(signup={"per_hour": 4}))
    site.subscribed(ADA, site.list_("friends"))
    assert site.fill_in("/links", email=ADA, website="x").status_code == 200
    assert site.fill_in("/links", email=ADA, wait=1).status_code == 200
    wrong = site.fill_in("/links", email="ada@")
    assert wrong.status_code == 422
    assert "not a complete email address" in text_of(wrong)
    assert site.web.post("/links", data={"email": ADA}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert site.kinds() == []
    assert site.fill_in("/links", email=ADA).status_code == 200
    assert site.fill_in("/links", email=ADA).status_code == 429
    assert site.kinds() == [NoticeKind.LINKS]


def test_requests_at_once_are_counted_as_well(site: JoiningSite) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(lambda _: site.web.post("/links", data={"email": ADA}), range(12))]
    assert {answer.status_code for answer in answers} == {200}
    assert site.kinds() == [NoticeKind.LINKS] * 3


def test_orders_at_once_are_counted_as_well(site: JoiningSite) -> None:
    site.fill_in("/links", email=ADA)
    with ThreadPoolExecutor(8) as pool:
        path = f"/p/{site.token()}"
        answers = [*pool.map(lambda _: site.web.post(path, data={"order": "data"}), range(12))]
    assert {answer.status_code for answer in answers} == {200}
    assert site.kinds() == [NoticeKind.LINKS, *[NoticeKind.DATA] * 3]
