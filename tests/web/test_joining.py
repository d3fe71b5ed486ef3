"""/subscribe: what is stored, ordered and answered when somebody asks to join."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from newsletter.model.notice_mail import NoticeKind
from newsletter.model.subscriber import SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people import erasing
from tests.web.joining_site import JoiningSite, text_of
from tests.web.sample_mailing import page_of, settings

if TYPE_CHECKING:
    from newsletter.store.database import Store

ADA = "ada@example.org"


@pytest.fixture
def site(store: Store) -> JoiningSite:
    """On both databases."""
    return JoiningSite(store)


@pytest.fixture
def quick(quick_store: Store) -> JoiningSite:
    """Where the database makes no difference."""
    return JoiningSite(quick_store)


def test_who_asks_for_two_lists_waits_for_one_mail_about_both(site: JoiningSite) -> None:
    friends, runners = site.list_("friends", "Friends"), site.list_("runners", "Runners")
    answer = site.fill_in(email=ADA, first_name="Ada", list=["friends", "runners"])
    assert answer.status_code == 200
    assert "ada@example.org" in text_of(answer)
    assert "works for 7 days" in text_of(answer)
    assert site.statuses() == {(ADA, "friends"): "pending", (ADA, "runners"): "pending"}
    [notice] = site.notices()
    assert (notice.kind, notice.address, notice.language) == (NoticeKind.CONFIRMATION, ADA, "en")
    assert notice.about == {"lists": [friends, runners], "requests": [1, 2]}
    assert site.woken == 1
    [person] = site.rows(t.subscribers)
    assert (person["first_name"], person["language"], person["address"]) == ("Ada", "en", ADA)


def test_the_answer_is_the_same_byte_for_byte_whoever_is_meant(site: JoiningSite) -> None:
    friends = site.list_("friends", "Friends")
    answers = [site.join(ADA, "friends")]
    for status in ("subscribed", "unsubscribed", "pending"):
        site.subscribed(f"{status}@example.org", friends, status=status)
    site.suppress("suppressed@example.org")
    site.suppress("erased@example.org", SuppressionReason.ERASED)
    site.subscribed("both@example.org", friends)
    site.suppress("both@example.org")
    for name in ("subscribed", "unsubscribed", "pending", "suppressed", "erased", "both"):
        answer = site.join(f"{name}@example.org", "friends")
        answers.append(answer)
        assert answer.text.replace(name, "ada") == answers[0].text
        assert _lasting(answer.headers) == _lasting(answers[0].headers)
    again = [site.join("erased@example.org", "friends").content, site.join("erased@example.org", "friends").content]
    assert again[0] == again[1]
    told = {notice.address: notice.kind for notice in site.notices()}
    asked, known = NoticeKind.CONFIRMATION, NoticeKind.KNOWN
    assert told == {
        ADA: asked,
        "subscribed@example.org": known,
        "unsubscribed@example.org": asked,
        "pending@example.org": asked,
    }
    assert "erased@example.org" not in {row["address"] for row in site.rows(t.subscribers)}
    assert site.statuses()["unsubscribed@example.org", "friends"] == "unsubscribed"


def _lasting(headers: Any) -> dict[str, str]:
    """Those that do not differ with the length of the address, or at each request."""
    return {name: value for name, value in headers.items() if name not in {"content-length", "x-request-id"}}


def test_on_a_list_with_single_opt_in_one_is_at_once_and_is_welcomed_where_that_is_set(site: JoiningSite) -> None:
    site.list_("friends", single=True)
    answer = site.join(ADA, "friends")
    assert "the next issue goes to it" in text_of(answer)
    assert site.statuses() == {(ADA, "friends"): "subscribed"}
    assert site.kinds() == []
    welcoming = JoiningSite(site.store, settings(signup={"welcome": True}))
    welcoming.join("bob@example.org", "friends")
    assert welcoming.kinds() == [NoticeKind.WELCOME]


def test_what_is_stored_of_a_reader_is_not_changed_by_who_types_their_address(site: JoiningSite) -> None:
    friends = site.list_("friends")
    site.list_("runners")
    site.subscribed("Ada@example.org", friends, first_name="Ada", language="fr")
    site.subscribed("bob@example.org", friends)
    before = site.rows(t.subscribers)
    site.join("ADA@EXAMPLE.org", "runners", first_name="Mallory", lang="de")
    site.join("bob@example.org", "runners", first_name="Mallory", lang="de")
    assert site.rows(t.subscribers) == before
    first, _ = site.notices()
    assert (first.address, first.language) == ("Ada@example.org", "fr")


def test_nobody_gets_more_than_three_mails_of_a_kind_within_a_day(site: JoiningSite) -> None:
    site.list_("friends")
    answers = {site.join(ADA, "friends").content for _ in range(5)}
    assert len(answers) == 1
    assert site.kinds() == [NoticeKind.CONFIRMATION] * 3


def test_who_presses_the_button_many_times_at_once_is_one_person(site: JoiningSite) -> None:
    site.list_("friends", single=True)
    with ThreadPoolExecutor(6) as pool:
        answers = [*pool.map(lambda _: site.join(ADA, "friends"), range(6))]
    assert {answer.status_code for answer in answers} == {200}
    assert site.statuses() == {(ADA, "friends"): "subscribed"}
    assert site.events() == [("subscribed", "page")]


def test_the_very_words_are_kept_that_somebody_agreed_to(quick: JoiningSite) -> None:
    quick.list_("friends", "Friends of the <clinic>")
    shown = text_of(quick.web.get("/subscribe"))
    quick.fill_in(email=ADA)
    quick.list_("runners", "Runners")
    quick.fill_in("/subscribe?lang=de", email="bob@example.org", list=["friends", "runners"])
    one, several = [row["text"] for row in quick.rows(t.wordings)] if len(quick.rows(t.wordings)) == 2 else ("", "")
    if "ausgewählte" in one.lower():
        one, several = several, one
    assert one in shown.replace("\u2068", "").replace("\u2069", "")
    assert "Friends of the <clinic> from Larkmeadow Joint Clinic" in one
    assert several.startswith("☑ Friends of the <clinic> ☑ Runners Mit dem Klick auf den Knopf")


def test_where_somebody_was_is_kept_only_where_the_settings_say_so(quick_store: Store) -> None:
    for keep in (False, True):
        site = JoiningSite(quick_store, settings(consent={"keep_ip": keep, "keep_user_agent": keep}))
        if not keep:
            site.list_("friends")
        headers = {"user-agent": "A browser"}
        site.web.post("/subscribe", data={"email": f"{keep}@example.org", "list": "friends"}, headers=headers)
    refused, kept = site.rows(t.consent_events)
    assert (refused["ip"], refused["user_agent"]) == (None, None)
    assert kept["user_agent"] == "A browser"


def test_an_address_with_an_international_domain_is_one_person_in_both_spellings(quick: JoiningSite) -> None:
    quick.list_("friends")
    assert quick.join("ada@bücher.example", "friends").status_code == 200
    assert quick.join("ADA@xn--bcher-kva.example", "friends").status_code == 200
    assert [row["address"] for row in quick.rows(t.subscribers)] == ["ada@bücher.example"]


def test_a_form_on_another_website_may_post_here(quick: JoiningSite) -> None:
    quick.list_("friends")
    foreign = {"origin": "https://www.elsewhere.test", "sec-fetch-site": "cross-site"}
    answer = quick.web.post("/subscribe", data={"email": ADA, "list": "friends"}, headers=foreign)
    assert answer.status_code == 200
    assert len(quick.notices()) == 1
    assert "set-cookie" not in answer.headers


def test_a_database_that_is_busy_is_asked_again_later(quick: JoiningSite) -> None:
    quick.list_("friends")
    with quick.store.write() as connection:
        connection.execute(text("ALTER TABLE notices RENAME TO elsewhere"))
    answer = quick.join(ADA, "friends")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert quick.rows(t.subscribers) == []
    assert quick.woken == 0


@pytest.mark.parametrize("field", ["email", "first_name", "list", "lang", "shown", "website"])
def test_half_a_character_is_no_fault_of_ours(site: JoiningSite, field: str) -> None:
    """Some charsets have them, and the request says which one is meant."""
    site.list_("news")
    fields = {"email": "ada@example.org", field: "+2AA-"}
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items())
    kind = {"Content-Type": "multipart/form-data; boundary=b; charset=utf-7"}
    for path in ("/subscribe", "/links"):
        assert site.web.post(path, content=f"{parts}--b--\r\n", headers=kind).status_code in {200, 422}


@pytest.mark.parametrize("path", ["/subscribe", "/links"])
def test_a_domain_that_cannot_be_looked_up_is_a_slip(site: JoiningSite, path: str) -> None:
    """Folding the capital makes two letters of it, so that the hyphens stand where none may."""
    site.list_("news")
    answer = site.web.post(path, data={"email": "x@\N{LATIN CAPITAL LETTER SHARP S}--a.\N{HEBREW LETTER ALEF}"})
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["/subscribe", "/links"])
def test_who_mends_a_slip_at_once_is_no_program(site: JoiningSite, path: str) -> None:
    site.subscribed("ada@example.org", site.list_("news"))
    wrong = site.fill_in(path, email="ada@example")
    assert wrong.status_code == 422
    again: dict[str, Any] = dict(page_of(wrong.text).forms[0].form_values())
    site.now += timedelta(seconds=1)
    assert site.web.post(path, data=again | {"email": "ada@example.org"}).status_code == 200
    assert len(site.notices()) == 1


def test_who_is_erased_meanwhile_does_not_come_back(site: JoiningSite) -> None:
    site.subscribed("ada@example.org", site.list_("news"))
    with ThreadPoolExecutor(1) as pool:
        with site.store.write() as connection:
            erasing.erase(connection, site.hash_of("ada@example.org"), "ada@example.org", site.now)
            answer = pool.submit(site.join, "ada@example.org")
            wait([answer], timeout=0.3)
        assert answer.result().status_code == 200
    assert [row["address"] for row in site.rows(t.subscribers)] == [None]
    assert site.notices() == []
