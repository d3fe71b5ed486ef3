"""What is asked for where: keys and their scopes, the rules for mail, and what the behaviour of the moment makes of it."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
import time
from contextlib import suppress
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from tests.fakes.sendgrid import answers
from tests.fakes.sendgrid.account import scope_of
from tests.fakes.sendgrid.answers import Said, errors, said
from tests.fakes.sendgrid.faults import TAKEN, UNREAD, Behaviour
from tests.fakes.sendgrid.limits import complaints
from tests.fakes.sendgrid.mails import sandboxed
from tests.fakes.sendgrid.wire import HungUp, Wire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.fakes.sendgrid.fake import FakeSendGrid

_MAIL_SEND = "mail/send"


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, fake: FakeSendGrid, port: int) -> None:
        self.fake = fake
        self._lines: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        with self._lock:
            self._lines.add(line)
        return line, address

    def close_request(self, request: Any) -> None:
        with self._lock:
            self._lines.discard(request)
        super().close_request(request)

    def server_close(self) -> None:
        super().server_close()
        with self._lock:
            for line in self._lines:  # kept alive, and idle: its thread waits for a next request
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), HungUp | OSError):
            super().handle_error(request, client_address)


class _Handler(Wire):
    server: Server

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/v3/") if parts.path.startswith("/v3/") else ""
        sending = (self.command, path) == ("POST", _MAIL_SEND)
        fake = self.server.fake
        behaviour = fake.behaviour() if sending else fake.api_faults.draw()
        if behaviour in UNREAD:
            self.break_off(behaviour)
        raw = self.read()
        if isinstance(raw, Said):
            self.say(raw)
        elif sending:
            self._mail_send(behaviour, raw)
        else:
            self._call(behaviour, path, parts.query, raw)

    def say(self, answer: Said, headers: Mapping[str, str] | None = None) -> None:
        self.server.fake.note(answer.status)
        super().say(answer, headers)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815 - their names in the base

    def _mail_send(self, behaviour: Behaviour, raw: bytes) -> None:
        fake = self.server.fake
        time.sleep(fake.delay)
        window = fake.rate_limit.take() if fake.rate_limit else None
        told = window.headers() if window else {}
        body: Any = None
        refusal = self._forbidden(_MAIL_SEND)
        if refusal is None and window and not window.allowed:
            refusal = answers.busy({})
        if refusal is None:
            body, refusal = self._json(raw)
        refusal = refusal or self._against_the_rules(body)
        if refusal:
            self.say(refusal, told)
            return
        message_id = secrets.token_urlsafe(16)
        if behaviour in TAKEN:
            fake.counting.bytes += len(raw)
            fake.take(body)
            fake.tell(body, message_id)
        accepted = said(200 if sandboxed(body) else 202)
        self._behave(behaviour, accepted, {**told, "X-Message-Id": message_id}, body["personalizations"])

    def _against_the_rules(self, body: Any) -> Said | None:
        fake = self.server.fake
        if found := list(complaints(body, strict=fake.strict, now=fake.clock())):
            fake.refuse(found)
            return errors(400, *found)
        return None if fake.account.may_send_from(body["from"]["email"]) else answers.WRONG_SENDER

    def _json(self, raw: bytes) -> tuple[Any, Said | None]:
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            return None, answers.NOT_JSON
        try:
            return orjson.loads(raw), None
        except ValueError:
            return None, answers.BAD_JSON

    def _forbidden(self, path: str) -> Said | None:
        scopes = self.server.fake.scopes(self.headers.get("Authorization", ""))
        if scopes is None:
            return answers.UNAUTHORISED
        needed = scope_of(self.command, path)
        return answers.NO_SCOPE if needed and needed not in scopes else None

    def _call(self, behaviour: Behaviour, path: str, query: str, raw: bytes) -> None:
        """Everything that sends no mail. A client that follows our redirect ends here, too."""
        if refusal := self._forbidden(path) if path else answers.NOT_FOUND:
            self.say(refusal)
            return
        done = self._called(path, query, raw) if behaviour in TAKEN else answers.NOT_FOUND
        self._behave(behaviour, done, {}, [])

    def _called(self, path: str, query: str, raw: bytes) -> Said:
        body: Any = None
        if raw:
            body, refused = self._json(raw)
            if refused:
                return refused
        if path == _MAIL_SEND:
            return answers.NOT_ALLOWED
        fake = self.server.fake
        if path.startswith(("asm/", "suppression/")):
            return fake.suppressions.answer(self.command, path, query, body)
        scopes = fake.scopes(self.headers.get("Authorization", "")) or frozenset()
        return fake.account.answer(self.command, path, body, scopes)

    def _behave(
        self, behaviour: Behaviour, answer: Said, headers: Mapping[str, str], people: list[Mapping[str, Any]]
    ) -> None:
        fake = self.server.fake
        match behaviour:
            case Behaviour.ACCEPT:
                self.say(answer, headers)
            case Behaviour.SLOW:
                fake.released.wait(fake.slowness)
                self.say(answer, headers)
            case Behaviour.DRIP:
                self.say_byte_by_byte(answer, headers, fake.dripping, fake.released)
            case _:
                said_instead = answers.refusals(people, fake.key, fake.url, fake.clock()).get(behaviour)
                if said_instead:
                    self.say(said_instead, headers)
                self._fail(behaviour)

    def _fail(self, behaviour: Behaviour) -> None:
        """Those that are no whole answer."""
        fake = self.server.fake
        match behaviour:
            case Behaviour.DROP:
                self.hang_up()
            case Behaviour.RESET:
                self.reset()
            case Behaviour.HANG:
                fake.released.wait(fake.patience)
                self.hang_up()
            case Behaviour.ENDLESS:
                self.say_without_end(fake.patience, fake.released)
            case Behaviour.GARBAGE:
                self.write(b"%PDF-1.7 not at all HTTP\r\n\r\n")
                self.hang_up()
            case Behaviour.CUT:
                self.write(b'HTTP/1.1 202 Accepted\r\nContent-Length: 90\r\n\r\n{"errors":')
                self.hang_up()
            case Behaviour.HALF_HEADERS:
                self.write(b"HTTP/1.1 202 Accepted\r\nContent-Le")
                self.hang_up()
