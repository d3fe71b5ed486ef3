"""Five hundred readers leave by one click at once, over HTTP, while the mailing is still being sent: none is lost."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from sqlalchemy import select

from newsletter.keys import DeliveryToken
from newsletter.store import tables as t
from newsletter.store.database import Store
from newsletter.store.people import lists
from tests.support.half_sent import add_readers
from tests.support.readers import KEYS, NOW

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.running import Running
    from tests.support.workspace import Workspace

pytestmark = [pytest.mark.acceptance, pytest.mark.thorough]
READERS, LEAVING = 2500, 500
#: so that the mailing lasts as long as they need
PER_SECOND = 500
#: half of them have the mail already; of the others most are still to be handed over
WHO = (*range(1, LEAVING // 2 + 1), *range(READERS - LEAVING // 2 + 1, READERS + 1))


@pytest.fixture
def place(workspace: Workspace) -> Workspace:
    workspace.environment |= {
        "NEWSLETTER_SECRET": "a secret of the tests",
        "NEWSLETTER_SENDING_PER_SECOND": str(PER_SECOND),
    }
    with closing(Store(f"sqlite:///{workspace.database}")) as store:
        store.hold_to_secret(KEYS.fingerprint)
        with store.write() as connection:
            number = lists.add(connection, "friends", "Friends", NOW).number
        add_readers(store, number, READERS)
    return workspace


def test_five_hundred_leave_at_once_while_mail_is_sent(place: Workspace) -> None:
    serving = place.start("serve", "--port", "0")
    sending = place.start("send", "walking", "--to", "friends", "--yes")
    pool = ThreadPoolExecutor(1)
    try:
        where = re.search(r"http://[\w.:]+", serving.stderr.readline())
        assert where, serving.stderr.read()
        log = pool.submit(serving.stderr.read)  # a full pipe would hold the pages up
        until_mails(place, sending, LEAVING // 2)
        assert sending.poll() is None, "the mailing was over before anybody left"
        answers = asyncio.run(leave(where[0], tokens(place.database)))
        _, warned = sending.communicate()
        serving.send_signal(signal.SIGINT)
        logged = log.result(timeout=60)
    finally:
        for process in (sending, serving):
            process.kill()
        pool.shutdown(wait=False)
    assert Counter(answer.status_code for answer in answers) == {200: LEAVING}
    assert not any(answer.headers.keys() & {"set-cookie", "location"} for answer in answers)
    assert not [word for word in ("locked", "Error", "Traceback", "failed") if word in warned + logged]
    everybody_is_accounted_for(place)


def until_mails(place: Workspace, sending: Running, count: int) -> None:
    while len(place.mails()) < count and sending.poll() is None:
        time.sleep(0.001)


def tokens(database: Path) -> list[str]:
    with closing(Store(f"sqlite:///{database}")) as store, store.read() as connection:
        number = connection.scalars(select(t.mailings.c.link_number)).one()
    return [KEYS.token(DeliveryToken(mailing=number, n=n)) for n in WHO]


async def leave(url: str, keys: list[str]) -> list[httpx.Response]:
    """All connections are open before the first answer is waited for."""
    said = {"List-Unsubscribe": "One-Click"}
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60, trust_env=False) as client:
        return await asyncio.gather(*(client.post(f"/u/{key}", data=said) for key in keys))


def everybody_is_accounted_for(place: Workspace) -> None:
    rows = everything(place.database)
    left = {person for person, status in rows["status"] if status == "unsubscribed"}
    assert left == {person for n, person in rows["planned"] if n in WHO}
    assert Counter(rows["events"]) == {(person, "unsubscribed", "one-click"): 1 for person in left}
    [mailing] = place.json("mailings", "list")["mailings"]
    mails = len(place.mails())
    assert mailing["sum_holds"]
    assert mailing["state"] == "finished"
    assert +Counter(mailing["outcomes"]) == +Counter(accepted=mails, excluded=READERS - mails)


def everything(database: Path) -> dict[str, list[Any]]:
    status, planned, event = t.subscriptions.c, t.deliveries.c, t.consent_events.c
    queries = {
        "status": select(status.subscriber, status.status),
        "planned": select(planned.n, planned.subscriber),
        "events": select(event.subscriber, event.action, event.source),
    }
    with closing(Store(f"sqlite:///{database}")) as store, store.read() as connection:
        return {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}
