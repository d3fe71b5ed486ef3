"""Who never confirmed is forgotten after a time. On both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert

from newsletter.model.notice_mail import NoticeKind
from newsletter.pipeline.unconfirmed import forget_unconfirmed
from newsletter.store import notices
from newsletter.store import tables as t
from tests.support.mailing import BEGIN
from tests.support.readers import hash_of

if TYPE_CHECKING:
    from newsletter.store.database import Store

DAY = timedelta(days=1)


@pytest.fixture
def asked(store: Store) -> Store:
    """Somebody asked to join and got a confirmation."""
    with store.write() as connection:
        who = {"identity_hash": hash_of("ada@example.org"), "address": "ada@example.org", "created_at": BEGIN}
        connection.execute(insert(t.subscribers).values(public_id="public", **who))
        connection.execute(insert(t.lists).values(name="news", title="News", created_at=BEGIN))
        entry = {"subscriber": 1, "list": 1}
        connection.execute(insert(t.subscriptions).values(status="pending", changed_at=BEGIN, **entry))
        event = {"action": "requested", "source": "page", "at": BEGIN, "recorded_at": BEGIN}
        connection.execute(insert(t.consent_events).values(**entry, **event))
        notices.order(
            connection,
            kind=NoticeKind.CONFIRMATION,
            identity_hash=hash_of("ada@example.org"),
            address="ada@example.org",
            cause="join 1",
            now=BEGIN,
        )
    return store


def people(store: Store) -> int:
    with store.read() as connection:
        return len(connection.execute(t.subscribers.select()).all())


def test_who_never_confirmed_is_forgotten_and_so_is_the_address_of_the_notice(asked: Store) -> None:
    assert forget_unconfirmed(asked, 30, BEGIN + 31 * DAY) == 1
    assert people(asked) == 0
    with asked.read() as connection:
        (notice,) = connection.execute(t.notices.select()).all()
    assert (notice.address, notice.identity_hash) == (None, "")


@pytest.mark.parametrize(("days", "later"), [(30, 29), (0, 4000)])
def test_not_before_its_time_and_never_where_that_is_set(asked: Store, days: int, later: int) -> None:
    assert forget_unconfirmed(asked, days, BEGIN + later * DAY) == 0
    assert people(asked) == 1


@pytest.mark.parametrize("asks_later", [False, True])
def test_whom_staff_brought_in_stays(store: Store, asks_later: bool) -> None:
    """Imported without a ground: pending, and nothing was ever said."""
    with store.write() as connection:
        who = {"identity_hash": hash_of("ada@example.org"), "address": "ada@example.org", "created_at": BEGIN}
        connection.execute(insert(t.subscribers).values(public_id="public", **who))
        connection.execute(insert(t.lists).values(name="news", title="News", created_at=BEGIN))
        entry = {"subscriber": 1, "list": 1}
        connection.execute(insert(t.subscriptions).values(status="pending", changed_at=BEGIN, **entry))
        if asks_later:
            event = {"action": "requested", "source": "page", "at": BEGIN + DAY, "recorded_at": BEGIN + DAY}
            connection.execute(insert(t.consent_events).values(**entry, **event))
    assert forget_unconfirmed(store, 30, BEGIN + 40 * DAY) == 0
    assert people(store) == 1
