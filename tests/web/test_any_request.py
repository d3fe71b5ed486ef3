"""Whatever is sent to whatever page: an answer of ours, with its headers; no fault, no cookie, no way to another host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from newsletter.model.notice_mail import NoticeKind
from newsletter.web.forms import _ONE_CLICK
from newsletter.web.headers import DEFAULTS
from tests.web.hostile_site import FROM_OUR_PAGE, OF_SOMEBODY, shown_alike
from tests.web.sample_mailing import IMAGE_NAME

if TYPE_CHECKING:
    from tests.web.hostile_site import HostileSite

PAGES = (
    "/",
    "/subscribe",
    "/links",
    "/archive",
    "/archive/running",
    "/archive/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
#: what stood at the beginning of many a fault
ODD = st.sampled_from(
    (
        "",
        "\0",
        "\ufffe\u202e\u2066",
        "%00",
        "\\ud800",
        "../../etc/passwd",
        "..%2f..%2f",
        "{{7*7}}",
        "{% raw %}",
        "<script>alert(1)</script>",
        "\"'><img src=x>",
        "9" * 30,
        "-1",
        "1e999",
        "a" * 3000,
        "Ѐ" * 400,
        "ß@example.org",
        "x@[127.0.0.1]",
        "One-Click",
        "friends",
        "1",
        "yes",
    )
)
TEXT = st.one_of(ODD, st.text(max_size=40), st.text(st.characters(max_codepoint=127), max_size=40))
FIELDS = st.sampled_from(
    (
        *(
            "email",
            "list",
            "first_name",
            "last_name",
            "lang",
            "shown",
            "website",
            "offer",
            "choose",
            "from",
            "everything",
        ),
        *("undo", "kept", "reason", "words", "order", "language", "tracking", "no_name", "list-1", "list-2", "save"),
        *("List-Unsubscribe", "utm_source", "before"),
    )
)
FORM = st.lists(st.tuples(st.one_of(FIELDS, TEXT), TEXT), max_size=6)
HEADER_TEXT = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60).map(str.strip)
TYPES = st.one_of(
    st.sampled_from(
        (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=b; charset=unicode_escape",
            "multipart/form-data; boundary=b; charset=utf-16",
            'multipart/form-data; boundary=b; charset="utf\0"',
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary*=utf-7''b",
            'multipart/form-data; boundary="\\""',
            "multipart/form-data",
            "multipart/mixed; boundary=b",
            "application/json",
            "text/plain; charset=rot13",
            "",
        )
    ),
    HEADER_TEXT,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        (
            *("Accept-Language", "User-Agent", "Origin", "Referer", "X-Forwarded-For", "X-Forwarded-Proto", "Host"),
            *(
                "X-Request-ID",
                "If-Modified-Since",
                "If-None-Match",
                "Range",
                "Authorization",
                "Cookie",
                "X-Original-URL",
            ),
            *("Content-Length", "Expect", "Accept", "Content-Encoding"),
        )
    ),
    st.one_of(
        HEADER_TEXT,
        st.sampled_from(
            (
                "http://[",
                "https://evil.example.com",
                "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
                "Mon, 01 Jan 2020 00:00:00 +99999999999999999999",
                "bytes=0-0,-1",
                "Bearer nlk_\xe9",
                "\xb2",
                "unknown, 1.2.3.4:5, [::1",
                "de;q=0.5, *;q=9",
                "99999999999999999999999",
            )
        ),
    ),
    max_size=4,
)


def urlencoded(fields: list[tuple[str, str]]) -> bytes:
    return "&".join(
        f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in fields
    ).encode()


def multipart(fields: list[tuple[str, str]]) -> bytes:
    parts = (f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields)
    return ("".join(parts) + "--b--\r\n").encode("utf-8", "replace")


BODIES = st.one_of(FORM.map(urlencoded), FORM.map(multipart), st.binary(max_size=200))
paths = st.one_of(
    st.sampled_from(PAGES),
    st.tuples(st.sampled_from((*OF_SOMEBODY, "/i/", "/archive/", "/archive/lists/", "/", "//")), TEXT).map(
        lambda two: two[0] + quote(two[1], safe="/\\@:%", errors="replace")
    ),
    st.tuples(st.sampled_from(OF_SOMEBODY), st.sampled_from((None, *NoticeKind))),
)
often = hypothesis_settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def address_of(site: HostileSite, path: str | tuple[str, NoticeKind | None]) -> str:
    if isinstance(path, str):
        return path
    kind = path[1] if path[1] is not NoticeKind.PROOF else None
    return path[0] + TOKENS.setdefault(kind, site.token_of(kind))


TOKENS: dict[NoticeKind | None, str] = {}


def assert_polite(answer: Any, what: object) -> None:
    assert answer.status_code < 500, what
    assert "set-cookie" not in answer.headers, what
    assert "location" not in answer.headers, what
    assert not 300 <= answer.status_code < 304, what
    for name in DEFAULTS:
        assert name in answer.headers, (name, what)
    assert "script-src" not in answer.headers["content-security-policy"], what
    assert "default-src 'none'" in answer.headers["content-security-policy"], what
    assert b"Traceback" not in answer.content, what
    assert b"evil.example.com" not in answer.content, what


@often
@given(method=st.sampled_from(METHODS), path=paths, query=FORM, headers=HEADERS, body=BODIES, content_type=TYPES)
def test_every_answer_is_one_of_ours(
    attacked: HostileSite,
    method: str,
    path: Any,
    query: list[tuple[str, str]],
    headers: dict[str, str],
    body: bytes,
    content_type: str,
) -> None:
    sent = {name: value.encode("latin-1") for name, value in headers.items()}
    where = address_of(attacked, path) + (f"?{urlencoded(query).decode()}" if query else "")
    answer = attacked.web.request(
        method,
        f"https://news.example.org{where}",
        content=body,
        headers={"Content-Type": content_type.encode("latin-1"), **FROM_OUR_PAGE} | sent,
    )
    assert_polite(answer, (method, where, headers, content_type, body))


@often
@given(path=paths, query=FORM, fields=FORM, language=HEADER_TEXT)
def test_nothing_that_was_sent_stands_on_a_page_as_html(
    attacked: HostileSite, path: Any, query: list[tuple[str, str]], fields: list[tuple[str, str]], language: str
) -> None:
    mark = "<b onclick='x'>\"{{7*7}}"
    marked = [(name, value + mark) for name, value in fields]
    where = f"{address_of(attacked, path)}?{urlencoded([*query, ('lang', mark), ('list', mark), ('before', mark)]).decode()}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language.encode("latin-1")}
    given = urlencoded([("email", f"{mark}@example.org"), ("first_name", mark), *marked])
    for answer in (
        attacked.web.get(where, headers=form),
        attacked.web.post(where, content=given, headers=form | FROM_OUR_PAGE),
    ):
        assert_polite(answer, (where, fields))
        assert "<b onclick" not in answer.text


@often
@given(path=st.sampled_from(OF_SOMEBODY), token=TEXT.filter(lambda text: text and "/" not in text))
def test_unknown_tokens_all_get_the_same_page(attacked: HostileSite, path: str, token: str) -> None:
    address = path + quote(token, safe="", errors="replace")
    if set(token) <= {"."}:  # a client takes these for folders
        return
    assert shown_alike(attacked.web.get(address)) == shown_alike(attacked.web.get(path + "A" * 32)), address
    assert attacked.web.head(address).status_code == 404


@pytest.mark.parametrize(
    "date", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 2020 00:00:00 +99999999999999999999"]
)
def test_a_date_beyond_every_calendar_is_none(attacked: HostileSite, date: str) -> None:
    for path in ("/archive", "/archive/running", "/archive/feed.atom", "/sitemap.xml", f"/i/{IMAGE_NAME}"):
        assert attacked.web.get(path, headers={"If-Modified-Since": date}).status_code == 200, path


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "punycode", "idna", "utf-16"])
def test_the_charset_of_a_form_is_ours(attacked: HostileSite, charset: str) -> None:
    """Some of Python's make halves of characters, which nothing can store or show; others take a second for 64 KB."""
    headers = {"Content-Type": f"multipart/form-data; boundary=b; charset={charset}"} | FROM_OUR_PAGE
    for fields in (
        [("email", "\\ud800")],
        [("email", "x@example.org"), ("first_name", "\\ud800"), ("list", "friends")],
    ):
        for path in ("/subscribe", "/links", f"/p/{attacked.token_of(None)}"):
            assert_polite(attacked.web.post(path, content=multipart(fields), headers=headers), (path, fields))
    body = multipart([("email", "nobody"), ("list", "friends")])
    assert 'value="nobody"' in attacked.web.post("/subscribe", content=body, headers=headers).text


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/metrics", "/api/v1/lists", "/hooks/sendgrid", "/nowhere"])
def test_every_address_has_the_security_headers_whatever_the_method(attacked: HostileSite, path: str) -> None:
    for method in METHODS:
        assert_polite(attacked.web.request(method, path), (method, path))


