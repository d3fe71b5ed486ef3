"""A real SMTP server (aiosmtpd) that keeps the mail, and is as faulty as one asks.

By hand: `python -m tests.fakes.smtp --port 2525 --drop 0.1 --record mails.jsonl`; in tests: `with FakeSmtp() as fake`.
`mails` holds what was taken, answered or not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.fakes.certificate import server_context
from tests.fakes.smtp_behaviour import TAKEN, TO_CONTENT, TO_DATA, TO_MAIL, TO_RCPT, Behaviour

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiosmtpd.smtp import Envelope, Session

_NOBODY = "nobody"
USER, PASSWORD = "letters", "a-password-for-tests"
LARGEST = 33_554_432


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One message as it was taken. `connection` counts from 1."""

    sender: str
    recipient: str
    content: bytes
    connection: int
    user: str
    encrypted: bool


class FakeSmtp:
    """Runs in a thread of this process."""

    def __init__(
        self,
        *,
        port: int = 0,
        pipelining: bool = True,
        largest: int = LARGEST,
        certificate: Path | None = None,
        implicit: bool = False,
        login: bool = False,
        most_connections: int = 1000,
        most_messages: int = 1_000_000,
        delay: float = 0.0,
        record: Path | None = None,
    ) -> None:
        """`certificate` offers STARTTLS, or TLS from the start if `implicit`; `login` demands AUTH."""
        self.pipelining = pipelining
        self.largest = largest
        self.tls = server_context(certificate) if certificate else None
        self.implicit = implicit
        self.login = login
        self.most_connections = most_connections
        self.most_messages = most_messages
        self.delay = delay
        self.record = record
        self.mails: list[Mail] = []
        self.connections = self.open = self.quits = self.resets = 0
        self.transports: set[asyncio.WriteTransport] = set()
        self.login_tries = 0
        #: behaviour -> share of the messages that meet it, besides those of `next` and `at`
        self.shares: dict[Behaviour, float] = {}
        #: address -> what a message to it meets, each time
        self.at: dict[str, Behaviour] = {}
        self._queue: deque[Behaviour] = deque()
        self._chance = random.Random(1)
        self._loop = asyncio.new_event_loop()
        context = self.tls if implicit else None
        made = self._loop.create_server(lambda: _Server(self, self._loop), "127.0.0.1", port, ssl=context)
        self._server = self._loop.run_until_complete(made)
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def port(self) -> int:
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def next(self, *behaviours: Behaviour) -> None:
        """The next messages meet these, one each."""
        self._queue.extend(behaviours)

    def behaviour(self) -> Behaviour:
        if self._queue:
            return self._queue.popleft()
        drawn = self._chance.random()
        for behaviour, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return behaviour
        return Behaviour.ACCEPT

    def take(self, mail: Mail) -> None:
        self.mails.append(mail)
        if self.record:
            line = {"sender": mail.sender, "recipient": mail.recipient, "content": mail.content.decode("ascii")}
            with self.record.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    def settle(self) -> None:
        """Wait until every connection is gone: what was on its way has arrived, or never will."""
        while self.open:
            time.sleep(0.005)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for transport in [*self.transports]:  # of who was killed, and did not say good-bye
            transport.abort()
        for _ in range(5):  # sockets are closed in the next turns of the loop
            await asyncio.sleep(0)


