"""/archive, its feeds and the sitemap."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from lxml import etree

from newsletter.model.subscriber import Archive
from newsletter.store import corrections
from newsletter.web.archive import index
from tests.support.archive import a_content, at
from tests.web.archive_site import PREHEADER, archive_site
from tests.web.sample_mailing import BASE_URL, page_of

if TYPE_CHECKING:
    from newsletter.store.database import Store
    from tests.web.archive_site import ArchiveSite

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture
def site(quick_store: Store) -> ArchiveSite:
    return archive_site(quick_store)


def titles(site: ArchiveSite, path: str = "/archive") -> list[str]:
    return [title.text_content().strip() for title in page_of(site.get(path).text).xpath("//h2")]


def feed_of(site: ArchiveSite, path: str = "/archive/feed.atom") -> Any:
    """Valid by the rules of RFC 4287 that concern us."""
    answer = site.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/atom+xml")
    feed: Any = etree.fromstring(answer.content)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    entries = feed.xpath("a:entry", namespaces=ATOM)
    for one in (feed, *entries):
        for needed in ("id", "title", "updated"):
            (found,) = one.xpath(f"a:{needed}", namespaces=ATOM)
            assert found.text.strip()
        for moment in one.xpath("a:updated | a:published", namespaces=ATOM):
            assert datetime.fromisoformat(moment.text).tzinfo
        assert urlsplit(one.xpath("string(a:id)", namespaces=ATOM)).scheme == "urn"
        links = one.xpath("a:link", namespaces=ATOM)
        assert all(urlsplit(link.get("href")).scheme == "https" for link in links)
        assert len([link for link in links if link.get("rel") == "alternate"]) == 1
        assert one.get(LANG)
    assert feed.xpath("string(a:author/a:name)", namespaces=ATOM)
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == [BASE_URL + path]
    ids = feed.xpath("//a:id/text()", namespaces=ATOM)
    assert len(set(ids)) == len(ids)
    return feed


def values(feed: Any, path: str) -> list[str]:
    return [str(one) for one in feed.xpath(path, namespaces=ATOM)]


def test_the_index_lists_public_issues_only_with_date_and_preheader(site: ArchiveSite) -> None:
    page = page_of(site.get("/archive").text)
    assert page.xpath("//h2/a/@href") == [f"{BASE_URL}/archive/knees"]
    assert titles(site) == ["Knees, again"]
    assert page.xpath("string(//article/p[1])").strip() == "March 1, 2026"
    assert page.xpath("string(//article/p[2])").strip() == PREHEADER
    assert f"{BASE_URL}/subscribe" in page.xpath("//main//a/@href")
    assert not page.xpath("//meta[@name='robots']")
    assert page.xpath("//head/link[@rel='alternate']/@href") == [f"{BASE_URL}/archive/feed.atom"]


def test_dates_are_those_of_the_newsletters_place_in_the_pages_language(quick_store: Store) -> None:
    newsletter = {"name": "N", "base_url": BASE_URL, "timezone": "Pacific/Kiritimati", "language": "en"}
    site = archive_site(quick_store, newsletter=newsletter)
    assert "2. März 2026" in site.get("/archive", Accept_Language="de").text
    assert "2 de marzo de 2026" in site.get("/archive?lang=es").text
    assert "Accept-Language" in site.get("/archive").headers["Vary"]


def test_the_index_comes_in_parts_that_lead_to_each_other(site: ArchiveSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST", 2)
    for number in range(4):
        site.press.send(f"no {number}", "friends", hours=10 + number, content=a_content(f"Number {number}"))
    seen, path = [], "/archive"
    while path:
        page = page_of(site.get(path).text)
        seen += [title.text_content() for title in page.xpath("//h2")]
        assert len(page.xpath("//a[text()='Newest issues']")) == (0 if path == "/archive" else 1)
        path = "".join(page.xpath("//a[@rel='next']/@href")).removeprefix(BASE_URL)
    assert seen == ["Number 3", "Number 2", "Number 1", "Number 0", "Knees, again"]


def test_one_list_can_be_looked_at_alone(site: ArchiveSite) -> None:
    site.press.list_("runners")
    site.press.send("shoes", "runners", hours=4)
    assert titles(site) == ["Shoes", "Knees, again"]
    assert titles(site, "/archive?list=friends") == ["Knees, again"]
    page = page_of(site.get("/archive?list=runners").text)
    assert page.xpath("string(//nav//*[@aria-current])").strip() == "Runners"
    assert f"{BASE_URL}/archive?list=friends" in page.xpath("//nav//a/@href")
    assert f"{BASE_URL}/archive/lists/runners/feed.atom" in page.xpath("//link/@href")


@pytest.mark.parametrize(
    "query", ["list=staff", "list=known", "list=none", "before=rota", "before=by-address", "before=x"]
)
def test_what_is_hidden_is_no_part_of_the_index(site: ArchiveSite, query: str) -> None:
    unknown = site.get("/nowhere")
    answer = site.get(f"/archive?{query}")
    assert (answer.status_code, answer.text) == (404, unknown.text)


def test_the_feed_is_valid_and_tells_public_issues(site: ArchiveSite) -> None:
    site.press.send("evil\x0b", "friends", hours=5, content=a_content("A & <b>\x00\ufffe", preheader="\x1b[1m]]>"))
    feed = feed_of(site)
    assert feed.get(LANG) == "en"
    assert values(feed, "a:entry/a:title/text()") == ["A & <b>", "Knees, again"]
    assert values(feed, "a:entry[2]/a:link/@href") == [f"{BASE_URL}/archive/knees"]
    assert values(feed, "a:entry[2]/a:summary/text()") == [PREHEADER]
    assert values(feed, "a:entry[2]/*[self::a:published or self::a:updated]/text()") == ["2026-03-01T10:00:00Z"] * 2
    assert values(feed, "a:updated/text()") == ["2026-03-01T14:00:00Z"]


def test_a_correction_moves_its_entry_to_the_front_and_says_what_is_corrected(site: ArchiveSite) -> None:
    site.press.send("hips", "friends", hours=5)
    before = site.get("/archive/feed.atom")
    ids = values(feed_of(site), "a:entry/a:id/text()")
    with site.store.write() as connection:
        corrections.add(connection, "knees", "120, not 210.", at(6))
    assert site.get("/archive/feed.atom", If_None_Match=before.headers["ETag"]).status_code == 200
    feed = feed_of(site)
    assert values(feed, "a:updated/text()") == ["2026-03-01T15:00:00Z"]
    assert values(feed, "a:entry[1]/a:updated/text()") == ["2026-03-01T15:00:00Z"]
    assert values(feed, "a:entry/a:id/text()") == ids[::-1]
    assert "Correction, March 1, 2026\n120, not 210." in values(feed, "a:entry[1]/a:summary/text()")[0]


def test_ids_stay_when_the_pages_move(quick_store: Store) -> None:
    site = archive_site(quick_store)
    ids = values(feed_of(site), "//a:id/text()")
    from newsletter.keys import Keys
    from newsletter.web.app import create_app
    from tests.web.sample_mailing import client, settings

    moved = create_app(
        quick_store, Keys(["newer", "a secret for tests"]), settings(base_url="https://example.org/news")
    )
    feed = etree.fromstring(client(moved).get("/news/archive/feed.atom").content)
    assert values(feed, "//a:id/text()") == ids


def test_a_list_has_a_feed_of_its_own(site: ArchiveSite) -> None:
    site.press.list_("runners", title="Runners")
    site.press.send("shoes", "runners", hours=4)
    feed = feed_of(site, "/archive/lists/runners/feed.atom")
    assert values(feed, "a:title/text()") == ["Larkmeadow Letters · Runners"]
    assert values(feed, "a:entry/a:title/text()") == ["Shoes"]
    every = feed_of(site)
    assert values(feed, "a:entry/a:id/text()")[0] in values(every, "a:entry/a:id/text()")
    for name in ("staff", "known", "none", "%00"):
        assert site.get(f"/archive/lists/{name}/feed.atom").status_code == 404


def test_an_archive_without_issues_is_there_and_its_feed_is_valid(quick_store: Store) -> None:
    site = archive_site(quick_store)
    with quick_store.write() as connection:
        connection.exec_driver_sql("DELETE FROM mailing_lists")
    assert "No issue has been sent yet." in site.get("/archive").text
    assert values(feed_of(site), "a:updated/text()") == ["2026-03-01T09:00:00Z"]


def test_the_sitemap_names_the_public_pages_and_robots_names_the_sitemap(site: ArchiveSite) -> None:
    site.press.send("Knie & Hüfte", "friends", hours=5)
    root: Any = etree.fromstring(site.get("/sitemap.xml").content)
    assert root.tag == f"{{{MAP['s']}}}urlset"
    paths = ["", "/Knie%20%26%20H%C3%BCfte", "/knees"]
    assert [str(one) for one in root.xpath("//s:loc/text()", namespaces=MAP)] == [
        f"{BASE_URL}/archive{p}" for p in paths
    ]
    assert [str(one) for one in root.xpath("//s:lastmod/text()", namespaces=MAP)][-1] == "2026-03-01T10:00:00+00:00"
    rules = site.get("/robots.txt").text.splitlines()
    assert f"Sitemap: {BASE_URL}/sitemap.xml" in rules
    assert {f"Disallow: /{letter}/" for letter in "upvcde"} < {*rules}


def test_public_pages_may_be_listed_and_kept_for_a_while(site: ArchiveSite) -> None:
    for path in ("/archive", "/archive/feed.atom", "/archive/lists/friends/feed.atom", "/sitemap.xml"):
        answer = site.get(path)
        assert (answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]) == ("all", "public, max-age=300")
        assert site.get(path, If_None_Match=answer.headers["ETag"]).status_code == 304
        assert "set-cookie" not in answer.headers
        head = site.web.head(path)
        assert (head.status_code, head.headers["ETag"]) == (200, answer.headers["ETag"])
        assert site.web.post(path).status_code == 405
    assert site.get("/nowhere").headers["X-Robots-Tag"].startswith("noindex")


def test_everything_works_below_the_path_of_base_url(quick_store: Store) -> None:
    base_url = "https://example.org/news"
    site = archive_site(quick_store, base_url=base_url)
    for path in ("/archive", "/archive/knees", "/archive/feed.atom", "/sitemap.xml"):
        answer = site.get(f"/news{path}")
        assert (answer.status_code, answer.text) == (200, site.get(path).text)
        assert f"{base_url}/archive/knees" in answer.text
    assert "Allow: /news/archive" in site.get("/robots.txt").text


def test_a_list_that_was_put_away_keeps_its_archive(site: ArchiveSite) -> None:
    with site.store.write() as connection:
        connection.exec_driver_sql("UPDATE lists SET archived_at = '2026-03-02 09:00:00.000000' WHERE name = 'friends'")
    assert titles(site) == ["Knees, again"]
    assert "/subscribe" not in site.get("/archive").text
    assert Archive.PUBLIC in {entry.archive for entry in site.press.lists.values()}


@pytest.mark.parametrize(
    "path", ["/archive/%00", "/archive?before=%00", "/archive?list=%00", "/archive/lists/%00/feed.atom"]
)
def test_a_nul_character_is_the_name_of_nothing(store: Store, path: str) -> None:
    assert archive_site(store).get(path).status_code == 404
