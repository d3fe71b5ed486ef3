"""The mail in the browser shows what stood in it when it left, whatever was changed since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource
from newsletter.store import tables as t
from newsletter.store.people import editing, former, subscribers
from tests.web.sample_mailing import NOW

if TYPE_CHECKING:
    from datetime import datetime

    from tests.web.sample_mailing import SampleMailing


def on(day: int) -> datetime:
    return NOW + timedelta(days=day)


def leave_on(mailing: SampleMailing, day: int) -> None:
    with mailing.store.write() as connection:
        chunk = connection.scalar(select(t.chunks.c.number))
        made = {"id": "one", "chunk": chunk, "sender": "outbox", "generation": 1, "started_at": on(day)}
        connection.execute(insert(t.attempts).values(made))
        connection.execute(update(t.chunks).values(attempt="one", state="accepted"))


def change(mailing: SampleMailing, day: int, **fields: Any) -> None:
    """Ada, who has delivery 1."""
    with mailing.store.write() as connection:
        editing.change(connection, replace(subscribers.by_number(connection, 1), **fields), on(day))


def test_a_name_that_was_changed_since(mailing: SampleMailing, web: Any) -> None:
    change(mailing, 1, first_name="Augusta")
    leave_on(mailing, 2)
    change(mailing, 3, first_name="Countess", attributes={"city": "Marylebone"})
    said = Said(source=ConsentSource.PAGE, at=on(4), recorded_at=on(4))
    with mailing.store.write() as connection:
        editing.move(connection, 1, "ada@example.com", mailing.keys.identity_hash("ada@example.com"), said)
    change(mailing, 5, first_name="")
    shown = web.get(f"/v/{mailing.token()}").text
    assert "Hello Augusta of" in shown
    assert "Marylebone" not in shown
    assert "Hello Jörg of" in web.get(f"/v/{mailing.token(2)}").text


def test_once_that_is_no_longer_kept_the_values_of_today(mailing: SampleMailing, web: Any) -> None:
    leave_on(mailing, 2)
    change(mailing, 3, first_name="<b>Countess</b>")
    assert "Hello Ada of" in web.get(f"/v/{mailing.token()}").text
    with mailing.store.write() as connection:
        former.prune(connection, on(4))
    assert "Hello &lt;b&gt;Countess&lt;/b&gt; of" in web.get(f"/v/{mailing.token()}").text