class _Hooks:
    """What aiosmtpd asks."""

    def __init__(self, fake: FakeSmtp) -> None:
        self.fake = fake

    async def handle_EHLO(  # noqa: N802
        self, _server: _Server, session: Session, _envelope: Envelope, name: str, offered: list[str]
    ) -> list[str]:
        session.host_name = name
        return [*offered[:-1], *(["250-PIPELINING"] if self.fake.pipelining else []), offered[-1]]

    async def handle_DATA(self, server: _Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        encrypted = session.ssl is not None or self.fake.implicit
        return await server.taken(envelope, session.auth_data or "", encrypted=encrypted)


class _Server(SMTP):
    """One connection."""

    def __init__(self, fake: FakeSmtp, loop: asyncio.AbstractEventLoop) -> None:
        self.fake = fake
        self.number = 0
        self.messages = 0
        self.meets = Behaviour.ACCEPT
        super().__init__(
            _Hooks(fake),
            hostname="fake.example",
            ident="fake",
            data_size_limit=fake.largest,
            tls_context=None if fake.implicit else fake.tls,
            auth_require_tls=bool(fake.tls) and not fake.implicit,
            authenticator=self._check,
            loop=loop,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self.fake.transports.add(transport)
        if not self.number:
            self.fake.connections += 1
            self.fake.open += 1
            self.number = self.fake.connections
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.fake.transports = {one for one in self.fake.transports if not one.is_closing()}
        if self.number > 0:
            self.fake.open -= 1
            self.number = -self.number
        super().connection_lost(error)

    async def push(self, status: str | bytes) -> None:
        text = status if isinstance(status, str) else status.decode()
        if text.startswith("220 fake.example") and self.fake.open > self.fake.most_connections:
            await super().push("421 4.7.0 Too many connections")
            self._close()
        await super().push(text)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        self.meets = self.fake.behaviour()
        if self.messages >= self.fake.most_messages:
            await self.push("421 4.7.0 Enough from you")
            self._close()
        self.messages += 1
        if self.fake.login and not (self.session and self.session.authenticated):
            await self.push("530 5.7.0 Authentication required")
            return
        if self.meets is Behaviour.DROP_AT_MAIL:
            self._close()
        if reply := TO_MAIL.get(self.meets):
            await self.push(reply.format(sender=(arg or "").partition("<")[2].partition(">")[0]))
            if self.meets is Behaviour.CLOSING_AT_MAIL:
                self._close()
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        recipient = (arg or "").partition("<")[2].partition(">")[0]
        self.meets = self.fake.at.get(recipient, self.meets)
        if self.meets is Behaviour.DROP_AT_RCPT:
            self._close()
        if reply := TO_RCPT.get(self.meets):
            await self.push(reply.format(recipient=recipient, local=recipient.partition("@")[0]))
            if self.meets is Behaviour.CLOSING_AT_RCPT:
                self._close()
            return
        await super().smtp_RCPT(arg)

    async def smtp_RSET(self, arg: str) -> None:  # noqa: N802
        self.fake.resets += 1
        await super().smtp_RSET(arg)

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        self.fake.quits += 1
        await super().smtp_QUIT(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if self.meets is Behaviour.DROP_AT_DATA:
            self._close()
        if reply := TO_DATA.get(self.meets):
            await self.push(reply)
            return
        if self.meets is Behaviour.LOST_IN_CONTENT and self.envelope and self.envelope.rcpt_tos:
            await self.push("354 go on")
            self._close()
        if self.meets is Behaviour.UNKNOWN_BUT_DATA and self.envelope:
            self.envelope.rcpt_tos.append(_NOBODY)
        await super().smtp_DATA(arg)

    async def taken(self, envelope: Envelope, user: str, *, encrypted: bool) -> str:
        """The reply to a whole message."""
        recipient = envelope.rcpt_tos[0]
        await asyncio.sleep(self.fake.delay)
        if recipient == _NOBODY:
            return "554 5.5.1 No valid recipients"
        if self.meets in TAKEN:
            mail = Mail(
                sender=envelope.mail_from or "",
                recipient=recipient,
                content=bytes(envelope.original_content or b""),
                connection=self.number,
                user=user,
                encrypted=encrypted,
            )
            self.fake.take(mail)
        if self.meets is Behaviour.HANG:
            await asyncio.sleep(30)
        if self.meets in {Behaviour.DROP, Behaviour.HANG}:
            self._close()
        return TO_CONTENT.get(self.meets, "250 2.0.0 Ok: queued").format(recipient=recipient)

    def _check(self, _server: object, _session: object, _envelope: object, _how: str, given: object) -> AuthResult:
        self.fake.login_tries += 1
        known = LoginPassword(USER.encode(), PASSWORD.encode())
        return AuthResult(success=given == known, handled=False, auth_data=USER)

    def _close(self) -> None:
        """Close the connection; what was said before still goes out."""
        self._writer.close()
        raise asyncio.CancelledError


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--port", type=int, default=2525)
    options.add_argument("--delay", type=float, default=0.0, help="seconds before each answer to a message")
    options.add_argument("--drop", type=float, default=0.0, help="share of messages taken but never answered")
    options.add_argument("--unknown", type=float, default=0.0, help="share of readers that are refused")
    options.add_argument("--later", type=float, default=0.0, help="share of readers that are refused for now")
    options.add_argument("--messages", type=int, default=1_000_000, help="per connection, then 421")
    options.add_argument("--record", type=Path, help="append each mail to this file, one JSON a line")
    given = options.parse_args()
    fake = FakeSmtp(port=given.port, delay=given.delay, most_messages=given.messages, record=given.record)
    shares: Mapping[Behaviour, float] = {
        Behaviour.DROP: given.drop,
        Behaviour.UNKNOWN: given.unknown,
        Behaviour.GREYLISTED: given.later,
    }
    fake.shares = dict(shares)
    with fake:
        print(f"127.0.0.1:{fake.port} takes mail and keeps it; Ctrl-C ends it", flush=True)  # noqa: T201
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{len(fake.mails)} mails over {fake.connections} connections")  # noqa: T201


if __name__ == "__main__":
    main()
