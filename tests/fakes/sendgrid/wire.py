"""One connection: reading a request, writing an answer, and the ways to break off either."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from tests.fakes.sendgrid.answers import NO_LENGTH, TOO_LARGE
from tests.fakes.sendgrid.faults import Behaviour
from tests.fakes.sendgrid.limits import MAX_BYTES

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from tests.fakes.sendgrid.answers import Said

_PART = 65536


class HungUp(Exception):
    """we closed the connection on purpose, or the client did"""


class Wire(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base
        """Quiet."""

    def read(self) -> bytes | Said:
        """The body, or why it is not read."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "0" if self.command in {"GET", "DELETE"} else "")
        if not length.isdecimal():
            self.close_connection = True
            return NO_LENGTH
        if int(length) >= MAX_BYTES:
            self._swallow(int(length))
            return TOO_LARGE
        raw = self.rfile.read(int(length))
        if len(raw) < int(length):  # the client died while it wrote: nothing is taken
            raise HungUp
        return raw

    def say(self, answer: Said, headers: Mapping[str, str] | None = None) -> None:
        self.write(self._head(answer, headers or {}) + answer.body)

    def say_byte_by_byte(self, answer: Said, headers: Mapping[str, str], seconds: float, stop: threading.Event) -> None:
        whole = self._head(answer, headers) + answer.body
        for at in range(len(whole)):
            self.write(whole[at : at + 1])
            stop.wait(seconds / len(whole))

    def say_without_end(self, seconds: float, stop: threading.Event) -> None:
        """Each step comes in time, and the whole never does."""
        self.write(b"HTTP/1.1 202 Accepted\r\nX-More: ")
        end = time.monotonic() + seconds
        while time.monotonic() < end and not stop.wait(0.05):
            self.write(b"x")
        self.hang_up()

    def break_off(self, behaviour: Behaviour) -> None:
        """Before the body was read to its end."""
        if behaviour is Behaviour.DROP_HALF_READ:
            self.rfile.read(int(self.headers.get("Content-Length", "0")) // 2)
        if behaviour is Behaviour.RESET_UNREAD:
            self.reset()
        self.hang_up()

    def reset(self) -> None:
        # no lingering: the client gets RST, not FIN
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.hang_up()

    def hang_up(self) -> None:
        close: Callable[[], None]
        for close in (self.wfile.close, self.rfile.close, self.connection.close):
            with suppress(OSError):
                close()
        raise HungUp

    def write(self, content: bytes) -> None:
        self.wfile.write(content)

    def _head(self, answer: Said, headers: Mapping[str, str]) -> bytes:
        fields = {"Server": "nginx", "Date": self.date_time_string(), **headers, **answer.headers}
        if answer.body:
            fields.setdefault("Content-Type", "application/json")
        if answer.status != HTTPStatus.NO_CONTENT:
            fields["Content-Length"] = str(len(answer.body))
        fields["Connection"] = "close" if self.close_connection else "keep-alive"
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            *(f"{k}: {v}" for k, v in fields.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    def _swallow(self, length: int) -> None:
        while length > 0 and (part := self.rfile.read(min(length, _PART))):
            length -= len(part)

    def _chunks(self) -> bytes | Said:
        whole = bytearray()
        while size := int(self.rfile.readline(64).split(b";")[0] or b"0", 16):
            whole += self.rfile.read(size)
            self.rfile.readline(8)
            if len(whole) >= MAX_BYTES:
                self.close_connection = True
                return TOO_LARGE
        while self.rfile.readline(1000).strip():
            """trailers"""
        return bytes(whole)
