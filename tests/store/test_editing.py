"""One person: added once, changed, and moved to another address without losing anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store.people import editing, subscribers
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from tests.support.readers import Desk

SAID = Said(source=ConsentSource.BY_HAND, at=NOW, recorded_at=NOW, ground="Wrote to us")
OLD, NEW = "ada@example.org", "ada@example.com"


def test_a_person_is_added_once(desk: Desk) -> None:
    made = []
    for public_id in ("one", "two"):
        with desk.store.write() as connection:
            made.append(editing.add(connection, public_id=public_id, identity_hash=hash_of(OLD), address=OLD, now=NOW))
    (person, is_new), (again, is_new_again) = made
    assert person == again
    assert (is_new, is_new_again) == (True, False)
    assert len(desk.everybody()) == 1


def test_a_change_leaves_address_and_number(desk: Desk) -> None:
    desk.import_(f"email,first_name,city\n{OLD},Ada,London\n")
    before = desk.get(OLD)
    after = replace(before, first_name="", last_name="Byron", language="en", attributes={"age": 36})
    with desk.store.write() as connection:
        editing.change(connection, after, NOW)
    assert desk.get(OLD) == after


def test_with_a_new_address_everything_stays_and_the_old_one_is_kept_out(desk: Desk) -> None:
    desk.import_(f"email\n{OLD}\n")
    before = desk.get(OLD)
    with desk.store.write() as connection:
        editing.move(connection, before.number, NEW, hash_of(NEW), SAID)
    assert desk.get(NEW) == replace(before, address=NEW)
    assert desk.find(OLD) is None
    assert desk.statuses(NEW) == {"news": SubscriptionStatus.SUBSCRIBED}
    joined, moved = desk.history(NEW)
    assert (joined.action, moved.action, moved.ground) == ("subscribed", "address changed", "Wrote to us")
    report = desk.import_(f"email\n{OLD}\n")
    assert (report.suppressed, report.added) == (1, 0)
    with desk.store.read() as connection:
        why = subscribers.suppression_of(connection, hash_of(OLD))
    assert why is not None
    assert why.reason is SuppressionReason.BY_HAND


def move(desk: Desk, old: str, new: str, minute: int) -> bool:
    """Whether the new address was theirs before."""
    said = replace(SAID, recorded_at=NOW + timedelta(minutes=minute))
    number = desk.get(old).number
    with desk.store.write() as connection:
        is_back = editing.take_back(connection, number, hash_of(new), said.recorded_at)
        if is_back or subscribers.suppression_of(connection, hash_of(new)) is None:
            editing.move(connection, number, new, hash_of(new), said)
    return is_back


def test_a_person_gets_an_address_back_that_was_theirs_and_that_is_noted(desk: Desk) -> None:
    desk.import_(f"email\n{OLD}\n")
    assert [move(desk, OLD, NEW, 1), move(desk, NEW, "ada@example.net", 2)] == [False, False]
    assert move(desk, "ada@example.net", OLD, 3)
    assert desk.statuses(OLD) == {"news": SubscriptionStatus.SUBSCRIBED}
    with desk.store.read() as connection:
        assert subscribers.suppression_of(connection, hash_of(OLD)) is None
        assert subscribers.suppression_of(connection, hash_of(NEW)) is not None
        events = suppressions.events_of(connection, hash_of(OLD))
    assert [(event.action, event.source) for event in events] == [("added", editing.MOVED), ("lifted", editing.BACK)]
    assert move(desk, OLD, NEW, 4)


def test_nobody_gets_an_address_that_was_anothers_or_that_said_no(desk: Desk) -> None:
    desk.import_(f"email\n{OLD}\nbob@example.org\neve@example.org\n")
    move(desk, OLD, NEW, 1)
    move(desk, "bob@example.org", "bob@example.com", 2)
    assert not move(desk, "bob@example.com", OLD, 3)
    desk.suppress(OLD, SuppressionReason.COMPLAINT)
    assert not move(desk, NEW, OLD, 4)
    desk.suppress("eve@example.com", SuppressionReason.BY_HAND)
    assert not move(desk, "eve@example.org", "eve@example.com", 5)


def test_another_spelling_is_the_same_address(desk: Desk) -> None:
    desk.import_(f"email\n{OLD}\n")
    with desk.store.write() as connection:
        editing.respell(connection, desk.get(OLD).number, "Ada@Example.org", NOW)
    assert desk.get(OLD).address == "Ada@Example.org"
