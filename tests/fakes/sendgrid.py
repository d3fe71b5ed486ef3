"""SendGrid's v3 Mail Send over HTTP, as strict as its documentation and as faulty as one asks.

By hand: `python tests/fakes/sendgrid.py --port 8025 --drop 0.1 --record mails.jsonl`; in tests: `with FakeSendGrid() as
fake`. Accepted requests are kept and their substitutions applied, so that each reader's finished mail can be looked at.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import struct
import sys
import threading
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

KEY = "SG.a-key-for-tests"

MAX_BYTES = 30_000_000
RESERVED = {
    *("x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"),
    *("to", "from", "subject", "reply-to", "cc", "bcc"),
}
TOP_LEVEL = {
    *("personalizations", "from", "reply_to", "subject", "content", "headers", "custom_args", "categories"),
    *("send_at", "batch_id", "asm", "mail_settings", "tracking_settings", "attachments", "template_id", "sections"),
}


class Behaviour(StrEnum):
    #: documented behaviour
    ACCEPT = "accept"
    # definite refusals, nothing taken
    BUSY = "429"
    BUSY_RETRY_AFTER = "429 with Retry-After"
    UNAUTHORISED = "401"
    FORBIDDEN = "403"
    TOO_LARGE = "413"
    BLAME_SECOND = "400 that names the second personalization"
    BLAME_MIXED = "400 that names a personalization and something else"
    SUBSTITUTIONS = "400 that names substitutions"
    REFUSE = "400 that names nobody"
    # the whole request was taken, and then
    DROP = "closes the connection"
    RESET = "resets the connection"
    HANG = "answers too late"
    ERROR = "500"
    UNAVAILABLE = "503"
    TIMEOUT = "408"
    GARBAGE = "answers what is not HTTP"
    CUT = "answers half"
    REDIRECT = "302"


TAKEN = {
    *(Behaviour.ACCEPT, Behaviour.DROP, Behaviour.RESET, Behaviour.HANG, Behaviour.ERROR, Behaviour.UNAVAILABLE),
    *(Behaviour.TIMEOUT, Behaviour.GARBAGE, Behaviour.CUT, Behaviour.REDIRECT),
}


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one reader finds in the inbox."""

    address: str
    name: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    custom_args: Mapping[str, str]


