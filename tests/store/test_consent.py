"""Moves of subscriptions as they are carried out and written down, on every database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from newsletter.errors import SubscriberNotFound
from newsletter.model.consent import Refusal, Said
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store import tables as t
from newsletter.store.people import consent, editing
from newsletter.subscribers.consent import by_hand, confirm, leave, request
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model.consent import Move, Moved, Position
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus
ADA = "ada@example.org"
_MINUTES = count(1)


def said(*, ground: str = "", wording: str = "", ip: str = "", user_agent: str = "") -> Said:
    """Each a minute later than the one before."""
    moment = NOW + timedelta(minutes=next(_MINUTES))
    return Said(
        source=ConsentSource.PAGE,
        at=moment,
        recorded_at=moment,
        ground=ground,
        wording=wording,
        ip=ip,
        user_agent=user_agent,
    )


def known(desk: Desk, address: str = ADA) -> int:
    with desk.store.write() as connection:
        person, _ = editing.add(
            connection, public_id=f"id of {address}"[:32], identity_hash=hash_of(address), address=address, now=NOW
        )
    return person.number


def move(desk: Desk, number: int, decide: Callable[[Position], Move], name: str = "news", **facts: str) -> Moved:
    with desk.store.write() as connection:
        return consent.carry_out(connection, number, desk.list_(name).number, decide, said(**facts))


def leave_news(desk: Desk, number: int) -> int:
    with desk.store.write() as connection:
        news = [desk.list_().number]
        return consent.leave(connection, number, news, ConsentSource.ONE_CLICK, None, said().at)


def actions(desk: Desk, address: str = ADA) -> list[str]:
    return [record.action.value for record in desk.history(address)]


def test_a_move_is_written_down_with_words_ground_and_where_it_came_from(desk: Desk) -> None:
    number = known(desk)
    moved = move(
        desk, number, request, ground="A form", wording="Yes, send it", ip="203.0.113.9", user_agent="A browser"
    )
    assert (moved.before.status, moved.status) == (None, PENDING)
    (record,) = desk.history(ADA)
    assert (record.action, record.source, record.list) == ("requested", "page", desk.list_())
    assert (record.ground, record.wording) == ("A form", "Yes, send it")
    assert (record.ip, record.user_agent) == ("203.0.113.9", "A browser")
    assert record.recorded_at == record.at > NOW


def test_a_request_can_be_confirmed_once_and_the_link_does_nothing_more(desk: Desk) -> None:
    number = known(desk)
    event = move(desk, number, request).event
    assert event is not None
    assert move(desk, number, partial(confirm, request=event)).status is SUBSCRIBED
    assert move(desk, number, partial(confirm, request=event)).event is None
    assert actions(desk) == ["requested", "subscribed"]


def test_after_leaving_an_old_link_is_worth_nothing_and_a_new_one_is(desk: Desk) -> None:
    number = known(desk)
    old = move(desk, number, request).event or 0
    assert leave_news(desk, number) == 1
    assert move(desk, number, partial(confirm, request=old)).move.refused is Refusal.LEFT
    new = move(desk, number, request).event or 0
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}, "an import takes up whoever is pending"
    assert move(desk, number, partial(confirm, request=old)).move.refused is Refusal.LEFT
    assert move(desk, number, partial(confirm, request=new)).status is SUBSCRIBED


def test_leaving_again_takes_back_that_they_asked_to_return(desk: Desk) -> None:
    number = known(desk)
    move(desk, number, request)
    leave_news(desk, number)
    asked = move(desk, number, request).event or 0
    assert leave_news(desk, number) == 0
    assert leave_news(desk, number) == 0
    assert actions(desk) == ["requested", "unsubscribed", "requested", "unsubscribed"]
    assert move(desk, number, partial(confirm, request=asked)).move.refused is Refusal.LEFT


@pytest.mark.parametrize("lifted", [False, True])
def test_a_suppression_takes_back_what_was_asked_before(desk: Desk, lifted: bool) -> None:
    number = known(desk)
    asked = move(desk, number, request).event or 0
    with desk.store.write() as connection:
        suppressions.add(connection, hash_of(ADA), ADA, SuppressionReason.COMPLAINT, "a complaint", said().at)
    if lifted:
        with desk.store.write() as connection:
            suppressions.lift(connection, hash_of(ADA), "They asked", said().at)
    why = move(desk, number, partial(confirm, request=asked)).move.refused
    assert why is (Refusal.LEFT if lifted else Refusal.SUPPRESSED)


def test_a_request_for_one_list_confirms_no_other_and_nobody_else(desk: Desk) -> None:
    number, other = known(desk), known(desk, "bob@example.org")
    asked = move(desk, number, request).event or 0
    move(desk, number, request, "running")
    move(desk, other, request)
    assert move(desk, number, partial(confirm, request=asked), "running").move.refused
    assert move(desk, other, partial(confirm, request=asked)).move.refused


def test_leaving_everything_suppresses_and_ends_every_subscription_and_request(desk: Desk) -> None:
    number = known(desk)
    move(desk, number, partial(by_hand, grounded=True), "running")
    asked = move(desk, number, request).event or 0
    with desk.store.write() as connection:
        assert consent.leave_everything(connection, number, ConsentSource.BY_HAND, None, said().at, "Rang us") == 2
        assert consent.leave_everything(connection, number, ConsentSource.BY_HAND, None, said().at) == 0
    assert set(desk.statuses(ADA).values()) == {UNSUBSCRIBED}
    assert [record.ground for record in desk.history(ADA) if record.action == "unsubscribed"] == ["Rang us"] * 2
    assert move(desk, number, partial(confirm, request=asked)).move.refused is Refusal.SUPPRESSED


def test_a_no_to_a_list_that_they_never_joined_keeps_an_import_out(desk: Desk) -> None:
    number = known(desk)
    move(desk, number, leave)
    assert desk.import_(f"email\n{ADA}\n").left_earlier == 1
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}


def test_tracking_is_written_down_when_it_changes(desk: Desk) -> None:
    number = known(desk)
    for allowed, changed in ((False, False), (True, True), (True, False), (False, True)):
        with desk.store.write() as connection:
            assert consent.set_tracking(connection, number, said(ground="Rang us"), allowed=allowed) is changed
        assert desk.get(ADA).tracking is allowed
    first, second = desk.history(ADA)
    assert (first.action, first.list, first.ground) == (ConsentAction.TRACKING_ALLOWED, None, "Rang us")
    assert second.action is ConsentAction.TRACKING_REFUSED


def test_an_erased_person_is_not_moved(desk: Desk) -> None:
    number = known(desk)
    with desk.store.write() as connection:
        gone = {"address": None, "identity_hash": None, "public_id": None, "erased_at": NOW}
        connection.execute(update(t.subscribers).where(t.subscribers.c.number == number).values(gone))
        assert not consent.set_tracking(connection, number, said(), allowed=True)
    with pytest.raises(SubscriberNotFound):
        move(desk, number, request)


def import_ada(desk: Desk, _number: int) -> None:
    desk.import_(f"email\n{ADA}\n")


def add_ada(desk: Desk, number: int) -> None:
    move(desk, number, partial(by_hand, grounded=True))


def leave_by_hand(desk: Desk, number: int) -> None:
    move(desk, number, leave)


def leave_all(desk: Desk, number: int) -> None:
    with desk.store.write() as connection:
        consent.leave_everything(connection, number, ConsentSource.PAGE, None, said().at)


@pytest.mark.parametrize("joining", [import_ada, add_ada])
@pytest.mark.parametrize("left", [leave_news, leave_by_hand, leave_all])
def test_a_leave_at_the_same_time_is_never_lost(
    desk: Desk, joining: Callable[[Desk, int], None], left: Callable[[Desk, int], object]
) -> None:
    number = known(desk)
    move(desk, number, request)
    with ThreadPoolExecutor(2) as pool:
        joined, gone = pool.submit(joining, desk, number), pool.submit(left, desk, number)
        joined.result()
        gone.result()
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}
    assert actions(desk)[-1] == "unsubscribed"


def test_a_confirmation_at_the_same_time_as_a_leave_loses(desk: Desk) -> None:
    number = known(desk)
    asked = move(desk, number, request).event or 0
    with ThreadPoolExecutor(3) as pool:
        confirming = [pool.submit(move, desk, number, partial(confirm, request=asked)) for _ in range(2)]
        leaving = pool.submit(leave_news, desk, number)
        for done in confirming:
            done.result()
        leaving.result()
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}
    assert actions(desk)[-1] == "unsubscribed"
    assert actions(desk).count("subscribed") <= 1
