"""Sources looked up by their numbers: as the registers document it, politely, and safe from whatever they answer."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import LookupFailed, LookupUnusable, NewsletterError, SourceUnknown
from newsletter.model.identifier import Identifier, Register
from newsletter.probe.bibliography import Bibliography
from newsletter.probe.bibliography_cache import RecordCache
from newsletter.probe.bibliography_request import Asking
from tests.fakes.bibliography import Answer, FakeBibliography

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HTML = {"Content-Type": "text/html"}
WALKING = {"DOI": "10.1234/Walk(1)<a>#b?c", "PMID": 30000001, "PMCID": "PMC7000001", "title": "Walking"}
STAIRS = {"DOI": "https://doi.org/10.1234/stairs", "PMID": "30000002", "title": "Stairs"}


class Clock:
    """Time passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 2))
        self.time += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake(clock: Clock) -> Iterator[FakeBibliography]:
    with FakeBibliography([WALKING, STAIRS], clock=clock) as running:
        yield running


@pytest.fixture
def bibliography(fake: FakeBibliography, clock: Clock, tmp_path: Path) -> Bibliography:
    asking = Asking(
        agent="newsletter-pipeline/1 (https://news.example.org; mailto:ask@example.org)",
        hosts=frozenset({"127.0.0.1"}),
        clock=clock,
        sleep=clock.sleep,
        now=lambda: NOW,
        most=10_000,
    )
    cache = RecordCache(folder=tmp_path / "cache", now=lambda: NOW)
    return Bibliography(doi_url=fake.doi_url, pubmed_url=fake.pubmed_url, asking=asking, cache=cache)


def doi(value: str = "10.1234/walk(1)<a>#b?c") -> Identifier:
    return Identifier(register=Register.DOI, value=value)


def pmid(value: str = "30000001") -> Identifier:
    return Identifier(register=Register.PMID, value=value)


def test_a_doi_leads_to_the_record_of_its_agency(bibliography: Bibliography, fake: FakeBibliography) -> None:
    assert bibliography.record(doi()) == WALKING
    assert [asked.path.split("/")[1] for asked in fake.requests] == ["doi", "register"]
    assert "mailto:ask@example.org" in fake.requests[0].headers["user-agent"]


@pytest.mark.parametrize(
    ("number", "path"),
    [
        (pmid(), "/ctxp/v1/pubmed/?format=csl&id=30000001"),
        (Identifier(register=Register.PMCID, value="PMC7000001"), "/ctxp/v1/pmc/?format=csl&id=7000001"),
    ],
)
def test_ncbi_is_asked_as_it_documents(
    bibliography: Bibliography, fake: FakeBibliography, number: Identifier, path: str
) -> None:
    assert bibliography.record(number) == WALKING
    assert [asked.path for asked in fake.requests] == [path]


def test_a_list_of_one_is_that_one(bibliography: Bibliography, fake: FakeBibliography) -> None:
    fake.next(Answer(body=json.dumps([WALKING]).encode()))
    assert bibliography.record(pmid()) == WALKING


def test_a_record_without_its_number_gets_the_one_that_was_asked_for(
    bibliography: Bibliography, fake: FakeBibliography
) -> None:
    fake.next(Answer(body=b'{"title": "Walking"}'))
    assert bibliography.record(pmid()) == {"title": "Walking", "PMID": "30000001"}


def test_numbers_may_be_written_as_addresses(bibliography: Bibliography, fake: FakeBibliography) -> None:
    fake.next(Answer(body=json.dumps(STAIRS).encode()))
    assert bibliography.record(doi("10.1234/Stairs")) == STAIRS


def test_nobody_is_asked_twice_within_a_month(bibliography: Bibliography, fake: FakeBibliography) -> None:
    for _ in range(2):
        assert bibliography.record(doi()) == WALKING
    assert len(fake.requests) == 2
    bibliography.record(doi(), fresh=True)
    assert len(fake.requests) == 4


