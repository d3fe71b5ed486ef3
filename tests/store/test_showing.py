"""What only screens ask the store: who sends a mailing just now, and what readers did with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.segment import Engagement
from newsletter.store import tables as t
from newsletter.store.audiences.engaged import Engaged, engaged
from newsletter.store.ledger.holding import holder
from tests.support.ledger_desk import LedgerDesk
from tests.support.mailing import BEGIN

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.store.database import Store


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> LedgerDesk:
    return LedgerDesk(store, tmp_path)


def test_nobody_sends_what_nobody_took(desk: LedgerDesk) -> None:
    number = desk.planned()
    with desk.store.read() as connection:
        assert holder(connection, number, BEGIN, lambda _owner: True) == ""


def test_who_took_it_sends_it_until_their_time_is_up_or_they_are_dead(desk: LedgerDesk) -> None:
    number = desk.planned()
    desk.ledger().take(number, "machine:1:2", BEGIN)
    with desk.store.read() as connection:
        assert holder(connection, number, BEGIN, lambda _owner: True) == "machine:1:2"
        assert holder(connection, number, BEGIN, lambda _owner: False) == ""
        assert holder(connection, number, BEGIN + timedelta(hours=1), lambda _owner: True) == ""


def test_of_a_mailing_that_notes_nothing_nothing_is_counted(desk: LedgerDesk) -> None:
    number = desk.planned()
    with desk.store.read() as connection:
        assert engaged(connection, number) == Engaged()


def test_those_who_agreed_are_counted_and_what_they_did_with_this_mailing(desk: LedgerDesk) -> None:
    desk.agree(1, 2, 3)
    number, other = desk.planned(tracking=True), desk.planned(tracking=True, issue="stairs")
    with desk.store.write() as connection:
        rows = [
            {"subscriber": desk.get(desk.address(n)).number, "mailing": mailing, "kind": kind, "at": BEGIN}
            for n, mailing, kind in (
                (1, number, Engagement.OPENED),
                (1, number, Engagement.CLICKED),
                (2, number, Engagement.OPENED),
                (3, other, Engagement.OPENED),
            )
        ]
        connection.execute(t.engagements.insert(), rows)
    with desk.store.read() as connection:
        assert engaged(connection, number) == Engaged(readers=3, did={Engagement.OPENED: 2, Engagement.CLICKED: 1})
