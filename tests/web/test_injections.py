"""Headers, other sites' forms, redirects, markup in what we store, paths: what attackers try first."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from sqlalchemy import update

from newsletter.model.notice_mail import NoticeKind
from newsletter.store import corrections
from newsletter.store import tables as t
from tests.support.archive import a_content
from tests.web.archive_site import archive_site
from tests.web.hostile_site import ADA, FROM_OUR_PAGE, OF_SOMEBODY, roomy
from tests.web.joining_site import JoiningSite
from tests.web.sample_mailing import BASE_URL, NOW, page_of
from tests.web.test_any_request import assert_polite

if TYPE_CHECKING:
    from newsletter.store.database import Store
    from tests.web.hostile_site import HostileSite

EVIL = "evil.example.com"
#: what is harmless as text, and not as HTML, in an attribute, in a template, in a sentence of another direction
MARKUP = "</title><script>alert(1)</script>\"' onload=x {{7*7}} {% raw %} ${7*7} &amp; \u202eevil\u2066"
SPOILT = ("Ada\r\nBcc: eve@example.org", "Ada\nx", "Ada\0", "A\x1bda", "A\u2028da", "A\u202eda")
NO_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"


def assert_plain(text: str) -> None:
    """Neither an element nor an attribute came of MARKUP, and nothing was worked out."""
    root = page_of(text)
    assert not root.xpath("//script | //*[@onload] | //*[@onclick] | //iframe | //base")
    assert "<script" not in text
    assert "{{49}}" not in text
    assert "{{7*7}}" in text or "{{" not in text
    assert len(root.xpath("//title")) == 1


# --- headers ---


@pytest.mark.parametrize("host", [EVIL, f"{EVIL}:443", f"news.example.org@{EVIL}", "", "[::1]", f"a b {EVIL}", "é"])
def test_links_come_from_base_url_whatever_host_was_asked_for(attacked: HostileSite, host: str) -> None:
    given = {"Host": host.encode("latin-1"), "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL};proto=http"}
    given |= {"X-Forwarded-Prefix": f"//{EVIL}", "X-Original-URL": f"//{EVIL}/", "X-Rewrite-URL": "/archive"}
    token = attacked.token_of(None)
    pages = ("/", "/subscribe", "/links", "/archive", "/archive/running", "/archive/feed.atom", "/sitemap.xml")
    for path in (*pages, "/robots.txt", f"/v/{token}", f"/u/{token}", "/api/v1/openapi.json", "/nowhere"):
        answer = attacked.web.get(path, headers=given)
        assert EVIL not in answer.text, path
        assert EVIL not in str(answer.headers), path
        assert answer.content == attacked.web.get(path).content, path


@pytest.mark.parametrize(
    "spoilt", ["a\r\nX-Evil: 1", "a\nSet-Cookie: x=1", "a\0b", "a\x0b\x0cb", "%0d%0aX-Evil:1", "a" * 9000]
)
def test_no_header_of_ours_is_made_of_what_was_sent(attacked: HostileSite, spoilt: str) -> None:
    names = ("X-Request-ID", "Accept-Language", "If-None-Match", "If-Modified-Since", "User-Agent", "Origin")
    for name, path in itertools.product(
        (*names, "Idempotency-Key", "Authorization"), ("/", "/archive", "/api/v1/lists")
    ):
        answer = attacked.web.get(path, headers={name: spoilt})
        assert_polite(answer, (name, path))
        assert "x-evil" not in answer.headers
        assert spoilt[:9] not in str(answer.headers)
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["x-request-id"])


@pytest.mark.parametrize("name", ["first_name", "email", "list", "lang"])
def test_what_is_typed_brings_no_line_break_and_no_turn_into_a_mail(store: Store, name: str) -> None:
    site = JoiningSite(store, settings=roomy())
    site.list_("news")
    for n, spoilt in enumerate(SPOILT):
        address = f"{spoilt}@example.org" if name == "email" else f"ada{n}@example.org"
        answer = site.web.post("/subscribe", data={"list": "news", name: spoilt} | {"email": address})
        assert answer.status_code == (200 if name == "lang" else 422)
    kept = [*site.rows(t.subscribers), *site.rows(t.notices)]
    assert len(kept) == (2 * len(SPOILT) if name == "lang" else 0)
    assert not any(set("\r\n\0\x1b\u2028\u202e") & set(str(value)) for row in kept for value in row.values())


# --- forms of other sites ---

BROWSERS = {
    "our page": ({"Sec-Fetch-Site": "same-origin", "Origin": BASE_URL}, True),
    "our page, which sends no referrer": ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
    "typed by hand": ({"Sec-Fetch-Site": "none"}, True),
    "an old browser on our page": ({"Origin": BASE_URL}, True),
    "no browser": ({}, True),
    "another site": ({"Sec-Fetch-Site": "cross-site", "Origin": f"https://{EVIL}"}, False),
    "another site without referrer": ({"Sec-Fetch-Site": "cross-site", "Origin": "null"}, False),
    "a neighbour": ({"Sec-Fetch-Site": "same-site", "Origin": "https://shop.example.org"}, False),
    "an old browser elsewhere": ({"Origin": f"https://{EVIL}"}, False),
    "without TLS": ({"Origin": BASE_URL.replace("https", "http")}, False),
    "another port": ({"Origin": f"{BASE_URL}:8443"}, False),
    "a name that begins like ours": ({"Origin": f"{BASE_URL}.{EVIL}"}, False),
    "no address": ({"Origin": "http://["}, False),
    "says something new": ({"Sec-Fetch-Site": "Same-Origin, cross-site"}, False),
}


@pytest.mark.parametrize("browser", BROWSERS)
def test_only_signing_up_and_one_click_are_open_to_other_sites(attacked: HostileSite, browser: str) -> None:
    headers, is_ours = BROWSERS[browser]
    paths = {
        "/links": {"email": ADA},
        f"/p/{attacked.token_of(None)}": {"save": ""},
        f"/p/{'A' * 32}": {"order": "erasure"},
        f"/c/{'A' * 32}": {},
        f"/d/{'A' * 32}": {},
        f"/e/{'A' * 32}": {},
    }
    for path, data in paths.items():
        answer = attacked.web.post(path, data=data, headers=headers)
        assert (answer.status_code != 403) is is_ours, path
    assert attacked.web.post("/subscribe", data={"email": "x"}, headers=headers).status_code == 422
    one_click = attacked.web.post(f"/u/{'A' * 32}", data={"List-Unsubscribe": "One-Click"}, headers=headers)
    assert one_click.status_code == 200


def test_no_answer_may_be_read_by_another_site_or_stand_in_a_frame_of_it(attacked: HostileSite) -> None:
    asked = {"Origin": f"https://{EVIL}", "Access-Control-Request-Method": "POST"}
    for path in ("/", "/subscribe", "/links", "/api/v1/lists", f"/p/{attacked.token_of(None)}", "/u/x"):
        for method in ("GET", "POST", "OPTIONS"):
            answer = attacked.web.request(method, path, headers=asked)
            assert not [name for name in answer.headers if name.startswith("access-control-")], path
            assert answer.headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


# --- redirects and paths ---


@pytest.mark.parametrize(
    "path",
    [
        f"//{EVIL}/",
        f"//{EVIL}/%2e%2e",
        f"/%2f%2f{EVIL}",
        f"/%5c{EVIL}",
        f"/\\{EVIL}",
        f"/.{EVIL}",
        "/archive/",
        "/subscribe/",
        "/u",
        "/u/",
        "/api/v1",
        f"/?next=//{EVIL}",
        f"/links?next=https://{EVIL}&return_to=https://{EVIL}&url=//{EVIL}",
        f"/subscribe?redirect=https://{EVIL}",
        f"/archive?list=//{EVIL}&lang=//{EVIL}",
    ],
)
def test_nobody_is_sent_to_another_site(attacked: HostileSite, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = attacked.web.request(method, f"{BASE_URL}{path}", headers=FROM_OUR_PAGE)
        assert answer.status_code not in range(300, 400)
        assert "location" not in answer.headers
        assert "refresh" not in answer.headers
        leads = re.findall(rf"(?:href|action|src|content)=\"[^\"]*{re.escape(EVIL)}", answer.text)
        assert all(lead.startswith('href="?') or "?" in lead.partition(EVIL)[0] for lead in leads), leads


PATHS = (
    "../newsletter.toml",
    "..%2fnewsletter.toml",
    "..%252fnewsletter.toml",
    "%2e%2e%2fnewsletter.toml",
    "..%5cnewsletter.toml",
    "..%c0%afnewsletter.toml",
    "%c0%ae%c0%ae/newsletter.toml",
    "....//newsletter.toml",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "0123456789abcdef-600.png%00.html",
    "0123456789abcdef-600.png%0a",
    "0123456789abcdef-600.png/",
    "0123456789abcdef-600.png;x",
    "0123456789ABCDEF-600.PNG",
    "..",
    "%2e",
    "%00",
    "running%00",
    "%ed%a0%80",
    "a" * 8000,
)


@pytest.mark.parametrize("folder", ["/i/", "/archive/", "/archive/lists/", "/v/"])
def test_no_path_leads_out_of_its_folder(attacked: HostileSite, folder: str) -> None:
    for path, below in itertools.product(PATHS, ("", "/feed.atom")):
        answer = attacked.web.get(f"{BASE_URL}{folder}{path}{below}")
        assert answer.status_code in {200, 404}, path
        assert b"root:" not in answer.content
        assert b"[newsletter]" not in answer.content


def test_a_nul_in_the_name_of_an_issue_is_a_name_like_any_other(store: Store) -> None:
    """PostgreSQL cannot even compare it."""
    site = archive_site(store)
    for path in ("/archive/%00", "/archive/knees%00", "/archive?before=%00", "/archive?list=%00", "/i/%00"):
        assert site.get(path).status_code == 404


# --- what is stored ---


def test_names_and_attributes_of_readers_are_text_wherever_they_are_shown(hostile: HostileSite) -> None:
    name = MARKUP.replace("\u202e", "").replace("\u2066", "")
    with hostile.store.write() as connection:
        mine = t.subscribers.c.number == 1
        values = {"first_name": MARKUP, "last_name": name, "attributes": {"city": MARKUP}}
        connection.execute(update(t.subscribers).where(mine).values(values))
    for kind in (None, *NoticeKind):
        if kind is not NoticeKind.PROOF:
            for path in OF_SOMEBODY:
                answer = hostile.web.get(path + hostile.token_of(kind))
                assert_polite(answer, (path, kind))
                assert_plain(answer.text)
                assert not set(NO_TURNS) & set(answer.text)
    mail = page_of(hostile.web.get(f"/v/{hostile.token_of(None)}").text)
    assert "<script>" in mail.xpath("string(//p[contains(., 'Hello')])")
    assert "{{7*7}}" in mail.xpath("string(//b/@title)")


def test_what_a_reader_types_comes_back_as_text(hostile: HostileSite) -> None:
    page = f"/p/{hostile.token_of(None)}"
    for data in (
        {"first_name": MARKUP},
        {"first_name": "{{7*7}} <b>", "last_name": "'\"><b>"},
        {"language": MARKUP},
        {"list-1": MARKUP},
        {"tracking": MARKUP},
        {MARKUP: "1"},
        {"order": MARKUP},
    ):
        answer = hostile.web.post(page, data=data, headers=FROM_OUR_PAGE)
        assert_polite(answer, data)
        assert_plain(answer.text)
    for data in ({"reason": "other", "words": MARKUP}, {"words": MARKUP, "kept": MARKUP}, {"undo": MARKUP}):
        answer = hostile.web.post(f"/u/{hostile.token_of(None)}", data=data)
        assert_polite(answer, data)
        assert_plain(answer.text)
        assert "alert" not in answer.text
    for path in ("/subscribe", "/links"):
        for data in ({"email": MARKUP, "first_name": MARKUP, "list": "friends"}, {"email": f'"{MARKUP}"@example.org'}):
            answer = hostile.web.post(path, data=data, headers=FROM_OUR_PAGE)
            assert_polite(answer, data)
            assert_plain(answer.text)


def test_lists_are_text_wherever_they_are_offered(hostile: HostileSite) -> None:
    with hostile.store.write() as connection:
        connection.execute(update(t.lists).values(title=MARKUP, description=MARKUP))
    pages = (
        "/subscribe",
        "/archive",
        "/archive?list=friends",
        f"/u/{hostile.token_of(None)}",
        f"/p/{hostile.token_of(None)}",
    )
    confirm = f"/c/{hostile.token_of(NoticeKind.CONFIRMATION)}"
    for path in (*pages, confirm):
        answer = hostile.web.get(path)
        assert_plain(answer.text)
        assert "alert(1)" in answer.text
    assert_plain(hostile.web.post(confirm, headers=FROM_OUR_PAGE).text)
    assert_plain(hostile.web.post(f"/u/{hostile.token_of(None)}", data={"from": "page"}).text)
    for path in ("/archive/feed.atom", "/archive/lists/friends/feed.atom"):
        feed = etree.fromstring(hostile.web.get(path).content)
        assert not feed.xpath("//*[local-name()='script']")


ISSUES = ("a\r\nb", "<script>x", '"onload=x', "..", "~", "a/b", "a?b#c", "{{7*7}}", "é\u202e", "feed.atom")


def test_issues_of_any_name_subject_and_correction_are_text(quick_store: Store) -> None:
    site = archive_site(quick_store)
    html = ("<!doctype html><html><head><title>x</title></head><body><p>x</p></body></html>",)
    for hours, name in enumerate(ISSUES, 4):
        site.press.send(name, "friends", hours=hours, content=a_content(MARKUP, html, MARKUP))
        with quick_store.write() as connection:
            corrections.add(connection, name, f"{MARKUP}\n\n{MARKUP}", NOW)
    index = site.get("/archive")
    assert_plain(index.text)
    feed = etree.fromstring(site.get("/archive/feed.atom").content)
    assert not feed.xpath("//*[local-name()='script']")
    urls = [str(url) for url in page_of(index.text).xpath("//article//a/@href")][: len(ISSUES)]
    assert all(url.startswith(f"{BASE_URL}/archive/") for url in urls)
    for url, name in zip(urls, reversed(ISSUES), strict=True):
        answer = site.get(url.removeprefix(BASE_URL))
        # the test client decodes a path twice: such a slash is one of the path there
        assert answer.status_code == (404 if "/" in name else 200), name
        if answer.status_code == 200:
            assert "alert(1)" in answer.text
            assert_plain(answer.text)