class FakeSendGrid:
    """Runs in threads of this process. `mails` and `requests` hold what was taken, answered or not."""

    def __init__(self, *, port: int = 0, key: str = KEY, delay: float = 0.0, record: Path | None = None) -> None:
        self.key = key
        self.delay = delay
        self.record = record
        self.mails: list[Mail] = []
        self.requests: list[dict[str, Any]] = []
        self.faults: list[dict[str, str]] = []
        self.released = threading.Event()
        #: behaviour -> share of the requests that meet it, besides those queued by `next`
        self.shares: dict[Behaviour, float] = {}
        self._chance = random.Random(1)
        self._queue: deque[Behaviour] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def next(self, *behaviours: Behaviour) -> None:
        """The next requests meet these, one each."""
        self._queue.extend(behaviours)

    def behaviour(self) -> Behaviour:
        with self._lock:
            if self._queue:
                return self._queue.popleft()
            drawn = self._chance.random()
        for behaviour, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return behaviour
        return Behaviour.ACCEPT

    def take(self, body: dict[str, Any]) -> None:
        mails = [] if sandboxed(body) else list(finished(body))
        with self._lock:
            self.requests.append(body)
            self.mails.extend(mails)
            if self.record:
                with self.record.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(mail)) + "\n" for mail in mails)

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def sandboxed(body: Mapping[str, Any]) -> bool:
    return bool(body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"))


def finished(body: Mapping[str, Any]) -> Iterator[Mail]:
    """Each reader's mail. What a personalization says replaces what the top says: nothing is merged."""
    parts = {part["type"]: part["value"] for part in body["content"]}
    for personal in body["personalizations"]:
        substitutions = personal.get("substitutions", {})
        yield Mail(
            address=personal["to"][0]["email"],
            name=personal["to"][0].get("name", ""),
            subject=_replaced(personal.get("subject", body["subject"]), substitutions),
            text=_replaced(parts.get("text/plain", ""), substitutions),
            html=_replaced(parts.get("text/html", ""), substitutions),
            headers=personal.get("headers", body.get("headers", {})),
            custom_args=personal.get("custom_args", body.get("custom_args", {})),
        )


def _replaced(text: str, substitutions: Mapping[str, str]) -> str:
    for tag, value in substitutions.items():  # one after the other: what a value brings in can be replaced again
        text = text.replace(tag, value)
    return text


def complaints(body: Any) -> Iterator[tuple[str, str]]:
    """(field, message) of everything that the documentation forbids."""
    if not isinstance(body, dict):
        yield "", "Bad Request"
        return
    for key in body.keys() - TOP_LEVEL:
        yield key, "is not a known parameter"
    personalizations = body.get("personalizations")
    if not isinstance(personalizations, list) or not 1 <= len(personalizations) <= 1000:
        yield "personalizations", "The personalizations field is required, with at most 1000 items."
        return
    yield from _content_complaints(body)
    for at, personal in enumerate(personalizations):
        for field, message in _personal_complaints(personal):
            yield f"personalizations.{at}.{field}", message
    everyone = Counter(to.get("email", "").casefold() for p in personalizations for to in p.get("to", ()))
    for address, count in everyone.items():
        if count > 1:
            yield "personalizations", f"Each email address should be unique. We found a duplicate of [{address}]."


def _content_complaints(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if not _is_address(body.get("from", {}).get("email")):
        yield "from.email", "Does not contain a valid address."
    if "reply_to" in body and not _is_address(body["reply_to"].get("email")):
        yield "reply_to.email", "Does not contain a valid address."
    if not body.get("subject"):
        yield "subject", "The subject is required."
    types = [part.get("type") for part in body.get("content", ())]
    if types not in (["text/plain"], ["text/html"], ["text/plain", "text/html"]):
        yield "content", "Must have text/plain first, followed by text/html."
    if not all(part.get("value") for part in body.get("content", ())):
        yield "content", "The content value must be a string at least one character in length."
    yield from _header_complaints(body)


def _personal_complaints(personal: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    receivers = personal.get("to") or [{}]
    for at, receiver in enumerate(receivers):
        if not _is_address(receiver.get("email")):
            yield f"to.{at}.email", f"Does not contain a valid address: {receiver.get('email')}"
        if re.search(r"[;,\x00-\x1f]", receiver.get("name", "")):
            yield f"to.{at}.name", "The name contains invalid characters."
    yield from _header_complaints(personal)
    arguments = personal.get("custom_args", {})
    if not all(isinstance(value, str) for value in arguments.values()) or len(json.dumps(arguments)) > 10_000:
        yield "custom_args", "Must be strings, under 10,000 bytes."
    yield from _substitution_complaints(personal.get("substitutions", {}))


def _header_complaints(holder: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in holder.get("headers", {}).items():
        if name.lower() in RESERVED:
            yield f"headers.{name}", "is a reserved header."
        if not isinstance(value, str) or re.search(r"[\r\n]", value) or not value.isascii():
            yield f"headers.{name}", "must be an ASCII string."


def _substitution_complaints(substitutions: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if len(substitutions) > 150:
        yield "substitutions", "The substitutions may not exceed 150 items."
    if not all(isinstance(value, str) for value in substitutions.values()):
        yield "substitutions", "The substitutions must be strings."
    elif sum(len((tag + value).encode()) for tag, value in substitutions.items()) > 10_000:
        yield "substitutions", "The substitutions may not exceed 10000 bytes."
    if any(re.search(r"[\s<>&]", tag) or not tag for tag in substitutions):
        yield "substitutions", "A substitution tag may not hold spaces, <, > or &."


def _is_address(text: object) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]+", text))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    fake: FakeSendGrid

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), _HungUp | OSError):
            super().handle_error(request, client_address)


class _HungUp(Exception):
    """we closed the connection on purpose"""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base
        """Quiet."""

    def do_POST(self) -> None:
        fake = self.server.fake
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(fake.delay)
        if self.path != "/v3/mail/send":
            self._say(404, [("", "not found")])
        elif self.headers.get("Authorization") != f"Bearer {fake.key}":
            self._say(401, [("", "The provided authorization grant is invalid, expired, or revoked")])
        elif len(raw) > MAX_BYTES:
            self._say(413, [("", "Payload too large")])
        elif found := self._complaints(raw):
            fake.faults.extend({"field": field, "message": message} for field, message in found)
            self._say(400, found)
        else:
            self._behave(fake.behaviour(), json.loads(raw))

    def do_GET(self) -> None:
        """A client that follows our redirect ends here."""
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _complaints(self, raw: bytes) -> list[tuple[str, str]]:
        if self.headers.get("Content-Type") != "application/json":
            return [("", "Content-Type should be application/json.")]
        try:
            return list(complaints(json.loads(raw)))
        except ValueError:
            return [("", "Bad Request")]

    def _behave(self, behaviour: Behaviour, body: dict[str, Any]) -> None:
        if behaviour in TAKEN:
            self.server.fake.take(body)
        match behaviour:
            case Behaviour.ACCEPT:
                self._say(200 if sandboxed(body) else 202, [])
            case Behaviour.DROP:
                self._hang_up()
            case Behaviour.RESET:
                # no lingering: the client gets RST, not FIN
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._hang_up()
            case Behaviour.HANG:
                self.server.fake.released.wait(30)
                self._hang_up()
            case Behaviour.GARBAGE:
                self.wfile.write(b"%PDF-1.7 not at all HTTP\r\n\r\n")
            case Behaviour.CUT:
                self.wfile.write(b'HTTP/1.1 202 Accepted\r\nContent-Length: 90\r\n\r\n{"errors":')
                self._hang_up()
            case _:
                self._refuse(behaviour)

    def _refuse(self, behaviour: Behaviour) -> None:
        address = "someone@example.org"
        second = ("personalizations.1.to.0.email", f"Does not contain a valid address: {address}")
        replies: dict[Behaviour, tuple[int, list[tuple[str, str]]]] = {
            Behaviour.BUSY: (429, [("", "too many requests")]),
            Behaviour.BUSY_RETRY_AFTER: (429, [("", "too many requests")]),
            Behaviour.UNAUTHORISED: (401, [("", f"The key {KEY} is invalid, expired, or revoked")]),
            Behaviour.FORBIDDEN: (403, [("from", "The from address does not match a verified Sender Identity.")]),
            Behaviour.TOO_LARGE: (413, [("", "Payload too large")]),
            Behaviour.BLAME_SECOND: (400, [second]),
            Behaviour.BLAME_MIXED: (400, [second, ("content", "is wrong")]),
            Behaviour.SUBSTITUTIONS: (400, [("personalizations", "The substitutions may not exceed 50000 bytes.")]),
            Behaviour.REFUSE: (400, [("subject", f"is wrong, says {address}")]),
            Behaviour.ERROR: (500, [("", "internal error")]),
            Behaviour.UNAVAILABLE: (503, [("", "unavailable")]),
            Behaviour.TIMEOUT: (408, [("", "timeout")]),
            Behaviour.REDIRECT: (302, []),
        }
        headers = {
            Behaviour.BUSY: {"X-RateLimit-Reset": str(int(time.time()) + 60)},
            Behaviour.BUSY_RETRY_AFTER: {"Retry-After": "7"},
            Behaviour.REDIRECT: {"Location": f"{self.server.fake.url}/elsewhere"},
        }
        self._say(*replies[behaviour], headers.get(behaviour, {}))

    def _say(self, status: int, errors: list[tuple[str, str]], headers: Mapping[str, str] | None = None) -> None:
        shown = [{"message": message, "field": field or None, "help": None} for field, message in errors]
        body = json.dumps({"errors": shown}).encode() if errors else b""
        self.send_response(status)
        own = {"X-Message-Id": f"request-{len(self.server.fake.requests)}", "Content-Length": str(len(body))}
        for name, value in {**own, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _hang_up(self) -> None:
        self.wfile.close()
        self.rfile.close()
        self.connection.close()
        raise _HungUp


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=8025)
    options.add_argument("--key", default=KEY)
    options.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options.add_argument("--drop", type=float, default=0.0, help="share of requests taken but never answered")
    options.add_argument("--error", type=float, default=0.0, help="share of requests taken but answered by 500")
    options.add_argument("--busy", type=float, default=0.0, help="share of requests answered by 429, not taken")
    options.add_argument("--record", type=Path, help="append each finished mail to this file, one JSON a line")
    given = options.parse_args()
    fake = FakeSendGrid(port=given.port, key=given.key, delay=given.delay, record=given.record)
    fake.shares = {Behaviour.DROP: given.drop, Behaviour.ERROR: given.error, Behaviour.BUSY_RETRY_AFTER: given.busy}
    print(f"{fake.url} takes mail for the key {given.key}; Ctrl-C ends it", flush=True)  # noqa: T201
    try:
        fake.serve()
    except KeyboardInterrupt:
        print(f"{len(fake.requests)} requests, {len(fake.mails)} mails")  # noqa: T201


if __name__ == "__main__":
    main()
