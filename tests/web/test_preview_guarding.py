"""Who may ask the preview, and what its answers allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.preview import ORIGIN, a_desk, a_workspace, client_of
from tests.web.sample_mailing import page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = (
    "/",
    "/now",
    "/issues/walking/",
    "/issues/walking/now",
    "/issues/walking/mail",
    "/assets/preview.js",
    "/nothing",
)


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Nothing in this file changes anything."""
    folder = tmp_path_factory.mktemp("guarded")
    a_workspace(folder)
    with client_of(a_desk(folder)) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8025", "localhost.", "[::1", ""]
)
def test_a_name_that_was_made_to_lead_here_is_refused(web: Any, host: str) -> None:
    for path in PATHS:
        answer = web.get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert "Walking" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8025", "localhost:8025", "[::1]:8025", "LOCALHOST", "localhost:9000"])
def test_the_names_of_this_machine_are_answered(web: Any, host: str) -> None:
    assert web.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [None, "http://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1:9999", "https://127.0.0.1:8025"],
)
def test_what_another_page_posts_is_refused(web: Any, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    for path in ("/issues/walking/readers", "/issues/walking/fields"):
        assert web.post(path, data={"words": "ada"}, headers=headers).status_code == 403
        assert web.post(path, data={"words": "ada"}, headers={"Origin": ORIGIN}).status_code == 200


def test_another_site_can_neither_embed_nor_fetch_but_may_link(web: Any) -> None:
    fetched = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for path in PATHS:
        assert web.get(path, headers=fetched).status_code == 403
        answer = web.get(path, headers=framed)
        assert answer.status_code != 403
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"] or path.endswith("mail")
        assert "access-control-allow-origin" not in answer.headers


def test_every_answer_has_strict_headers_and_is_kept_nowhere(web: Any) -> None:
    for path in PATHS:
        headers = web.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_the_pages_allow_their_own_files_only_and_have_nothing_inline(web: Any) -> None:
    for path in ("/", "/issues/walking/"):
        answer = web.get(path)
        assert (
            "script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'"
            in (answer.headers["content-security-policy"])
        )
        assert "unsafe" not in answer.headers["content-security-policy"]
        page = page_of(answer.text)
        assert page.xpath("//@style | //style | //*[@*[starts-with(name(), 'on')]]") == []
        assert [script.get("src") for script in page.iter("script")] == ["/assets/preview.js"]


def test_nothing_in_a_mail_may_run_and_the_web_is_asked_only_when_wanted(web: Any) -> None:
    policy = web.get("/issues/walking/mail").headers["content-security-policy"]
    sandbox = policy.partition("sandbox ")[2]
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert sandbox == "allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    assert f'sandbox="{sandbox}"' in web.get("/issues/walking/").text
    assert "http" not in policy
    assert "img-src 'self' data: https:" in web.get("/issues/walking/mail?web=1").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/issues/walking/images/../../../newsletter.toml",
        "/issues/walking/images/..%2f..%2fnewsletter.toml",
        "/issues/walking/images/%2e%2e%2f%2e%2e%2fnewsletter.toml",
        "/issues/walking/images/issue.md",
        "/issues/..%2f..%2f/",
        "/issues/.env/",
        "/assets/..%2f..%2f..%2fsetup.cfg",
        "/assets/issue.html",
    ],
)
def test_no_address_reaches_a_file(web: Any, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert "Test Letters" not in answer.text


def test_a_wrong_method_is_refused_politely(web: Any) -> None:
    for method, path in (("POST", "/"), ("DELETE", "/issues/walking/"), ("PUT", "/issues/walking/fields")):
        assert web.request(method, path, headers={"Origin": ORIGIN}).status_code == 405
