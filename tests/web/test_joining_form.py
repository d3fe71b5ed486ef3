"""The form of /subscribe and the home page: what they show, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newsletter.store import tables as t
from tests.web.joining_site import JoiningSite, paths_of, text_of
from tests.web.sample_mailing import page_of, settings

if TYPE_CHECKING:
    from newsletter.store.database import Store

ADA = "ada@example.org"


@pytest.fixture
def quick(quick_store: Store) -> JoiningSite:
    """Where the database makes no difference."""
    return JoiningSite(quick_store)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"email": ""}, "email", "Please enter your email address"),
        ({"email": "ada"}, "email", "not a complete email address"),
        ({"email": "ada@example.org\r\nBcc: eve@example.org"}, "email", "not a complete email address"),
        ({"email": "ada@example.org, bob@example.org"}, "email", "not a complete email address"),
        ({"email": f"{'a' * 60_000}@example.org"}, "email", "not a complete email address"),
        ({"email": "äda@example.org"}, "email", "not a complete email address"),
        ({"email": ADA, "list": []}, "list", "choose at least one"),
        ({"email": ADA, "list": ["secret", "old", "no such list", "1"]}, "list", "choose at least one"),
        ({"email": ADA, "first_name": "Ada\r\nBcc: eve@example.org"}, "first_name", "first name only"),
        ({"email": ADA, "first_name": "Ada\x00"}, "first_name", "first name only"),
        ({"email": ADA, "first_name": "\u202eadA"}, "first_name", "first name only"),
        ({"email": ADA, "first_name": "A" * 500}, "first_name", "first name only"),
        ({"email": ADA, "first_name": "Win! https://evil.test"}, "first_name", "first name only"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_the_rest_stays(
    quick: JoiningSite, fields: dict[str, Any], field: str, words: str
) -> None:
    quick.list_("friends")
    quick.list_("runners")
    quick.list_("secret", public=False)
    quick.list_("old")
    _put_away(quick, "old")
    sent = {"email": ADA, "first_name": "Grace", "list": ["runners"], **fields}
    answer = quick.web.post("/subscribe", data=sent)
    assert answer.status_code == 422
    page = page_of(answer.text)
    assert next(link.text_content() for link in page.xpath(f"//a[@href='#f-{field}']")).find(words) >= 0
    if field != "first_name":
        assert page.xpath("//input[@name='first_name']/@value") == ["Grace"]
    if field != "list":
        assert page.xpath("//input[@name='list'][@checked]/@value") == ["runners"]
    assert quick.rows(t.subscribers) == []
    assert quick.woken == 0


def _put_away(site: JoiningSite, name: str) -> None:
    with site.store.write() as connection:
        connection.execute(t.lists.update().where(t.lists.c.name == name).values(archived_at=site.now))


def test_only_lists_that_are_offered_stand_on_the_page_and_one_can_be_chosen_beforehand(quick: JoiningSite) -> None:
    assert "No list can be joined" in text_of(quick.web.get("/subscribe"))
    assert quick.join(ADA).status_code == 422
    quick.list_("secret", "Secret", public=False)
    quick.list_("old", "Old")
    _put_away(quick, "old")
    quick.list_("friends", "Friends", description="Once a month")
    alone = quick.web.get("/subscribe")
    assert "Once a month" in text_of(alone)
    assert not page_of(alone.text).xpath("//input[@type='checkbox']")
    quick.list_("runners", "<b>Runners</b>")
    several = quick.web.get("/subscribe?list=runners")
    assert page_of(several.text).xpath("//input[@type='checkbox']/@value") == ["runners", "friends"]
    assert page_of(several.text).xpath("//input[@checked]/@value") == ["runners"]
    assert "&lt;b&gt;Runners" in several.text
    assert "Secret" not in several.text
    assert "Old" not in several.text


def test_a_misspelled_domain_is_asked_about_and_yet_taken(quick: JoiningSite) -> None:
    quick.list_("friends")
    answer = quick.join("ada@gmial.com", "friends")
    assert "Did you mean ada@gmail.com?" in text_of(answer)
    assert paths_of(answer) == ["/subscribe"]
    assert [row["address"] for row in quick.rows(t.subscribers)] == ["ada@gmial.com"]


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '" onfocus="alert(1)', "{{ 7*7 }}", "'; DROP TABLE lists"]
)
def test_a_name_is_text_wherever_it_is_shown(quick: JoiningSite, name: str) -> None:
    quick.list_("friends")
    page = quick.web.post("/subscribe", data={"email": "<b>@", "first_name": name, "list": "friends"})
    form = page_of(page.text)
    assert form.xpath("//input[@name='first_name']/@value") == [name]
    assert form.xpath("//input[@name='email']/@value") == ["<b>@"]
    assert not form.xpath("//script | //b | //*[@onfocus]")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"email=%ff%fe&list=friends", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b'{"email": "ada@example.org"}', "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"&".join(b"a=b" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b"", "text/plain"),
    ],
)
def test_a_body_that_is_no_form_is_refused_politely(quick: JoiningSite, body: bytes, kind: str) -> None:
    quick.list_("friends")
    answer = quick.web.post("/subscribe", content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"].startswith("text/html")
    assert quick.rows(t.subscribers) == []


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Subscribe"), ("de", "Abonnieren"), ("es", "Suscribirse"), ("fr", "S’abonner"), ("he", "הרשמה")],
)
def test_the_page_and_its_answer_speak_the_language_that_was_asked_for(
    quick: JoiningSite, language: str, title: str
) -> None:
    quick.list_("friends")
    page = page_of(quick.web.get(f"/subscribe?lang={language}").text)
    assert (page.get("lang"), page.find(".//h1").text) == (language, title)
    answer = quick.fill_in(f"/subscribe?lang={language}", email=ADA)
    assert page_of(answer.text).get("lang") == language
    assert [notice.language for notice in quick.notices()] == [language]


def test_an_unknown_language_is_none(quick: JoiningSite) -> None:
    quick.list_("friends")
    assert quick.join(ADA, "friends", lang="../../etc/passwd").status_code == 200
    assert [row["language"] for row in quick.rows(t.subscribers)] == ["en"]


def test_a_look_changes_nothing(quick: JoiningSite) -> None:
    quick.list_("friends")
    before = {table.name: quick.rows(table) for table in t.metadata.sorted_tables}
    for path in ("/", "/subscribe", "/subscribe?list=friends&email=ada@example.org", "/links"):
        for look in (quick.web.get, quick.web.head):
            assert look(path).status_code == 200
    assert {table.name: quick.rows(table) for table in t.metadata.sorted_tables} == before


def test_the_home_page_leads_to_what_one_can_do_here(quick_store: Store) -> None:
    site = JoiningSite(quick_store, settings("https://example.org/letters"))
    assert paths_of(site.web.get("/")) == ["/letters/links"]
    site.archived("friends", "Friends")
    assert paths_of(site.web.get("/letters")) == ["/letters/subscribe", "/letters/archive", "/letters/links"]
    action = page_of(site.web.get("/letters/subscribe").text).forms[0].action
    assert action.partition("?")[0] == "/letters/subscribe"
    assert site.web.get("/subscribe").status_code == 200


def test_the_name_is_asked_for_and_the_privacy_policy_linked_as_the_settings_say(quick_store: Store) -> None:
    site = JoiningSite(quick_store, settings(signup={"ask_name": False, "privacy_url": "https://example.org/privacy"}))
    site.list_("friends")
    page = site.web.get("/subscribe")
    assert "https://example.org/privacy" in paths_of(page)
    assert not page_of(page.text).xpath("//input[@name='first_name']")
    site.join(ADA, "friends", first_name="Ada")
    assert [row["first_name"] for row in site.rows(t.subscribers)] == [""]
