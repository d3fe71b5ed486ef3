"""Leaving that is taken back, and why people left, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.consent import Said
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus
from newsletter.store import suppressions
from newsletter.store.people import consent, editing, leaving_reasons, subscribers, taking_back
from newsletter.store.people.leaving_reasons import Reason
from newsletter.subscribers.consent import by_hand, take_back
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from newsletter.store.people.taking_back import Left, TakenBack
    from tests.support.readers import Desk

ADA = "ada@example.org"
LATER = NOW + timedelta(minutes=5)


def joined(desk: Desk) -> int:
    """Ada, who is on one list and waits for another."""
    said = Said(source=ConsentSource.BY_HAND, at=NOW, recorded_at=NOW, ground="Told us at the desk")
    with desk.store.write() as connection:
        person, _ = editing.add(connection, public_id="ada", identity_hash=hash_of(ADA), address=ADA, now=NOW)
        for name, grounded in (("news", True), ("running", False)):
            consent.carry_out(
                connection,
                person.number,
                desk.list_(name).number,
                lambda position, grounded=grounded: by_hand(position, grounded=grounded),  # type: ignore[misc]
                said,
            )
    return person.number


def leave(desk: Desk, number: int, *, everything: bool) -> Left:
    with desk.store.write() as connection:
        if everything:
            return taking_back.leave_everything(connection, number, ConsentSource.PAGE, None, NOW)
        return taking_back.leave(connection, number, [desk.list_().number], ConsentSource.PAGE, None, NOW)


def undo(desk: Desk, number: int, left: Left) -> TakenBack:
    said = Said(source=ConsentSource.PAGE, at=LATER, recorded_at=LATER, wording="Undo")
    with desk.store.write() as connection:
        return taking_back.take_back(connection, number, left, said, take_back)


def statuses(desk: Desk, number: int) -> dict[str, SubscriptionStatus]:
    with desk.store.read() as connection:
        return {one.list.name: one.status for one in subscribers.subscriptions_of(connection, number)}


def test_everything_is_put_back_as_it_was_and_lifted_with_a_reason(desk: Desk) -> None:
    number = joined(desk)
    before = statuses(desk, number)
    left = leave(desk, number, everything=True)
    assert set(statuses(desk, number).values()) == {SubscriptionStatus.UNSUBSCRIBED}
    first, second = undo(desk, number, left), undo(desk, number, left)
    assert first == second
    assert first.is_undone
    assert statuses(desk, number) == before
    with desk.store.read() as connection:
        assert [event.action for event in suppressions.events_of(connection, hash_of(ADA))] == ["added", "lifted"]
    assert leave(desk, number, everything=True).suppression != left.suppression
    assert not undo(desk, number, left).is_undone


def test_many_at_once_put_it_back_once_and_wait_for_nobody_for_ever(desk: Desk) -> None:
    number = joined(desk)
    left = leave(desk, number, everything=True)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: undo(desk, number, left), range(8)))
    assert all(answer.is_undone for answer in answers)
    assert [record.action.value for record in desk.history(ADA)].count("subscribed") == 2  # by hand, and now


def test_one_reason_is_kept_for_each_mail_of_who_has_left(desk: Desk) -> None:
    number = joined(desk)

    def say(code: str) -> bool:
        with desk.store.write() as connection:
            reason = Reason(mailing=None, code=code, words="", at=NOW)
            return leaving_reasons.keep(connection, number, [desk.list_().number], reason)

    assert not say("other")
    leave(desk, number, everything=False)
    assert say("other")
    assert say("too_often")
    with desk.store.read() as connection:
        assert [one.code for one in leaving_reasons.of_person(connection, number)] == ["too_often"]
