"""Asking a register of publications, as they ask to be asked: one request at a time, not too often, by name, and patiently.

Crossref: https://www.crossref.org/documentation/retrieve-metadata/rest-api/tips-for-using-the-crossref-rest-api/ ;
NCBI: three requests a second. What comes is untrusted: it has a limit in size, in time and in how often it leads elsewhere.
"""

from __future__ import annotations

import math
import socket
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, RemoteDisconnected
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from newsletter.probe.link_request import host_of, is_public, look_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from email.message import Message
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO
    from urllib.request import BaseHandler

#: seconds between two requests to a host: a little more than a third
_GAP = 0.34
#: a gap that a server asks for is kept up to this
_LONGEST_GAP = 10.0
#: seconds that we wait when a server is busy: where it does not say how long, and at most
_BUSY, _LONGEST_WAIT = 5.0, 60.0
_TRIES = 3
_MOST_REDIRECTS = 5
_PIECE = 64 * 1024
#: seconds that the connection's own time limit, which tells more, has to strike first
_GRACE = 2.0
_TOO_SLOW = "it does not answer in time"
_MOVED = frozenset({301, 302, 303, 307, 308})
_TOO_MANY, _UNAVAILABLE = 429, 503
_KEPT = "!#$%&'()*+,/:;=?@[]~"


class NotAsked(Exception):
    """There is no answer; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    status: int
    headers: Message
    body: bytes


class _StayHere(HTTPRedirectHandler):
    """Redirects are looked at before they are followed: to urllib they are answers like others that are not 200."""

    def http_error_302(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage) -> None:
        del req, fp, code, msg, headers

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Makes requests. Tests have a clock of their own."""

    #: who asks, and whom to write to about it
    agent: str
    seconds: float = 20.0
    most: int = 5_000_000
    #: hosts that the settings name, wherever they are
    hosts: frozenset[str] = frozenset()
    resolve: Callable[[str], Sequence[str]] = look_up
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    handlers: Sequence[BaseHandler] = ()
    _last: dict[str, float] = field(default_factory=dict, init=False, repr=False)
    _gaps: dict[str, float] = field(default_factory=dict, init=False, repr=False)

    def get(self, url: str, accept: str) -> Reply:
        """The answer at the end of all redirects.

        Raises:
            NotAsked: no connection, too slow, too large, too busy, or it leads nowhere.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._patiently(url, accept)
            if reply.status not in _MOVED:
                return reply
            url = self._next(url, reply)
        raise NotAsked("it leads from one address to the next without end")

    def _patiently(self, url: str, accept: str) -> Reply:
        for tried in range(1, _TRIES + 1):
            self._wait_for_turn(host_of(url))
            reply = self._once(url, accept)
            self._learn(host_of(url), reply.headers)
            if reply.status not in {_TOO_MANY, _UNAVAILABLE}:
                return reply
            wait = self._retry_after(reply.headers)
            if wait > _LONGEST_WAIT:
                raise NotAsked(f"it is busy and asks us to come back in {math.ceil(wait)} seconds")
            if tried < _TRIES:
                self.sleep(wait)
        raise NotAsked(f"it is busy (it answers {reply.status})")

    def _wait_for_turn(self, host: str) -> None:
        wait = self._last.get(host, -math.inf) + self._gaps.get(host, _GAP) - self.clock()
        if wait > 0:
            self.sleep(wait)
        self._last[host] = self.clock()

    def _learn(self, host: str, headers: Message) -> None:
        """Crossref says how often it may be asked: x-rate-limit-limit times in x-rate-limit-interval ("1s")."""
        limit, interval = _number(headers["x-rate-limit-limit"]), _number(headers["x-rate-limit-interval"])
        if limit and interval:
            self._gaps[host] = min(max(_GAP, interval / limit), _LONGEST_GAP)

    def _retry_after(self, headers: Message) -> float:
        """In seconds; it is written as such or as a date (RFC 9110, 10.2.3)."""
        written = headers["Retry-After"]
        if (seconds := _number(written)) is not None:
            return seconds
        try:
            return max(0.0, (parsedate_to_datetime(written) - self.now()).total_seconds())
        except (TypeError, ValueError):
            return _BUSY

    def _once(self, url: str, accept: str) -> Reply:
        """The time limit holds for all of it: one that sends its headers drop by drop is left, in its thread, to itself."""
        answer: Future[Reply] = Future()
        Thread(target=self._into, args=(answer, url, accept), daemon=True).start()
        try:
            return answer.result(self.seconds + _GRACE)
        except TimeoutError:
            raise NotAsked(_TOO_SLOW) from None

    def _into(self, answer: Future[Reply], url: str, accept: str) -> None:
        try:
            answer.set_result(self._asked(url, accept))
        except BaseException as why:  # noqa: BLE001 - raised again where the answer is waited for
            answer.set_exception(why)

    def _asked(self, url: str, accept: str) -> Reply:
        end = self.clock() + self.seconds
        opener = build_opener(_StayHere(), *self.handlers)
        request = Request(url, headers={"User-Agent": self.agent, "Accept": accept})  # noqa: S310 - http and https only
        try:
            with opener.open(request, timeout=self.seconds) as answer:
                return Reply(status=answer.status, headers=answer.headers, body=self._content(answer, end))
        except HTTPError as answer:
            with answer:
                return Reply(status=answer.code, headers=answer.headers, body=b"")
        except (OSError, HTTPException, ValueError) as why:  # URLError is an OSError
            raise NotAsked(_reason(getattr(why, "reason", None) or why)) from None

    def _content(self, answer: HTTPResponse, end: float) -> bytes:
        content = bytearray()
        while piece := answer.read1(_PIECE):
            content += piece
            if len(content) > self.most:
                raise NotAsked(f"its answer is larger than {self.most / 1e6:.0f} MB")
            if self.clock() > end:
                raise NotAsked(_TOO_SLOW)
        return bytes(content)

    def _next(self, url: str, reply: Reply) -> str:
        written = str(reply.headers["Location"] or "").strip()
        try:
            target = quote(urljoin(url, written).partition("#")[0], safe=_KEPT)
            parts = urlsplit(target)
        except ValueError:
            raise NotAsked("it leads to what is no web address") from None
        if not written or parts.scheme not in {"http", "https"} or not parts.hostname:
            raise NotAsked("it leads to what is no web address")
        if parts.hostname not in self.hosts and not self._public(parts.hostname):
            raise NotAsked(f"it leads to {parts.hostname}, which is not a public address")
        return target

    def _public(self, host: str) -> bool:
        """A name that cannot be looked up here may be one that a proxy knows; the request will tell."""
        try:
            return all(is_public(ip_address(address)) for address in self.resolve(host))
        except (OSError, ValueError):
            return True


def _number(text: str | None) -> float | None:
    """`50`, `1s`."""
    digits = (text or "").strip().removesuffix("s")
    return float(digits) if digits.isdecimal() and len(digits) < 10 else None


def _reason(why: object) -> str:
    """Why there is no answer, in words of ours and of the system: never in those that the server sent."""
    if isinstance(why, TimeoutError):
        return _TOO_SLOW
    if isinstance(why, socket.gaierror):
        return "this machine cannot find it; is it connected to the internet?"
    if isinstance(why, RemoteDisconnected):
        return "it ends the connection without an answer"
    if isinstance(why, HTTPException):
        return "its answer is broken"
    return getattr(why, "strerror", None) or str(why) or type(why).__name__
