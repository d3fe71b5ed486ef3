"""Somebody who was erased asked to come back: a backup that is restored does not erase them again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from newsletter.errors import ConsentRefused, FileUnreadable
from newsletter.model.subscriber import SuppressionReason
from newsletter.pipeline.erasing import Person
from newsletter.pipeline.lifting import lift
from newsletter.settings import load
from newsletter.store import tables as t
from newsletter.store.people import erasures
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.upkeep.inspecting_people import findings
from newsletter.store.upkeep.restoring import settle
from tests.support import workspace as workspaces
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.subscriber import Suppression
    from newsletter.settings import Workspace
    from newsletter.store.suppressions.lifting import Lifted
    from tests.support.readers import Desk

ADA, BOB = "ada@example.org", "bob@example.org"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return load(workspaces.make(tmp_path / "here").folder, {})


def seen(desk: Desk, address: str = ADA) -> Suppression:
    with desk.store.read() as connection:
        found = suppression_of(connection, hash_of(address))
    assert found is not None
    return found


def erase(desk: Desk, place: Workspace, *addresses: str) -> None:
    for address in addresses:
        desk.import_(f"email\n{address}\n")
        Person(place, desk.store, KEYS, address).erase(NOW, lambda _: None)


def let_back(desk: Desk, place: Workspace) -> Lifted:
    return lift(place, desk.store, hash_of(ADA), seen(desk), "Wrote to us", LATER)


def test_who_came_back_stays_when_the_erasures_are_carried_out_again(desk: Desk, place: Workspace) -> None:
    erase(desk, place, ADA, BOB)
    assert let_back(desk, place).suppression.reason is SuppressionReason.ERASED
    desk.import_(f"email\n{ADA}\n", now=LATER)
    left = erasures.read(place.erasures)
    assert left == {hash_of(BOB)}
    with desk.store.read() as connection:
        assert [finding.code for finding in findings(connection, left)] == []
    with desk.store.write() as connection:
        settle(connection, left, LATER)
    assert desk.get(ADA).address == ADA
    assert desk.find(BOB) is None


def test_who_is_erased_once_more_is_kept_out_again(desk: Desk, place: Workspace) -> None:
    erase(desk, place, ADA)
    let_back(desk, place)
    erase(desk, place, ADA)
    assert erasures.read(place.erasures) == {hash_of(ADA)}


def test_where_the_file_cannot_be_written_nothing_is_lifted(desk: Desk, place: Workspace) -> None:
    erase(desk, place, ADA)
    place.erasures.unlink()
    place.erasures.mkdir()
    with pytest.raises(FileUnreadable):
        let_back(desk, place)
    assert seen(desk).reason is SuppressionReason.ERASED
    with desk.store.read() as connection:
        assert connection.scalars(select(t.suppression_events.c.action)).all() == ["added"]


def test_only_what_was_seen_is_lifted(desk: Desk, place: Workspace) -> None:
    desk.suppress(ADA, SuppressionReason.HARD_BOUNCE)
    before = seen(desk)
    erase(desk, place, ADA)
    with pytest.raises(ConsentRefused):
        lift(place, desk.store, hash_of(ADA), before, "The mailbox works again", LATER)
    assert erasures.read(place.erasures) == {hash_of(ADA)}


def test_other_suppressions_leave_the_file_alone(desk: Desk, place: Workspace) -> None:
    desk.suppress(ADA, SuppressionReason.COMPLAINT)
    let_back(desk, place)
    assert not place.erasures.exists()
