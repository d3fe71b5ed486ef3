"""Clients that take their time, never stop, or talk nonsense: they are cut off, and everybody else is answered."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.web.bodies import read_body
from newsletter.web.guard import Guard
from newsletter.web.slow_clients import Patience
from tests.web.running_server import LONG, connect, get, read_all, running, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

SOON = Patience(head=0.2, body=0.2, reading=0.2, parting=0.2)
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
PIECE = b"x" * 100_000


async def small(request: Request) -> Response:
    """As our forms, with a body of a thousand bytes at most."""
    if request.method == "POST":
        return PlainTextResponse(f"read {len(await read_body(request, 1_000, 0.1))}")
    return PlainTextResponse("hello")


async def unread(_request: Request) -> Response:
    return PlainTextResponse("no", 403)


async def forgets(request: Request) -> Response:
    return PlainTextResponse(f"read {len(await request.body())}")


async def large(_request: Request) -> Response:
    return Response(b"x" * 30_000_000)


APP = Starlette(
    routes=[
        Route("/", small, methods=["GET", "POST"]),
        Route("/unread", unread, methods=["POST"]),
        Route("/forgets", forgets, methods=["POST"]),
        Route("/large", large),
    ],
    middleware=[Middleware(Guard, error_page=PlainTextResponse("a fault", 500))],
)


@pytest.fixture(scope="module")
def patient() -> Iterator[int]:
    with running(APP, LONG) as port:
        yield port


@pytest.fixture(scope="module")
def strict() -> Iterator[int]:
    with running(APP, SOON) as port:
        yield port


def first_line(answer: bytes) -> bytes:
    return answer.partition(b"\r\n")[0]


# --- slow ---


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_head_that_does_not_end_is_cut_off_unanswered(strict: int, begun: bytes) -> None:
    assert say(strict, begun) == b""


def test_bytes_that_go_on_coming_do_not_buy_time(strict: int) -> None:
    with connect(strict) as line:
        line.settimeout(0.02)
        line.sendall(b"GET / HTTP/1.1\r\nX-A: ")
        ended = False
        for _ in range(3_000):  # a minute: by then every machine has cut it off
            try:
                line.sendall(b"a")
                ended = line.recv(1) == b""
            except TimeoutError:
                continue
            except OSError:
                ended = True
            if ended:
                break
        assert ended


def test_a_second_head_on_the_same_connection_is_held_to_it_too(strict: int) -> None:
    with connect(strict) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = b""
        while not answer.endswith(b"hello"):
            answer += line.recv(1_000)
        line.sendall(b"GET / HT")
        assert read_all(line) == b""


def test_a_body_that_does_not_come_is_told_so(patient: int) -> None:
    answer = say(patient, POST + b"Content-Length: 10\r\nConnection: close\r\n\r\nabc")
    assert first_line(answer).startswith(b"HTTP/1.1 408")


def test_below_that_a_body_has_a_limit_that_no_page_can_forget(strict: int) -> None:
    assert say(strict, b"POST /forgets HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc") == b""


def test_who_does_not_read_the_answer_is_cut_off(strict: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        line.settimeout(60)
        line.connect(("127.0.0.1", strict))
        line.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert get(strict).endswith(b"hello")
        outwait(strict)
        assert len(read_all(line)) < 30_000_000


def outwait(port: int) -> None:
    """Two clocks of the same length end one after the other: what began before has been cut off when this returns."""
    for _ in range(3):
        assert say(port, b"GET / HT") == b""


# --- large ---


@pytest.mark.parametrize("head", [b"Content-Length: 50000000\r\n", b"Transfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize("path", [b"/", b"/unread"])
def test_fifty_megabytes_are_refused_unread_and_the_reason_arrives(patient: int, head: bytes, path: bytes) -> None:
    with connect(patient) as line:
        line.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\n%s\r\n" % (path, head))
        for _ in range(500):
            line.sendall(b"%x\r\n%s\r\n" % (len(PIECE), PIECE) if b"chunked" in head else PIECE)
        assert line.recv(12, socket.MSG_WAITALL) == (b"HTTP/1.1 403" if path == b"/unread" else b"HTTP/1.1 413")


def test_who_goes_on_sending_after_the_answer_is_cut_off(strict: int) -> None:
    """The body has no end; whether the answer could still be read depends on how fast the client is."""
    with connect(strict) as line, suppress(OSError):
        line.sendall(b"POST /unread HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            line.sendall(b"%x\r\n%s\r\n" % (len(PIECE), PIECE))
    assert get(strict).endswith(b"hello")


def test_a_head_of_any_size_is_not_kept(patient: int) -> None:
    answer = say(patient, b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000)
    assert first_line(answer).startswith(b"HTTP/1.1 400")


# --- nonsense ---


@pytest.mark.parametrize(
    "words",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"EHLO example.org\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Name: y\r\n\r\n",
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
        POST + b"Transfer-Encoding: gzip\r\n\r\n",
    ],
)
def test_nonsense_is_no_request(patient: int, words: bytes, caplog: pytest.LogCaptureFixture) -> None:
    answer = first_line(say(patient, words))
    assert answer[9:12] in {b"400", b"501"}
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_nonsense_behind_a_request_does_not_reach_a_page(patient: int, caplog: pytest.LogCaptureFixture) -> None:
    answer = say(patient, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01garbage\r\n\r\n")
    assert answer.count(b"hello") <= 1
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_requests_that_come_at_once_are_answered_in_their_order(patient: int) -> None:
    two = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" + POST + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc"
    answer = say(patient, two)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert answer.index(b"hello") < answer.index(b"read 3")


def test_http_1_0_is_answered(patient: int) -> None:
    answer = say(patient, b"GET / HTTP/1.0\r\n\r\n")
    assert first_line(answer).startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"hello")


# --- many ---


def test_two_hundred_idle_connections_hinder_nobody(patient: int) -> None:
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(patient))
        assert get(patient).endswith(b"hello")


def test_where_no_room_is_left_who_only_waits_makes_room() -> None:
    with running(APP, LONG, most_connections=10) as port, ExitStack() as stack:
        idle = [stack.enter_context(connect(port)) for _ in range(30)]
        assert get(port).endswith(b"hello")
        assert read_all(idle[0]) == b""
