"""Scanners follow every link of a mail, and every link of the pages behind it, with every method but a person's POST."""

from __future__ import annotations

import itertools
import random
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import pytest

from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.notices_made import KINDS
from tests.web.hostile_site import path_of
from tests.web.sample_mailing import BASE_URL

if TYPE_CHECKING:
    from tests.web.hostile_site import HostileSite

#: a mail of the mailing, and one notice of each kind
MAILS = (None, *KINDS)
HARMLESS = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
#: what mailers, trackers and those who test for one-click by a GET append
APPENDED = (
    "",
    "?utm_source=newsletter&utm_medium=email",
    "?list=1&everything=1&from=page",
    "?List-Unsubscribe=One-Click",
    "?order=erasure&undo=1&reason=other&save=1&list-1=no&email=ada%40example.org&list=friends",
)
PREFETCHING: tuple[dict[str, str], ...] = (
    {},
    {"Purpose": "prefetch", "Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch", "User-Agent": "Mozilla/5.0 (compatible; LinkScanner/1.0)"},
    {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE", "Content-Type": "multipart/form-data"},
)


@pytest.mark.parametrize("seed", range(2))
def test_every_url_of_every_mail_may_be_fetched_in_any_order_and_nothing_changes(
    hostile: HostileSite, seed: int
) -> None:
    urls = [url for kind in MAILS for url in hostile.mail_urls(kind)]
    assert {urlsplit(url).path[:3] for url in urls} >= {"/u/", "/p/", "/v/", "/i/", "/c/", "/d/", "/e/"}
    requests = [*itertools.product(("GET", "HEAD"), urls)]
    rng = random.Random(seed)
    requests += [(rng.choice(HARMLESS), rng.choice(urls)) for _ in range(80)]
    rng.shuffle(requests)
    before = hostile.everything()
    for method, url in requests:
        path = path_of(url + rng.choice(APPENDED))
        answer = hostile.web.request(method, path, headers=rng.choice(PREFETCHING))
        expected = {200} if method in {"GET", "HEAD"} else {405}
        assert answer.status_code in expected, (method, path, answer.status_code)
    assert hostile.everything() == before


def test_a_body_makes_no_other_method_a_post(hostile: HostileSite) -> None:
    before = hostile.everything()
    paths = [path_of(url) for kind in MAILS for url in hostile.mail_urls(kind)]
    for method, path in itertools.product(HARMLESS, paths):
        body = b"List-Unsubscribe=One-Click&from=page&everything=1&order=erasure&_method=POST"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        hostile.web.request(method, path, content=body, headers=headers)
    assert hostile.everything() == before


def test_crawling_from_the_mails_changes_nothing_and_leads_nowhere_else(hostile: HostileSite) -> None:
    before = hostile.everything()
    waiting = [path_of(url) for kind in MAILS for url in hostile.mail_urls(kind)]
    waiting += ["/", "/robots.txt", "/sitemap.xml", "/archive/feed.atom"]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = hostile.web.get(path)
        assert answer.status_code == 200, path
        assert hostile.web.head(path).status_code == 200, path
        waiting += [found for found in _links(answer, path) if found not in seen]
    assert len(seen) > 40
    assert any(path.startswith("/archive/") for path in seen)
    assert hostile.everything() == before


def _links(answer: Any, path: str) -> list[str]:
    """Also where forms post to: some scanners fetch that as well."""
    if "image/" in answer.headers["content-type"]:
        return []
    found = re.findall(r"(?:href|src|action)=[\"']([^\"']+)|<loc>([^<]+)|(https://[^\s<\"')]+)", answer.text)
    urls = {urljoin(BASE_URL + path, "".join(one).replace("&amp;", "&").partition("#")[0]) for one in found}
    return sorted(path_of(url) for url in urls if url.startswith(BASE_URL))


def test_a_reader_can_still_do_all_of_it_after_the_scanners(hostile: HostileSite) -> None:
    """Else the tests above could be about links that never worked."""
    for kind in MAILS:
        for url in hostile.mail_urls(kind):
            hostile.web.get(path_of(url))
    assert "runners" in hostile.mailing.statuses(1)
    for kind, path in (
        (NoticeKind.CONFIRMATION, "/c/"),
        (NoticeKind.DATA, "/d/"),
        (None, "/u/"),
        (NoticeKind.ERASURE, "/e/"),
    ):
        before = hostile.everything()
        answer = hostile.web.post(f"{path}{hostile.token_of(kind)}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert hostile.everything() != before, path
