"""The fake for benchmarks: one thread, no limits looked at, answers after a delay without a thread for each.

It takes every POST to /v3/mail/send, over connections that are kept or new, and counts the readers in it. `GET /totals`
says what it took so far.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import TYPE_CHECKING, Any

import orjson

from tests.fakes.sendgrid.counting import Counting

if TYPE_CHECKING:
    from collections.abc import Callable

_HEAD_END = b"\r\n\r\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_QUEUE = 512


class LeanServer:
    """`blind` does not parse: it counts the receivers' brackets, and cannot see who came twice."""

    def __init__(self, *, port: int = 0, key: str, delay: float = 0.0, blind: bool = False) -> None:
        self.key = key
        self.delay = delay
        self.blind = blind
        self.counting = Counting()
        self.refused = 0
        self.at_once = 0
        self.most_at_once = 0
        self.socket = socket.create_server(("127.0.0.1", port), backlog=_QUEUE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def serve(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Line(self), sock=self.socket, backlog=_QUEUE)
        async with server:
            await server.serve_forever()

    def totals(self) -> dict[str, int]:
        return {**self.counting.totals(), "refused": self.refused, "most_at_once": self.most_at_once}

    def answer(self, line: bytes, head: bytes, body: bytes) -> tuple[float, bytes]:
        """Seconds to wait, and what to say then."""
        if line.startswith(b"GET /totals"):
            return 0.0, _reply(200, json.dumps(self.totals()).encode())
        if not line.startswith(b"POST /v3/mail/send "):
            return 0.0, self._refuse(404, "not found")
        if f"bearer {self.key}".lower().encode() not in head.lower():
            return 0.0, self._refuse(401, "The provided authorization grant is invalid, expired, or revoked")
        try:
            self._take(body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return 0.0, self._refuse(400, "Bad Request")
        return self.delay, _reply(202, b"", f"X-Message-Id: lean-{self.counting.requests}\r\n")

    def _take(self, body: bytes) -> None:
        if self.blind:
            self.counting.count(body.count(b'"to":'), len(body))
            return
        content: Any = orjson.loads(body)
        self.counting.add(content["personalizations"], len(body))

    def _refuse(self, status: int, message: str) -> bytes:
        self.refused += 1
        return _reply(status, json.dumps({"errors": [{"message": message, "field": None, "help": None}]}).encode())


def _reply(status: int, body: bytes, more: str = "") -> bytes:
    words = {200: "OK", 202: "Accepted", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
    head = f"HTTP/1.1 {status} {words[status]}\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n{more}\r\n"
    return head.encode() + body


class _Line(asyncio.Protocol):
    """One connection, one request after the other."""

    transport: asyncio.Transport

    def __init__(self, server: LeanServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._head = b""
        self._length = 0
        self._busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        if self._busy or not (self._head or self._read_head()) or len(self._buffer) < self._length:
            return
        body = bytes(memoryview(self._buffer)[: self._length])
        del self._buffer[: self._length]
        head, self._head = self._head, b""
        seconds, reply = self._server.answer(head.partition(b"\r\n")[0], head, body)
        self._busy = True
        server = self._server
        server.at_once += 1
        server.most_at_once = max(server.most_at_once, server.at_once)
        self._later(seconds, lambda: self._say(reply, close=b"connection: close" in head.lower()))

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, act)
        else:
            act()

    def _read_head(self) -> bool:
        end = self._buffer.find(_HEAD_END)
        if end < 0:
            return False
        self._head = bytes(self._buffer[:end])
        del self._buffer[: end + len(_HEAD_END)]
        fields = dict(line.split(b":", 1) for line in self._head.lower().split(b"\r\n")[1:] if b":" in line)
        self._length = int(fields.get(b"content-length", b"0"))
        if b"expect" in fields:
            self.transport.write(_CONTINUE)
        return True

    def _say(self, reply: bytes, *, close: bool) -> None:
        self._server.at_once -= 1
        self._busy = False
        if self.transport.is_closing():
            return
        self.transport.write(reply)
        if close:
            self.transport.close()
        else:
            self._go_on()
