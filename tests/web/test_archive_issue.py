"""/archive/{issue}: the mail as it was stored, and what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.compose.slots import fill
from newsletter.model.subscriber import Archive
from newsletter.store import corrections
from newsletter.web.archive.addresses import Addresses, issue_of
from newsletter.web.archive.framing import Frame
from tests.support.archive import Press, a_content, at
from tests.web.archive_site import PREHEADER, a_mail, archive_site
from tests.web.sample_mailing import BASE_URL, IMAGE_NAME, page_of

if TYPE_CHECKING:
    from newsletter.store.database import Store
    from tests.web.archive_site import ArchiveSite


@pytest.fixture
def site(quick_store: Store) -> ArchiveSite:
    return archive_site(quick_store)


def correct(site: ArchiveSite, text: str, issue: str = "knees", hours: float = 4) -> int:
    with site.store.write() as connection:
        return corrections.add(connection, issue, text, at(hours)).number


def test_the_mail_is_what_was_stored_and_nothing_of_it_is_changed_or_lost(site: ArchiveSite) -> None:
    links = {"unsubscribe_url": f"{BASE_URL}/links", "preferences_url": f"{BASE_URL}/links"}
    mail = fill(a_mail().html, links | {"view_url": f"{BASE_URL}/archive/knees"})
    shown = site.get("/archive/knees").text
    head, begin = mail.index("</HEAD >"), mail.index('<body class="canvas">') + len('<body class="canvas">')
    end = mail.rindex("</body>")
    rest = shown
    for part in (mail[:head], mail[head:begin], mail[begin:end], mail[end:]):
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]
    assert rest == ""
    assert shown.startswith(mail[:head])


def test_it_speaks_to_nobody_and_its_links_belong_to_nobody(site: ArchiveSite) -> None:
    page = page_of(site.get("/archive/knees").text)
    assert "Dear reader" in page.text_content()
    own = page.xpath("//main//a[starts-with(@href, 'http')]/@href")
    assert own == [f"{BASE_URL}/links", f"{BASE_URL}/links", f"{BASE_URL}/archive/knees"]
    assert {link[1:] for link in page.xpath("//a[starts-with(@href, '#')]/@href")} <= set(page.xpath("//@id"))


def test_a_bar_leads_to_all_issues_and_to_joining(site: ArchiveSite) -> None:
    page = page_of(site.get("/archive/knees").text)
    assert page.xpath("//body/header//a/@href") == [f"{BASE_URL}/archive", f"{BASE_URL}/subscribe"]
    assert "Larkmeadow Letters" in page.xpath("string(//body/header)")
    assert not page.xpath("//script | //form | //*[@onclick] | //link[@rel='stylesheet']")


def test_its_head_says_what_it_is(site: ArchiveSite) -> None:
    page = page_of(site.get("/archive/knees").text)
    told = {meta.get("property") or meta.get("name"): meta.get("content") for meta in page.xpath("//head/meta")}
    assert told["description"] == told["og:description"] == PREHEADER
    assert (told["og:title"], told["og:type"]) == ("Knees, again", "article")
    assert told["og:url"] == f"{BASE_URL}/archive/knees" == page.xpath("string(//head/link[@rel='canonical']/@href)")
    assert told["og:image"] == f"{BASE_URL}/i/{IMAGE_NAME}"
    assert told["article:published_time"] == "2026-03-01T10:00:00+00:00"
    assert page.xpath("//head/link[@type='application/atom+xml']/@href") == [f"{BASE_URL}/archive/feed.atom"]


def test_search_engines_list_the_public_only(site: ArchiveSite) -> None:
    public, unlisted = site.get("/archive/knees"), site.get("/archive/by-address")
    assert "noindex" not in public.headers["X-Robots-Tag"] + public.text
    assert unlisted.status_code == 200
    assert unlisted.headers["X-Robots-Tag"].startswith("noindex")
    assert '<meta name="robots" content="noindex, nofollow">' in unlisted.text
    assert "feed.atom" not in unlisted.text


def test_hidden_unknown_and_impossible_issues_have_the_same_page(site: ArchiveSite) -> None:
    site.press.send("planned", "friends", hours=None)
    answers = [site.get(f"/archive/{name}") for name in ("rota", "planned", "none", "~knees", "~", "%00", "x" * 3000)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert site.get("/archive/..%2fknees").status_code == site.get("/archive/knees/").status_code == 404


def test_the_policy_allows_styles_and_pictures_and_nothing_else(site: ArchiveSite) -> None:
    policy = site.get("/archive/knees").headers["Content-Security-Policy"]
    assert policy == site.get("/archive/by-address").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'; ")
    assert "script" not in policy


def test_a_correction_stands_dated_above_the_mail_in_the_mails_language(site: ArchiveSite) -> None:
    number = correct(site, "120, not <210>.\n\nThank you\nall.", "by-address")
    page = page_of(site.get("/archive/by-address").text)
    (note,) = page.xpath("//main/*[1]/section")
    assert [p.text for p in note.xpath("p")] == ["Berichtigung, 1. März 2026", "120, not <210>.", "Thank you\nall."]
    assert "Berichtigung" not in site.get("/archive/knees").text
    with site.store.write() as connection:
        corrections.withdraw(connection, number, at(5))
    assert "Berichtigung" not in site.get("/archive/by-address").text


def test_who_has_the_page_already_is_told_so_until_it_changes(site: ArchiveSite) -> None:
    first = site.get("/archive/knees")
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Last-Modified"] == "Sun, 01 Mar 2026 10:00:00 GMT"
    tag, date = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If_None_Match": f'"x", W/{tag}'}, {"If_None_Match": "*"}):
        again = site.get("/archive/knees", **headers)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        # else the browser would show what it has under the policy that forbids all styles
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
        assert again.headers["X-Robots-Tag"] == "all"
    # an issue that is hidden again has an older date than what somebody keeps of it
    for headers in ({"If_None_Match": '"x"'}, {"If_Modified_Since": date}):
        assert site.get("/archive/knees", **headers).status_code == 200
    correct(site, "120, not 210.")
    assert site.get("/archive/knees", If_None_Match=tag).status_code == 200
    assert site.get("/archive/knees", If_Modified_Since=date).status_code == 200


def test_without_a_public_list_no_page_leads_to_an_index(quick_store: Store) -> None:
    press = Press(quick_store)
    made = archive_site(quick_store)
    assert press.lists == {}
    with quick_store.write() as connection:
        connection.exec_driver_sql("UPDATE lists SET archive = 'unlisted', public = 0 WHERE name = 'friends'")
    page = page_of(made.get("/archive/knees").text)
    assert page.xpath("//body/header//a") == []
    assert made.get("/archive").status_code == made.get("/archive/feed.atom").status_code == 404
    assert made.get("/sitemap.xml").status_code == 404
    assert "Sitemap" not in made.get("/robots.txt").text


def test_texts_of_an_issue_are_never_markup(site: ArchiveSite) -> None:
    evil = '"><script>alert(1)</script>{{ 7*7 }}'
    site.press.send("evil", "friends", hours=5, content=a_content(evil, preheader=evil))
    correct(site, evil, "evil")
    page: Any = page_of(site.get("/archive/evil").text)
    assert not page.xpath("//script")
    assert page.xpath("//meta[@property='og:title']/@content") == [evil]
    assert evil in page.xpath("string(//section)")
    index = page_of(site.get("/archive").text)
    assert not index.xpath("//script")
    assert evil in [title.strip() for title in index.xpath("//h2//text()")]


@pytest.mark.parametrize(
    "name", ["Knie & Hüfte", "50% off?", "feed.atom", "~feed.atom", "#1", "a b+c", "..", "לב", "x\\y;z"]
)
def test_an_issue_is_found_under_its_name_whatever_it_is(site: ArchiveSite, name: str) -> None:
    site.press.send(name, "friends", hours=5, content=a_mail())
    path = Addresses(base_url="").issue(name)
    assert path.isascii()
    assert site.get(path).headers["Content-Type"].startswith("text/html")
    assert f"{BASE_URL}{path}" in site.get("/archive").text
    assert site.get("/archive/feed.atom").headers["Content-Type"] == "application/atom+xml"


@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1))
def test_a_path_means_the_issue_that_it_was_made_for(name: str) -> None:
    from urllib.parse import unquote

    key = unquote(Addresses(base_url="").issue(name).removeprefix("/archive/"))
    assert issue_of(key) == name
    assert key not in {"feed.atom", ".", ".."}


@given(
    st.lists(
        st.sampled_from(
            [
                "<!doctype html>",
                "<html>",
                "<head>",
                "</head>",
                "<body>",
                "</body>",
                "</html>",
                "<!-- ",
                "-->",
                "<p>",
                "x",
                " ",
                "<style>",
                "</style>",
                "<",
            ]
        )
    )
)
def test_whatever_a_mail_looks_like_it_stays_whole_in_its_frame(parts: list[str]) -> None:
    html = "".join(parts)
    framed = Frame(head="[1]", above="[2]", below="[3]").around(html)
    assert [framed.index(mark) for mark in ("[1]", "[2]", "[3]")] == sorted(
        framed.index(m) for m in ("[1]", "[2]", "[3]")
    )
    assert framed.replace("[1]", "").replace("[2]", "").replace("[3]", "") == html


def test_archive_of_a_list_is_hidden_at_once_when_it_is_closed(site: ArchiveSite) -> None:
    with site.store.write() as connection:
        connection.exec_driver_sql(f"UPDATE lists SET archive = '{Archive.HIDDEN}'")
    assert site.get("/archive/knees", If_None_Match="*").status_code == 404
