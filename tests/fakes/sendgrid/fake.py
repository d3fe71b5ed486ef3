"""The fake as tests hold it: what was taken, what goes wrong, who is suppressed, what is told by webhooks."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Self

from tests.fakes.sendgrid.account import EVERY_SCOPE, Account
from tests.fakes.sendgrid.counting import Counting
from tests.fakes.sendgrid.events import Fates, Story, suppressed_by
from tests.fakes.sendgrid.faults import Behaviour, Faults
from tests.fakes.sendgrid.mails import finished, sandboxed
from tests.fakes.sendgrid.server import Server
from tests.fakes.sendgrid.suppressions import Suppressions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from tests.fakes.sendgrid.faults import RateLimit
    from tests.fakes.sendgrid.mails import Mail
    from tests.fakes.sendgrid.webhooks import Webhooks

KEY = "SG.a-key-for-tests"


class FakeSendGrid:
    """Runs in threads of this process. `mails` and `requests` hold what was taken, answered or not.

    `keep`: False counts only, for very many readers. `strict`: the strictest reading of the limit on substitutions.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        key: str = KEY,
        delay: float = 0.0,
        record: Path | None = None,
        keep: bool = True,
        strict: bool = False,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key = key
        #: what other keys may do
        self.keys: dict[str, frozenset[str]] = {}
        self.delay = delay
        self.record = record
        self.keep = keep
        self.strict = strict
        self.clock = clock
        self.mails: list[Mail] = []
        self.requests: list[dict[str, Any]] = []
        #: accepted, and never sent, because the address is suppressed
        self.dropped: list[Mail] = []
        self.counting = Counting()
        #: every complaint with which a request was refused
        self.faults: list[dict[str, str]] = []
        #: how often each behaviour was met
        self.met: Counter[Behaviour] = Counter()
        #: how often each status was the answer
        self.answered: Counter[int] = Counter()
        self.released = threading.Event()
        #: seconds until a hanging connection is closed, of a slow answer, of one byte by byte
        self.patience, self.slowness, self.dripping = 30.0, 0.3, 0.3
        self.mail_faults = Faults(seed=seed, clock=clock)
        #: of all calls that send no mail
        self.api_faults = Faults(seed=seed, clock=clock)
        self.rate_limit: RateLimit | None = None
        self.suppressions = Suppressions(clock)
        self.account = Account()
        self.webhooks: Webhooks | None = None
        self.fates = Fates()
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._server = Server(self, port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def shares(self) -> dict[Behaviour, float]:
        """behaviour -> share of the requests that meet it, besides those queued by `next`"""
        return self.mail_faults.shares

    @shares.setter
    def shares(self, shares: dict[Behaviour, float]) -> None:
        self.mail_faults.shares = shares

    def next(self, *behaviours: Behaviour) -> None:
        """The next requests meet these, one each."""
        self.mail_faults.next(*behaviours)

    def behaviour(self) -> Behaviour:
        met = self.mail_faults.draw()
        with self._lock:
            self.met[met] += 1
        return met

    def scopes(self, authorization: str) -> frozenset[str] | None:
        """What the key may do; None for a key that nobody knows."""
        if authorization == f"Bearer {self.key}":
            return EVERY_SCOPE
        return self.keys.get(authorization.removeprefix("Bearer ")) if authorization.startswith("Bearer ") else None

    def take(self, body: dict[str, Any]) -> None:
        """The request is ours from here on, whatever the sender will hear."""
        mails = [] if sandboxed(body) else list(finished(body)) if self.keep or self.record else None
        with self._lock:
            if not sandboxed(body):
                self.counting.add(body["personalizations"])
            if mails is None:
                return
            sent = [mail for mail in mails if not self.suppressions.reason(mail.address)]
            if self.record:
                _append(self.record, sent)
            if self.keep:
                self.requests.append(body)
                self.mails.extend(sent)
                self.dropped.extend(mail for mail in mails if self.suppressions.reason(mail.address))

    def tell(self, body: dict[str, Any], message_id: str) -> None:
        """Send the events of a request that was taken."""
        if self.webhooks is None or sandboxed(body):
            return
        with self._lock:
            events = list(self._events(body, message_id))
        self.webhooks.send(events)

    def _events(self, body: dict[str, Any], message_id: str) -> Iterator[dict[str, Any]]:
        now = int(self.clock())
        for at, mail in enumerate(finished(body)):
            message = f"{message_id}.recvd-{at}"
            story = Story(mail, message, body.get("categories", []), self._chance, now)
            reason = self.suppressions.reason(mail.address)
            for event in story.dropped(reason) if reason else story.of(self.fates):
                if name := suppressed_by(event):
                    self.suppressions.add(name, mail.address)
                yield event

    def note(self, status: int) -> None:
        with self._lock:
            self.answered[status] += 1

    def refuse(self, complaints: Iterable[tuple[str, str]]) -> None:
        with self._lock:
            self.faults.extend({"field": field, "message": message} for field, message in complaints)

    def totals(self) -> dict[str, Any]:
        """What was taken, in numbers."""
        told = Counter(f"{fault['field']}: {fault['message']}" for fault in self.faults)
        return {
            **self.counting.totals(),
            "answers": {str(status): count for status, count in sorted(self.answered.items())},
            "faults": {one.name.lower(): count for one, count in self.met.items() if one is not Behaviour.ACCEPT},
            "refused": dict(told.most_common(5)),
            "webhooks": asdict(self.webhooks.posted) if self.webhooks else {},
        }

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
        if self.webhooks:
            self.webhooks.close()


def _append(path: Path, mails: Iterable[Mail]) -> None:
    """For the owner only, from the start: it holds addresses."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "a", encoding="utf-8") as file:  # noqa: PTH123 - a handle, not a path
        file.writelines(json.dumps(asdict(mail)) + "\n" for mail in mails)