@pytest.mark.parametrize("path", ["/subscribe", "/links", "/u/", "/p/", "/c/"])
def test_50_megabytes_are_refused_unread(attacked: HostileSite, path: str) -> None:
    where = path if path[-1] != "/" else path + attacked.token_of(NoticeKind.CONFIRMATION if path == "/c/" else None)
    sent = 0

    def pieces() -> Any:
        nonlocal sent
        for _ in range(800):
            sent += 65_536
            yield b"a" * 65_536

    before = attacked.mailing.rows("subscriptions", "consent_events", "notices")
    answer = attacked.web.post(where, content=pieces(), headers=FROM_OUR_PAGE)
    assert answer.status_code == 413
    assert attacked.web.post(where, headers={"Content-Length": "52428800"} | FROM_OUR_PAGE).status_code == 413
    assert attacked.mailing.rows("subscriptions", "consent_events", "notices") == before


def test_what_stands_between_the_words_of_a_broken_one_click_is_bounded() -> None:
    """Else the search begins anew at each of thousands of beginnings, each time to the end: a second for one request."""
    name, headers = b'name="List-Unsubscribe"\r\n', b"Content-Type: text/plain\r\n"
    assert _ONE_CLICK.search(name + 4 * headers + b"\r\nOne-Click")
    assert not _ONE_CLICK.search(name + 5 * headers + b"\r\nOne-Click")
    assert not _ONE_CLICK.search(name[:-2] + b"x" * 201 + b"\r\n\r\nOne-Click")
