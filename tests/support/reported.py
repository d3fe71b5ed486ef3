"""Mailings to some hundred made-up readers, and everything that may be reported of them: for tests of reports, and to look at."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from newsletter.model.event import EventKind
from newsletter.model.subscriber import ConsentSource
from newsletter.pipeline.receiving import receive
from newsletter.store import corrections
from newsletter.store import tables as t
from newsletter.store.people import consent, leaving_reasons
from tests.support.ledger import Process, plan
from tests.support.mailing import BEGIN
from tests.support.readers import KEYS
from tests.support.reports import ReportDesk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from newsletter.model.event import Event
    from tests.support.readers import Desk

LINK = "https://example.org/visit"
#: bounces by the words of their servers
FULL = "452 4.2.2 The mailbox is over quota"
UNKNOWN = "550 5.1.1 The address does not exist"
POLICY = "550-5.7.1 Unsolicited mail"


class ReportedDesk(ReportDesk):
    """Readers 1..N of the list; `domains` in turn, and one who is alone with theirs."""

    @classmethod
    def of(cls, desk: Desk) -> ReportedDesk:
        """At the same store, with the same lists."""
        made = cls.__new__(cls)
        made.__dict__.update(vars(desk))
        return made

    def people(self, count: int, *, tracked: int = 0, language: str = "en") -> None:
        """Who is tracked is planned last: the first of them is delivery `count` - `tracked` + 1."""
        domains = ("example.org", "example.com", "clinic.test", "example.org")
        rows = [f"reader{n}@{domains[n % 4]},{language if n % 3 else 'es'}" for n in range(1, count)]
        self.import_("\n".join(["email,language", *rows, "reader@alone.test,de"]) + "\n", to="news")
        with self.store.write() as connection:
            connection.execute(t.subscribers.update().where(t.subscribers.c.number <= tracked).values(tracking=True))

    def went(self, issue: str = "walking", *, at: datetime = BEGIN, size: int = 50) -> int:
        """A mailing that was handed over, a chunk every minute."""
        number = plan(self.store, (self.lists["news"].number,), issue=issue, size=size, tracking=True, now=at)
        process = Process(self.store, number, now=at)
        while claim := process.claim(sender="sendgrid"):
            process.now += timedelta(minutes=1)
            process.settle(claim)
        process.finish()
        return number

    def told(self, mailing: int, kind: EventKind, numbers: Iterable[int], after: int = 5, **facts: Any) -> None:
        """That many minutes after its begin, and a second for each."""
        begun, out = self.mailing(mailing).started_at or BEGIN, self.excluded(mailing)
        events: list[Event] = [
            self.event(kind, mailing, n, at=begun + timedelta(minutes=after, seconds=n), attempt="", **facts)
            for n in numbers
            if n not in out
        ]
        receive(self.store, KEYS, events, "sendgrid", begun + timedelta(days=1))

    def excluded(self, mailing: int) -> set[int]:
        return {row["n"] for row in self.rows("delivery_outcomes") if row["mailing"] == mailing}

    def left(self, mailing: int, subscriber: int, reason: str = "", words: str = "") -> None:
        at = (self.mailing(mailing).started_at or BEGIN) + timedelta(hours=2)
        lists = [self.lists["news"].number]
        with self.store.write() as connection:
            consent.leave(connection, subscriber, lists, ConsentSource.ONE_CLICK, mailing, at)
            if reason:
                given = leaving_reasons.Reason(mailing=mailing, code=reason, words=words, at=at)
                leaving_reasons.keep(connection, subscriber, lists, given)

    def all_kinds(self, mailing: int, count: int, first: int = 1) -> None:
        """Something of everything, of deliveries `first`..`count`."""
        hard, soft = range(first + 9, count, 40), range(first + 10, count, 30)
        refused, spam = range(first + 11, count, 60), range(first + 12, count, 300)
        off = {*hard, *soft, *refused, *range(first + 13, count, 70)}
        self.told(mailing, EventKind.DELIVERED, [n for n in range(1, count + 1) if n not in off])
        self.told(mailing, EventKind.HARD_BOUNCE, hard, detail=UNKNOWN)
        self.told(mailing, EventKind.SOFT_BOUNCE, soft, detail=FULL)
        self.told(mailing, EventKind.SOFT_BOUNCE, refused, detail=POLICY)
        self.told(mailing, EventKind.COMPLAINED, spam, after=90)
        self.told(mailing, EventKind.OPENED, range(first, count, 3), after=60)
        self.told(mailing, EventKind.OPENED, range(first + 1, count, 4), after=7, machine=True)
        self.told(mailing, EventKind.CLICKED, range(first, count, 9), after=61, url=LINK)
        self.told(mailing, EventKind.CLICKED, range(first + 1, count, 20), after=7, url=LINK, machine=True)

    def corrected(self, issue: str, text: str) -> None:
        with self.store.write() as connection:
            corrections.add(connection, issue, text, BEGIN + timedelta(days=2))
