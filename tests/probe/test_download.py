"""A file from the web: only over https, only as much as allowed, only for as long as allowed."""

from __future__ import annotations

import io
from email.message import Message
from itertools import count
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import HTTPSHandler
from urllib.response import addinfourl

import pytest

from newsletter.errors import ServiceMissing
from newsletter.probe.download import download

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.request import Request

URL = "https://data.example/table.json"


class Server(HTTPSHandler):
    """Answers from a table of address -> content, place to go, status or fault."""

    def __init__(self, answers: dict[str, bytes | str | int | Exception]) -> None:
        super().__init__()
        self._answers = answers

    def https_open(self, req: Request) -> addinfourl:  # type: ignore[override]
        answer = self._answers[req.full_url]
        if isinstance(answer, Exception):
            raise answer
        headers = Message()
        status = answer if isinstance(answer, int) else 200
        if isinstance(answer, str):
            status, headers["Location"] = 302, answer
        made = addinfourl(io.BytesIO(answer if isinstance(answer, bytes) else b""), headers, req.full_url, status)
        made.msg = "said"  # type: ignore[attr-defined]
        return made


def fetched(
    answer: bytes | str | int | Exception, *, most: int = 100, clock: Callable[[], float] = lambda: 0.0
) -> bytes:
    server = Server({URL: answer, "https://other.example/": b"from there"})
    return download(URL, most=most, seconds=30, handlers=(server,), clock=clock)


def test_the_content_comes_whole() -> None:
    assert fetched(b"x" * 100) == b"x" * 100
    assert fetched("https://other.example/") == b"from there"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"x" * 101, "it is larger than"),
        ("http://other.example/", "without https"),
        (404, "the server answers 404"),
        (URLError("no such host"), "no such host"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_what_cannot_be_had_is_told(answer: bytes | str | int | Exception, why: str) -> None:
    with pytest.raises(ServiceMissing) as refused:
        fetched(answer)
    assert why in str(refused.value)


def test_a_server_that_drips_is_left() -> None:
    ticks = count(0, 20)
    with pytest.raises(ServiceMissing) as refused:
        fetched(b"x" * 300_000, most=1_000_000, clock=lambda: float(next(ticks)))
    assert "too long" in str(refused.value)


@pytest.mark.parametrize("url", ["http://data.example/x", "file:///etc/hostname", "https://", "data.json"])
def test_nothing_but_https_is_asked(url: str) -> None:
    with pytest.raises(ServiceMissing, match="only https"):
        download(url, most=100, seconds=1, handlers=(Server({}),))
