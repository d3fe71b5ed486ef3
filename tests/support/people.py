"""One person of whom everything is stored that can be stored of anybody, and a look at all rows of a database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from newsletter.model.subscriber import SuppressionReason
from newsletter.store import notices, suppressions
from newsletter.store import tables as t
from newsletter.store.events import inbox
from newsletter.store.people import consent, former
from newsletter.store.suppressions import mirrored
from tests.support.mailing import BEGIN, ScriptedSender
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.engine import Connection

    from newsletter.store.database import Store
    from tests.support.mailing import MailingDesk

ADA = "Ada@EXAMPLE.org"
#: what stands nowhere any more once she was erased
TRACES = (
    "ada@example.org",
    "lovelace",
    "marylebone",
    "203.0.113.9",
    "browser of ada",
    "came to the desk",
    "public-id-of-ada",
)
OWN_GROUND = "Mrs Lovelace came to the desk and asked for it, ada@example.org"


@dataclass(frozen=True)
class Known:
    desk: MailingDesk
    #: the number of Ada, and of a mailing that she and Bob got
    ada: int
    mailing: int

    @property
    def store(self) -> Store:
        return self.desk.store


def known_well(desk: MailingDesk) -> Known:
    """Ada, and Bob beside her: nothing of his may change when she is erased."""
    people = f"{ADA},Ada,Lovelace,Marylebone,en,Europe/London\nbob@example.org,Bob,Boole,Cork,en,Europe/Dublin\n"
    desk.import_("email,first_name,last_name,city,language,timezone\n" + people)
    ada, bob = desk.get(ADA).number, desk.get("bob@example.org").number
    number = desk.plan()
    desk.send(number, ScriptedSender())
    with desk.store.write() as connection:
        connection.execute(
            update(t.subscribers).where(t.subscribers.c.number.in_((ada, bob))).values(joined_at=NOW, tracking=True)
        )
        connection.execute(
            update(t.subscribers).where(t.subscribers.c.number == ada).values(public_id="public-id-of-ada")
        )
        former.note(connection, (ada, bob), BEGIN)
        own = consent.keep_wording(connection, OWN_GROUND)
        event = {"list": desk.list_().number, "action": "tracking allowed", "source": "page", "at": NOW}
        connection.execute(
            insert(t.consent_events).values(
                subscriber=ada, ground=own, ip="203.0.113.9", user_agent="the browser of Ada", recorded_at=NOW, **event
            )
        )
        connection.execute(insert(t.consent_events).values(subscriber=bob, ip="203.0.113.10", **event))
        tag = connection.execute(
            insert(t.tags).values(key="vip", name="VIP", created_at=NOW).returning(t.tags.c.number)
        ).scalar_one()
        for who in (ada, bob):
            connection.execute(insert(t.subscriber_tags).values(tag=tag, subscriber=who))
            connection.execute(insert(t.engagements).values(subscriber=who, mailing=number, kind="opened", at=NOW))
        for who, words in ((ada, "Ada Lovelace moved to Marylebone"), (bob, "too many mails")):
            said = {"mailing": number, "code": "other", "words": words, "at": NOW}
            connection.execute(insert(t.leaving_reasons).values(subscriber=who, **said))
        for address in (ADA, "bob@example.org"):
            notice = notices.add(
                connection,
                cause=f"proof {address}",
                kind="proof",
                identity_hash=hash_of(address),
                address=address,
                fingerprint=desk.mailing(number).fingerprint,
                now=NOW,
            )
            detail = f"<{address}> is over its quota"
            connection.execute(update(t.notices).where(t.notices.c.number == notice).values(detail=detail))
            by_hand = SuppressionReason.BY_HAND
            source = f"by hand: {address} asked on the telephone"
            suppressions.add(connection, hash_of(address), address.lower(), by_hand, source, NOW)
            mirrored.remember(connection, "sendgrid", [hash_of(address)], NOW)
        for who, address in ((ada, ADA), (bob, "bob@example.org")):
            _report(connection, number, who, address)
        connection.execute(
            update(t.attempts).values(detail="400: to=ADA%40example.org and bob@example.org are unknown")
        )
        connection.execute(
            update(t.mailings).values(reason="paused: <ada@Example.ORG> is wrong", again="for Ada@example.org")
        )
        n = connection.execute(select(t.deliveries.c.n).where(t.deliveries.c.subscriber == ada)).scalar_one()
        connection.execute(
            insert(t.delivery_outcomes).values(
                mailing=number, n=n, outcome="refused", reason=f"550 {ADA}: no such user", at=BEGIN
            )
        )
    return Known(desk, ada, number)


def _report(connection: Connection, mailing: int, who: int, address: str) -> None:
    """A provider has told of their mail, in words that name them; reports came, one is not handled yet."""
    n = connection.scalar(select(t.deliveries.c.n).where(t.deliveries.c.subscriber == who))
    facts = {"mailing": mailing, "n": n, "at": BEGIN}
    said = f"{address}: mailbox full"
    connection.execute(insert(t.fates).values(fate="soft bounce", reason=said, **facts))
    for kind in ("soft bounce", "opened"):
        event = {"id": f"{kind} {who}", "esp": "sendgrid", "kind": kind, "detail": said, "recorded_at": BEGIN}
        connection.execute(insert(t.events).values(**event, **facts))
    ip = "203.0.113.9" if address == ADA else "203.0.113.10"
    others = {"email": "zoe@example.org", "event": "open", "ip": "203.0.113.11"}
    body = json.dumps([{"email": address, "event": "open", "ip": ip}, others])
    for waits in (False, True):
        number = inbox.add(connection, "sendgrid", body.encode(), BEGIN)
        if not waits:
            inbox.done(connection, {number: ""})


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with store.read() as connection:
        return {table.name: _rows(connection, table) for table in t.metadata.sorted_tables}


def _rows(connection: Any, table: Table) -> list[dict[str, Any]]:
    rows = connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
    return [dict(row) for row in rows]


def tables_that_know_people() -> set[str]:
    """By their columns: a key of a subscriber, an identity, or a delivery's mailing and number."""
    subscriber = t.subscribers.c.number
    by_key = {
        table.name for table in t.metadata.sorted_tables if any(key.column is subscriber for key in table.foreign_keys)
    }
    words = ("identity", "address", "subscriber", "email")
    by_name = {
        table.name
        for table in t.metadata.sorted_tables
        if any(word in column.name for column in table.c for word in words)
    }
    by_delivery = {table.name for table in t.metadata.sorted_tables if {"mailing", "n"} <= {*table.c.keys()}}
    #: our own people, who sign off: no readers (docs/privacy.md)
    ours = {"staff"}
    return (by_key | by_name | by_delivery | {"subscribers"}) - ours
