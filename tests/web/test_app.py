"""What holds for every address of the site."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text

from newsletter.errors import FileUnreadable
from newsletter.keys import PROBE, Keys
from newsletter.web import viewing
from newsletter.web.app import create_app
from newsletter.web.forms import MOST_BYTES, MOST_FIELDS
from newsletter.web.headers import mail_policy
from tests.web.sample_mailing import IMAGE_NAME, client, page_of, sample_mailing, settings

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response

    from tests.web.sample_mailing import SampleMailing


def every_path(mailing: SampleMailing) -> list[str]:
    tokens = [mailing.token(n) for n in (1, 2, 3, 4)]
    pages = [f"/{purpose}/{token}" for purpose, token in itertools.product("upv", tokens)]
    probe = f"/u/{mailing.keys.token(PROBE)}"
    return [*pages, probe, f"/i/{IMAGE_NAME}", "/", "/healthz", "/robots.txt", "/u/x", "/p/x", "/v/x", "/i/x", "/x/y"]


def test_scanners_that_follow_every_link_change_nothing(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    for path in every_path(mailing) * 2:
        for query in ("", "?everything=1&List-Unsubscribe=One-Click&from=page&list=1"):
            assert web.get(path + query).status_code in {200, 404}
            assert web.head(path + query).status_code in {200, 404}
    body = {"content": b"List-Unsubscribe=One-Click"}
    assert web.request("GET", f"/u/{mailing.token()}", **body).status_code == 200
    assert mailing.rows() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused_and_change_nothing(mailing: SampleMailing, web: Any, method: str) -> None:
    before = mailing.rows()
    answer = web.request(method, f"/u/{mailing.token()}", content=b"List-Unsubscribe=One-Click")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert mailing.rows() == before


def test_the_view_and_the_images_take_no_post(mailing: SampleMailing, web: Any) -> None:
    for path in (f"/v/{mailing.token()}", f"/i/{IMAGE_NAME}", "/", "/healthz", "/robots.txt"):
        assert web.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 405


def test_every_response_has_the_security_headers(mailing: SampleMailing, web: Any) -> None:
    answers = [web.get(path) for path in every_path(mailing)]
    answers += [web.put("/"), web.post(f"/u/{mailing.token()}"), web.post("/u/x", content=b"x" * 100_000)]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert "set-cookie" not in answer.headers


def test_no_page_with_a_token_is_kept_in_a_cache(mailing: SampleMailing, web: Any) -> None:
    for purpose in "upv":
        assert web.get(f"/{purpose}/{mailing.token()}").headers["Cache-Control"] == "no-store"


def test_every_page_has_a_language_one_heading_landmarks_and_no_script(mailing: SampleMailing, web: Any) -> None:
    answers = [web.get(f"/{purpose}/{mailing.token(n)}") for purpose, n in itertools.product("up", (1, 2, 3))]
    answers += [web.get("/"), web.get("/nowhere"), web.post(f"/u/{mailing.token()}", data={"from": "page"})]
    for answer in answers:
        page = page_of(answer.text)
        assert page.get("lang")
        assert page.get("dir") == "ltr"
        assert len(page.xpath("//h1")) == 1
        assert len(page.xpath("//main[.//h1]")) == 1
        assert page.xpath("string(//title)").strip()
        assert page.xpath("//meta[@name='viewport']")
        assert not page.xpath("//script | //*[@onclick] | //*[@style] | //link | //img | //iframe")
        assert all(button.text_content().strip() for button in page.xpath("//button"))
        asked = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
        assert all(page.xpath("//label[@for=$id]", id=field.get("id")) for field in asked)


def test_titles_and_names_are_never_markup(tmp_path: Path) -> None:
    evil = '<img src=x onerror="alert(1)">'
    given_settings = settings(
        newsletter={"name": f"News {evil}", "base_url": "https://news.example.org"},
        sender={"name": evil, "address": "letters@example.org", "postal_address": evil, "phone": evil},
    )
    made = sample_mailing(tmp_path, titles=(evil, "{newsletter} {{ 7*7 }} \u202eevil"), given=given_settings)
    web = client(made.app)
    answers = [web.get(f"/{purpose}/{made.token(n)}") for purpose, n in itertools.product("up", (1, 2, 3))]
    answers += [web.get("/"), web.get("/nowhere")]
    answers += [web.post(f"/p/{made.token()}", data={"list-1": "no", "list-2": "no"})]
    answers += [web.post(f"/u/{made.token()}", data={"from": "page"})]
    answers += [web.post(f"/u/{made.token()}", data={"from": "page", "everything": "1"})]
    for answer in answers:
        assert answer.status_code in {200, 404}
        assert not page_of(answer.text).xpath("//img | //*[@onerror]")
        assert "\u202e" not in answer.text
    assert "{newsletter} {{ 7*7 }}" in answers[0].text
    made.store.close()


def test_a_body_that_is_too_large_is_refused(mailing: SampleMailing, web: Any) -> None:
    before = mailing.rows()
    large = b"List-Unsubscribe=One-Click&x=" + b"x" * MOST_BYTES
    assert web.post(f"/u/{mailing.token()}", content=large).status_code == 413
    assert web.post(f"/u/{mailing.token()}", content=iter([large[:40_000]] * 3)).status_code == 413
    assert mailing.rows() == before


def test_a_body_with_too_many_fields_is_refused(mailing: SampleMailing, web: Any) -> None:
    path = f"/u/{mailing.token()}"
    parts = b"".join(b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n' for _ in range(MOST_FIELDS + 1))
    multipart = {"Content-Type": "multipart/form-data; boundary=b"}
    assert web.post(path, content=b"x=1&" * (MOST_FIELDS + 1)).status_code == 400
    assert web.post(path, content=parts + b"--b--\r\n", headers=multipart).status_code == 400


@pytest.mark.parametrize("charset", ["undefined", "idna", "rot13", "no-such", "utf-16", "%00"])
def test_a_strange_charset_is_no_fault_of_ours(mailing: SampleMailing, web: Any, charset: str) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = web.post(f"/u/{mailing.token()}", content=body, headers={"Content-Type": kind})
    assert answer.status_code in {200, 400}


def test_an_uploaded_file_is_dropped(mailing: SampleMailing, web: Any) -> None:
    answer = web.post(
        f"/u/{mailing.token()}", data={"List-Unsubscribe": "One-Click"}, files={"from": ("a.txt", b"page")}
    )
    assert answer.status_code == 200
    assert mailing.statuses(1)["friends"] == "unsubscribed"


_CONTENT_TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=b; charset=undefined",
        "application/json",
        "",
    ]
)
_BODIES = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            b'--b|--|\r\n|Content-Disposition: form-data; |name="list"|filename="x"|=|&|from=page|everything=1|'
            b"List-Unsubscribe=One-Click|list=1|%|\x00|\xff|1".split(b"|")
        ),
        max_size=12,
    ).map(b"".join),
)


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purpose=st.sampled_from("up"), kind=_CONTENT_TYPES, body=_BODIES, known=st.booleans())
def test_no_body_is_ever_answered_with_a_fault_of_ours(
    mailing: SampleMailing, web: Any, purpose: str, kind: str, body: bytes, known: bool
) -> None:
    token = mailing.token() if known else mailing.token()[:-2]
    answer = web.post(f"/{purpose}/{token}", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code in {200, 400, 404, 422}
    assert mailing.statuses(2) == dict.fromkeys(("friends", "runners", "staff"), "subscribed")


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purpose=st.sampled_from("upvi"), link=st.text(max_size=60) | st.from_regex(r"[\w-]{30,34}", fullmatch=True))
def test_no_link_is_ever_answered_with_a_fault_of_ours(web: Any, purpose: str, link: str) -> None:
    assert web.get(f"/{purpose}/{quote(link, safe='', errors='replace')}").status_code in {200, 404}


def test_the_home_page_shows_the_newsletters_name_and_leads_only_to_what_there_is(web: Any) -> None:
    page = page_of(web.get("/").text)
    assert page.find(".//h1").text_content() == "Larkmeadow Letters"
    assert [link.partition("?")[0] for link in page.xpath("//main//a/@href")] == ["/links"]


def test_health_follows_the_database(mailing: SampleMailing, web: Any) -> None:
    assert (web.get("/healthz").status_code, web.get("/healthz").text) == (200, "ok")
    with mailing.store.write() as connection:
        connection.execute(text("ALTER TABLE facts RENAME TO elsewhere"))
    assert web.get("/healthz").status_code == 503


def test_a_database_that_was_moved_away_is_unwell_and_takes_nothing(
    mailing: SampleMailing, web: Any, tmp_path: Path
) -> None:
    (tmp_path / "newsletter.db").rename(tmp_path / "elsewhere.db")
    answer = web.get("/healthz")
    assert (answer.status_code, answer.headers["Retry-After"], "moved away" in answer.text) == (503, "30", True)
    answer = web.post(f"/u/{mailing.token()}", data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)


def test_crawlers_are_kept_from_readers_pages(web: Any) -> None:
    paths = ("/u/", "/p/", "/v/", "/c/", "/d/", "/e/", "/api/", "/hooks/")
    assert web.get("/robots.txt").text == "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in paths)


@pytest.mark.parametrize("base_url", ["https://example.org/news", "https://example.org/a/b", "https://example.org/u"])
def test_pages_answer_whether_or_not_the_proxy_strips_the_path_of_base_url(tmp_path: Path, base_url: str) -> None:
    made = sample_mailing(tmp_path, given=settings(base_url=base_url))
    web = client(made.app)
    prefix = base_url.removeprefix("https://example.org")
    for path in (f"/u/{made.token()}", f"/p/{made.token()}", f"/v/{made.token()}", f"/i/{IMAGE_NAME}", "/"):
        assert web.get(path).status_code == web.get(prefix + path).status_code == 200
        assert web.get(path).content == web.get(prefix + path).content
    assert web.get(prefix).status_code == 200
    assert web.get(f"{prefix}x/healthz").status_code == 404
    assert web.post(f"{prefix}/u/{made.token()}", data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert made.statuses(1)["friends"] == "unsubscribed"
    assert f"Disallow: {prefix}/u/" in web.get("/robots.txt").text
    made.store.close()


def test_a_fault_of_ours_shows_a_polite_page_and_logs_neither_token_nor_message(
    mailing: SampleMailing, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("ada@example.org has a secret")

    monkeypatch.setattr(viewing, "fill", broken)
    answer: Response = client(mailing.app).get(f"/v/{mailing.token()}")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Traceback" not in answer.text
    assert "RuntimeError" in caplog.text
    assert "viewing.py" in caplog.text
    assert "ada@example.org" not in caplog.text
    assert mailing.token() not in caplog.text


def test_a_workspace_may_replace_a_page(tmp_path: Path) -> None:
    (tmp_path / "own" / "web").mkdir(parents=True)
    (tmp_path / "own" / "web" / "home.html.j2").write_text("<h1>Ours: {{ newsletter }}</h1>")
    made = sample_mailing(tmp_path, template_folders=[tmp_path / "own"])
    assert client(made.app).get("/").text == "<h1>Ours: Larkmeadow Letters</h1>"
    made.store.close()


def test_a_broken_page_of_a_workspace_is_told_at_the_start(mailing: SampleMailing, tmp_path: Path) -> None:
    (tmp_path / "own" / "web").mkdir(parents=True)
    (tmp_path / "own" / "web" / "unsubscribe.html.j2").write_text("{% if %}")
    with pytest.raises(FileUnreadable, match=r"unsubscribe\.html\.j2"):
        create_app(mailing.store, Keys(["a secret for tests"]), mailing.settings, [tmp_path / "own"])


def test_a_workspaces_own_language_is_spoken_and_written_from_right_to_left(tmp_path: Path) -> None:
    (tmp_path / "own" / "translations").mkdir(parents=True)
    (tmp_path / "own" / "translations" / "he.toml").write_text('unsubscribe_title = "הסרה"\n', encoding="utf-8")
    made = sample_mailing(tmp_path, given=settings(language="he"), template_folders=[tmp_path / "own"])
    page = page_of(client(made.app).get(f"/u/{made.token()}").text)
    assert (page.get("lang"), page.get("dir")) == ("he", "rtl")
    assert page.xpath("string(//h1)") == "הסרה"
    made.store.close()


@pytest.mark.parametrize(
    ("base_url", "images"),
    [
        ("https://example.org/news", "https://example.org https:"),
        ("http://localhost:8000", "http://localhost:8000 https:"),
        ("http://[::1]:8000", "http://[::1]:8000 https:"),
        ("https://bücher.example", "https://xn--bcher-kva.example https:"),
        ("https://a;script-src *", "https:"),
    ],
)
def test_the_policy_of_a_shown_mail_names_the_origin_of_its_images(base_url: str, images: str) -> None:
    assert mail_policy(base_url).endswith(f"; img-src {images}")
