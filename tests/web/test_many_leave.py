"""Five hundred leave at the same moment, over real connections, while the ledger of a mailing is being written."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update

from newsletter.keys import DeliveryToken
from newsletter.model.segment import Audience, Sorting
from newsletter.store import mailings
from newsletter.store import tables as t
from tests.web.running_server import running
from tests.web.sample_mailing import LINK_NUMBER, NOW, a_letter

if TYPE_CHECKING:
    from tests.web.sample_mailing import SampleMailing

MANY = 500
_FORM = b"List-Unsubscribe=One-Click"
_HEAD = "POST /u/{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 26\r\n\r\n"


def mail_to_many(mailing: SampleMailing) -> list[str]:
    """The tokens of a mailing to five hundred, which is under way."""
    lists = mailing.list_numbers["friends"]
    with mailing.store.write() as connection:
        first = 1_000
        people = [
            {"number": first + n, "public_id": f"p{n}", "identity_hash": f"h{n}", "address": f"r{n}@example.org"}
            | {"created_at": NOW}
            for n in range(MANY)
        ]
        connection.execute(insert(t.subscribers), people)
        joined = [
            {"subscriber": one["number"], "list": lists, "status": "subscribed", "changed_at": NOW} for one in people
        ]
        connection.execute(insert(t.subscriptions), joined)
        audience = Audience(lists=(lists,))
        number = mailings.add(
            connection,
            link_number=LINK_NUMBER + 1,
            issue="many",
            variants={"": a_letter().fingerprint},
            audience=audience,
            sender="outbox",
            again="",
            now=NOW,
        )
        mailings.start(connection, number, audience, Sorting(), lambda begin, end: [(begin, end)], NOW)
        own = t.deliveries.c
        numbers = connection.scalars(select(own.n).where(own.mailing == number, own.subscriber >= first)).all()
    return [mailing.keys.token(DeliveryToken(mailing=LINK_NUMBER + 1, n=n)) for n in numbers]


async def leave(port: int, token: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_HEAD.format(token).encode() + _FORM)
    answer = await reader.read()
    writer.close()
    return answer.partition(b"\r\n")[0]


async def all_at_once(port: int, tokens: list[str]) -> list[bytes]:
    return await asyncio.gather(*(leave(port, token) for token in tokens))


def test_all_of_them_have_left_and_nobody_is_written_down_twice(mailing: SampleMailing) -> None:
    tokens = mail_to_many(mailing)
    through = threading.Event()
    written = 0

    def send() -> None:
        """One transaction after the other, as handing over chunk by chunk makes them."""
        nonlocal written
        while not through.is_set():
            with mailing.store.write() as connection:
                later = NOW + timedelta(seconds=written)
                connection.execute(update(t.mailings).values(lease_until=later))
            written += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        with running(mailing.app) as port:
            answers = asyncio.run(all_at_once(port, tokens))
    finally:
        through.set()
        sender.join()
    assert len(tokens) == MANY
    assert {*answers} == {b"HTTP/1.1 200 OK"}
    assert written
    with mailing.store.read() as connection:
        event, entry = t.consent_events.c, t.subscriptions.c
        gone = connection.scalar(select(func.count()).where(entry.status == "unsubscribed"))
        people = connection.scalar(
            select(func.count(event.subscriber.distinct())).where(event.action == "unsubscribed")
        )
        noted = connection.scalar(select(func.count()).where(event.action == "unsubscribed"))
    assert (gone, people, noted) == (MANY, MANY, MANY)
