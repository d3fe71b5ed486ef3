"""Who said no themselves gets no mail by a lifting alone; who could not be reached does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store.suppressions import lifting
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from newsletter.store.suppressions.lifting import Lifted
    from tests.support.readers import Desk

ADA = "ada@example.org"
LATER = NOW + timedelta(days=1)


def lift(desk: Desk) -> Lifted | None:
    with desk.store.write() as connection:
        return lifting.lift(connection, hash_of(ADA), "rang us", LATER)


@pytest.mark.parametrize(
    ("reasons", "status"),
    [
        ([SuppressionReason.HARD_BOUNCE], SubscriptionStatus.SUBSCRIBED),
        ([SuppressionReason.BAD_ADDRESS, SuppressionReason.HARD_BOUNCE], SubscriptionStatus.SUBSCRIBED),
        ([SuppressionReason.BY_HAND], SubscriptionStatus.UNSUBSCRIBED),
        ([SuppressionReason.COMPLAINT], SubscriptionStatus.UNSUBSCRIBED),
        ([SuppressionReason.LEFT_EVERYTHING], SubscriptionStatus.UNSUBSCRIBED),
        # the bounce stands, as the graver one; what somebody said counts all the same
        ([SuppressionReason.BY_HAND, SuppressionReason.HARD_BOUNCE], SubscriptionStatus.UNSUBSCRIBED),
    ],
)
def test_lists_end_unless_only_mail_could_not_be_delivered(
    desk: Desk, reasons: list[SuppressionReason], status: SubscriptionStatus
) -> None:
    desk.import_(f"email\n{ADA}\n")
    for reason in reasons:
        desk.suppress(ADA, reason)
    lifted = lift(desk)
    assert lifted is not None
    assert lifted.left == (status is SubscriptionStatus.UNSUBSCRIBED)
    assert desk.statuses(ADA) == {"news": status}


def test_the_leaving_is_in_the_history_of_consent_with_its_ground(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n")
    desk.suppress(ADA, SuppressionReason.COMPLAINT)
    lift(desk)
    last = desk.history(ADA)[-1]
    assert (last.action, last.source, last.ground) == ("unsubscribed", "by hand", "suppression lifted: rang us")


def test_an_earlier_no_that_was_lifted_does_not_count_again(desk: Desk) -> None:
    desk.suppress(ADA, SuppressionReason.COMPLAINT)
    lift(desk)
    desk.import_(f"email\n{ADA}\n")
    desk.suppress(ADA, SuppressionReason.HARD_BOUNCE)
    lift(desk)
    assert desk.statuses(ADA) == {"news": SubscriptionStatus.SUBSCRIBED}


def test_strangers_and_people_who_are_not_suppressed(desk: Desk) -> None:
    assert lift(desk) is None
    desk.suppress(ADA, SuppressionReason.BY_HAND)
    lifted = lift(desk)
    assert lifted is not None
    assert lifted.left == 0
    with desk.store.read() as connection:
        assert [event.action for event in suppressions.events_of(connection, hash_of(ADA))] == ["added", "lifted"]