@pytest.mark.parametrize("later", [timedelta(days=31), timedelta(days=-1)])
def test_what_is_kept_grows_old(tmp_path: Path, later: timedelta) -> None:
    RecordCache(folder=tmp_path, now=lambda: NOW).keep(doi(), WALKING)
    assert RecordCache(folder=tmp_path, now=lambda: NOW).known(doi()) == WALKING
    assert RecordCache(folder=tmp_path, now=lambda: NOW + later).known(doi()) is None
    assert RecordCache(folder=tmp_path, now=lambda: NOW).known(pmid()) is None


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"at": 1}', '{"at": "2026-12-01T12:00:00+00:00", "record": 1}', "[" * 9999]
)
def test_what_is_kept_may_be_damaged(tmp_path: Path, content: str) -> None:
    cache = RecordCache(folder=tmp_path, now=lambda: NOW)
    cache.keep(doi(), WALKING)
    (kept,) = tmp_path.iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    kept.write_text(content)
    assert cache.known(doi()) is None


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = RecordCache(folder=tmp_path / "file" / "folder", now=lambda: NOW)
    cache.keep(doi(), WALKING)
    assert cache.known(doi()) is None


def test_a_record_that_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    cache = RecordCache(folder=tmp_path, now=lambda: NOW)
    cache.keep(pmid(), {"title": "Walking"})
    (kept,) = tmp_path.iterdir()
    kept.unlink()
    kept.mkdir()  # nothing can take its place
    cache.keep(pmid(), {"title": "Walking"})
    assert list(tmp_path.iterdir()) == [kept]


def test_registers_are_asked_three_times_a_second_at_most(
    bibliography: Bibliography, fake: FakeBibliography, clock: Clock
) -> None:
    for _ in range(9):
        bibliography.record(pmid(), fresh=True)
    assert len(fake.requests) == 9
    assert clock.slept == [0.34] * 8


def test_a_register_may_ask_for_longer_pauses(bibliography: Bibliography, fake: FakeBibliography, clock: Clock) -> None:
    limits = {"x-rate-limit-limit": "1", "x-rate-limit-interval": "2s"}
    fake.next(Answer(body=json.dumps(WALKING).encode(), headers=limits))
    bibliography.record(pmid())
    bibliography.record(pmid("30000002"))
    assert clock.slept == [2.0]


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Tue, 01 Dec 2026 12:00:09 GMT"}, 9.0),
        ({"Retry-After": "soon"}, 5.0),
        ({}, 5.0),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_register_is_asked_again_when_it_says(
    bibliography: Bibliography, fake: FakeBibliography, clock: Clock, status: int, said: dict[str, str], wait: float
) -> None:
    fake.next(Answer(status=status, headers=said))
    assert bibliography.record(pmid()) == WALKING
    assert clock.slept == [wait]


def test_patience_has_an_end(bibliography: Bibliography, fake: FakeBibliography, clock: Clock) -> None:
    fake.next(*[Answer(status=429)] * 3)
    with pytest.raises(LookupFailed, match="busy"):
        bibliography.record(pmid())
    fake.next(Answer(status=503, headers={"Retry-After": "3600"}))
    with pytest.raises(LookupFailed, match="3600 seconds"):
        bibliography.record(pmid())
    assert clock.time < 20


