"""What an ESP reports of a mailing of the tests, and a look at what was made of it."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from newsletter.model.event import Event, Fate
from newsletter.pipeline.receiving import receive
from newsletter.store import tables as t
from newsletter.store.people.subscribers import suppression_of
from tests.support.mailing import MailingDesk, ScriptedSender
from tests.support.readers import KEYS, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.event import EventKind
    from newsletter.model.recording import Received
    from newsletter.model.subscriber import SuppressionReason

#: a while after the mailings of tests/support/mailing.py begin
LATER = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
_IDS = itertools.count(1)


class ReportDesk(MailingDesk):
    """Sends mailings, and records what is reported of them."""

    def mailed(self, *addresses: str, issue: str = "walking", sender: ScriptedSender | None = None) -> int:
        """A mailing that all of these got; delivery n goes to the n-th of all who are subscribed."""
        if addresses:
            self.subscribe(*addresses)
        number = self.plan(issue)
        self.send(number, sender or ScriptedSender())
        return number

    def event(self, kind: EventKind, mailing: int | None, n: int | None = 1, **facts: Any) -> Event:
        """One that names the attempt of its delivery, as SendGrid's do."""
        if mailing and n and "attempt" not in facts:
            facts |= {"attempt": self.attempt_of(mailing, n), "proves_all": True}
        given: dict[str, Any] = {"id": f"event-{next(_IDS)}", "at": LATER} | facts
        return Event(kind=kind, mailing=mailing, n=n, **given)

    def attempt_of(self, mailing: int, n: int) -> str:
        attempt, chunk = t.attempts.c, t.chunks.c
        query = (
            select(attempt.id)
            .join(t.chunks, chunk.number == attempt.chunk)
            .where(chunk.mailing == mailing, attempt.first <= n, attempt.last >= n)
            .order_by(attempt.started_at)
        )
        with self.store.read() as connection:
            found = connection.scalars(query).all()
        return found[-1] if found else ""

    def receive(self, *events: Event, now: datetime = LATER, esp: str = "sendgrid") -> Received:
        return receive(self.store, KEYS, events, esp, now)

    def fate(self, mailing: int, n: int = 1) -> Fate | None:
        own = t.fates.c
        with self.store.read() as connection:
            told = connection.scalar(select(own.fate).where(own.mailing == mailing, own.n == n))
        return Fate(told) if told else None

    def reason(self, address: str) -> SuppressionReason | None:
        with self.store.read() as connection:
            found = suppression_of(connection, hash_of(address))
        return found.reason if found else None

    def rows(self, table: str) -> list[dict[str, Any]]:
        one = t.metadata.tables[table]
        with self.store.read() as connection:
            return [dict(row) for row in connection.execute(select(one).order_by(*one.primary_key)).mappings()]

    def allow_tracking(self, address: str) -> None:
        with self.store.write() as connection:
            connection.execute(
                t.subscribers.update().where(t.subscribers.c.identity_hash == hash_of(address)).values(tracking=True)
            )


def day(number: int) -> datetime:
    """So many days after the first mailing."""
    return LATER + timedelta(days=number)


def entry(event: str, **facts: Any) -> dict[str, Any]:
    """An entry of SendGrid's, as its documentation shows them."""
    return {
        "email": "ada@example.org",
        "timestamp": int(LATER.timestamp()),
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "event": event,
        "category": ["newsletter"],
        "sg_event_id": f"id-{next(_IDS)}",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        **facts,
    }


def report(*entries: object) -> bytes:
    return json.dumps(entries).encode()


def named(mailing: int, n: int, attempt: str) -> dict[str, str]:
    """Our custom arguments, as they come back."""
    return {"nl_attempt": attempt, "nl_mailing": str(mailing), "nl_delivery": str(n)}


def kinds(events: Sequence[Event]) -> list[EventKind]:
    return [event.kind for event in events]
