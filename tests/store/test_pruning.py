"""People who never agreed are forgotten after a time, and nobody else is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from newsletter.model.subscriber import ConsentAction, ConsentSource, SuppressionReason
from newsletter.store import tables as t
from newsletter.store.people import consent, pruning
from tests.support.mailing import MailingDesk
from tests.support.people import rows_of
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store

LATER = NOW + timedelta(days=1)
PEOPLE = ("asked", "imported", "joined", "left", "suppressed", "lately", "refused")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> MailingDesk:
    return MailingDesk(store, tmp_path)


def address(name: str) -> str:
    return f"{name}@example.org"


def say(desk: MailingDesk, name: str, action: ConsentAction) -> None:
    number = desk.get(address(name)).number
    with desk.store.write() as connection:
        connection.execute(
            insert(t.consent_events).values(subscriber=number, action=action, source=ConsentSource.PAGE, at=NOW)
        )


def test_only_who_never_said_more_than_that_they_asked(desk: MailingDesk) -> None:
    desk.import_("email\n" + "\n".join(map(address, PEOPLE)) + "\n", agreed=None)
    say(desk, "asked", ConsentAction.REQUESTED)
    say(desk, "refused", ConsentAction.UNSUBSCRIBED)
    desk.subscribe(address("joined"), to="running")
    desk.suppress(address("suppressed"), SuppressionReason.HARD_BOUNCE)
    number = desk.get(address("lately")).number
    with desk.store.write() as connection:
        consent.leave(
            connection, desk.get(address("left")).number, [desk.list_().number], ConsentSource.PAGE, None, NOW
        )
        connection.execute(
            update(t.subscriptions).where(t.subscriptions.c.subscriber == number).values(changed_at=LATER)
        )
    with desk.store.read() as connection:
        assert pruning.count(connection, NOW) == 0
        assert pruning.count(connection, LATER) == 2
    with desk.store.write() as connection:
        assert pruning.forget_some(connection, LATER)[0] == 2
        assert pruning.forget_some(connection, LATER)[0] == 0
    assert {one.address.partition("@")[0] for one in desk.everybody()} == {*PEOPLE} - {"asked", "imported"}
    rows = str(rows_of(desk.store))
    assert [name for name in ("asked", "imported") if address(name) in rows or hash_of(address(name)) in rows] == []


def test_who_was_forgotten_may_join_again(desk: MailingDesk) -> None:
    desk.import_("email\nasked@example.org\n", agreed=None)
    with desk.store.write() as connection:
        pruning.forget_some(connection, LATER)
    assert desk.import_("email\nasked@example.org\n").subscribed == 1


def test_many_go_in_several_transactions(desk: MailingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_AT_ONCE", 3)
    desk.import_("email\n" + "\n".join(f"reader{n}@example.org" for n in range(7)) + "\n", agreed=None)
    gone, last = [], 0
    for _ in range(4):
        with desk.store.write() as connection:
            count, last = pruning.forget_some(connection, LATER, last)
            gone.append(count)
    assert gone == [3, 3, 1, 0]