BROKEN: dict[str, Any] = {
    "unknown": (Answer(status=404), SourceUnknown, "does not know PMID 30000001"),
    "gone": (Answer(status=410), SourceUnknown, "does not know"),
    "malformed": (Answer(status=400), SourceUnknown, "does not know"),
    "none": (Answer(body=b"[]"), SourceUnknown, "does not know"),
    "no record": (Answer(status=204), LookupUnusable, "none that programs can read"),
    "not offered": (Answer(status=406), LookupUnusable, "none that programs can read"),
    "server error": (Answer(status=500), LookupFailed, "it answers 500"),
    "web page": (Answer(body=b"{}", headers=HTML), LookupUnusable, "web page"),
    "hidden web page": (Answer(body=b"  <!doctype html>"), LookupUnusable, "web page"),
    "broken": (Answer(body=b'{"title": '), LookupUnusable, "broken"),
    "not text": (Answer(body=b"\xff\xfe\x00"), LookupUnusable, "broken"),
    "deep": (Answer(body=b"[" * 9000), LookupUnusable, "broken"),
    "number": (Answer(body=b"7"), LookupUnusable, "not the record of one source"),
    "two": (Answer(body=b'[{"title": "a"}, {"title": "b"}]'), LookupUnusable, "not the record"),
    "empty": (Answer(body=b"{}"), LookupUnusable, "not the record"),
    "another": (Answer(body=json.dumps(STAIRS).encode()), LookupUnusable, "answers for PMID 30000002"),
    "large": (Answer(body=b" " * 10_001), LookupFailed, "larger than"),
    "cut": (Answer(body=b'{"title"', cut=True), LookupUnusable, "broken"),
    "nowhere": (Answer(status=302), LookupFailed, "no web address"),
    "file": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), LookupFailed, "no web address"),
    "odd": (Answer(status=302, headers={"Location": "http://[/"}), LookupFailed, "no web address"),
    "private": (Answer(status=302, headers={"Location": "http://10.0.0.1/"}), LookupFailed, "not a public"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_record_is_told_and_not_kept(
    bibliography: Bibliography, fake: FakeBibliography, name: str, tmp_path: Path
) -> None:
    answer, error, words = BROKEN[name]
    fake.next(answer)
    with pytest.raises(NewsletterError, match=words) as stopped:
        bibliography.record(pmid())
    assert type(stopped.value) is error
    assert not (tmp_path / "cache").exists()


def test_a_doi_that_nobody_gave_out_is_unknown(bibliography: Bibliography) -> None:
    with pytest.raises(SourceUnknown):
        bibliography.record(doi("10.1234/no-such"))


def test_the_number_that_was_answered_for_is_what_to_ask_for(
    bibliography: Bibliography, fake: FakeBibliography
) -> None:
    fake.next(Answer(body=json.dumps(STAIRS).encode()))
    with pytest.raises(LookupUnusable) as stopped:
        bibliography.record(doi())
    assert stopped.value.advice.endswith("newsletter references add 10.1234/stairs")


def test_nobody_is_led_in_circles(bibliography: Bibliography, fake: FakeBibliography) -> None:
    fake.next(*[Answer(status=302, headers={"Location": "/doi/again"})] * 6)
    with pytest.raises(LookupFailed, match="without end"):
        bibliography.record(doi())
    assert len(fake.requests) == 6


def test_where_nobody_answers_that_is_said(bibliography: Bibliography, fake: FakeBibliography) -> None:
    gone = Bibliography(
        doi_url="http://127.0.0.1:1/", pubmed_url=fake.url, asking=bibliography.asking, cache=bibliography.cache
    )
    with pytest.raises(LookupFailed, match=r"127\.0\.0\.1:1: "):
        gone.record(doi())
    with pytest.raises(LookupFailed, match="only PubMed numbers and DOIs"):
        gone.record(Identifier(register=Register.PMCID, value="PMC1"))


@contextmanager
def raw_server(*pieces: bytes) -> Iterator[str]:
    """Sends these bytes to whoever comes, the last one again and again, a pause before each."""
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError), closing(listening.accept()[0]) as connection:
            connection.recv(4096)
            for piece in pieces:
                connection.sendall(piece)
            while pieces and not over.wait(0.02):
                connection.sendall(pieces[-1])

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((), "it ends the connection without an answer"),
        ((b"\x00\x1b[31m nonsense\r\n\r\n",), "its answer is broken"),
        ((b"HTTP/1.1 999999 \x1b[31m\r\n\r\n",), "its answer is broken"),
        ((b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70_000,), "its answer is broken"),
        ((b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",), "its answer is broken"),
    ],
)
def test_what_is_no_answer_of_the_web_is_told_in_our_words(
    bibliography: Bibliography, sent: tuple[bytes, ...], words: str
) -> None:
    with raw_server(*sent) as url, pytest.raises(LookupFailed, match=f": {words}$"):
        replace(bibliography, doi_url=url).record(doi())


@pytest.mark.parametrize("begins", [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["headers", "body"])
def test_an_answer_drop_by_drop_is_not_waited_for(
    bibliography: Bibliography, monkeypatch: pytest.MonkeyPatch, begins: bytes
) -> None:
    monkeypatch.setattr("newsletter.probe.bibliography_request._GRACE", 0.1)
    asking = Asking(agent="newsletter-pipeline/1", seconds=0.1)
    with raw_server(begins, b" ") as url, pytest.raises(LookupFailed, match="does not answer in time"):
        replace(bibliography, doi_url=url, asking=asking).record(doi())
