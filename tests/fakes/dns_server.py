"""A name server on this machine that says what a test wants, over UDP: records, nothing, no such name, a failure, silence."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Self

from dnslib import CNAME, MX, QTYPE, RCODE, RR, TXT, A, DNSRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKE = {
    "A": A,
    "CNAME": CNAME,
    "MX": lambda text: MX(text.partition(" ")[2] or ".", int(text.partition(" ")[0])),
    "TXT": lambda text: TXT([text[at : at + 255].encode() for at in range(0, len(text), 255)] or [b""]),
}


class FakeDns:
    """Runs in a thread of this process."""

    def __init__(self) -> None:
        #: (name, type) -> records as people write them
        self.zone: dict[tuple[str, str], list[str]] = {}
        #: names of which nothing is said, and those that fail
        self.silent: set[str] = set()
        self.failing: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def add(self, name: str, kind: str, *records: str) -> None:
        self.zone.setdefault((name.lower(), kind), []).extend(records)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waking:
            waking.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            packet, client = self._socket.recvfrom(4096)
            if not packet:
                return
            if answer := self._answer(DNSRecord.parse(packet)):
                self._socket.sendto(answer.pack(), client)

    def _answer(self, question: DNSRecord) -> DNSRecord | None:
        name, kind = str(question.q.qname).rstrip(".").lower(), QTYPE[question.q.qtype]
        self.asked.append((name, kind))
        reply = question.reply()
        if name in self.silent:
            return None
        if name in self.failing:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        for record in self._found(name, kind):
            reply.add_answer(record)
        if not reply.rr and not self._is_known(name):
            reply.header.rcode = RCODE.NXDOMAIN
        return reply

    def _found(self, name: str, kind: str) -> Iterator[RR]:
        if (alias := self.zone.get((name, "CNAME"))) and kind != "CNAME":
            yield RR(name, QTYPE.CNAME, rdata=CNAME(alias[0]), ttl=60)
            yield from self._found(alias[0].lower(), kind)
            return
        for record in self.zone.get((name, kind), ()):
            yield RR(name, getattr(QTYPE, kind), rdata=_MAKE[kind](record), ttl=60)

    def _is_known(self, name: str) -> bool:
        """Whether something of this name or below it is there."""
        return any(known == name or known.endswith(f".{name}") for known, _ in self.zone)
