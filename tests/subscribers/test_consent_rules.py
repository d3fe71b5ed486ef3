"""How a subscription may move, as a table."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from newsletter.model.consent import Move, Position, Refusal
from newsletter.model.subscriber import ConsentAction, MailingList, OptIn, SubscriptionStatus, SuppressionReason
from newsletter.settings.schema import ConsentSection
from newsletter.subscribers.consent import by_hand, confirm, leave, request, said_on_page, take_back

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus
NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
JOINS = Move(to=SUBSCRIBED, action=ConsentAction.SUBSCRIBED)
ASKS = Move(action=ConsentAction.REQUESTED)
WAITS = Move(to=PENDING, action=ConsentAction.REQUESTED)
LEAVES = Move(to=UNSUBSCRIBED, action=ConsentAction.UNSUBSCRIBED)
STAYS = Move()
LEFT = Move(refused=Refusal.LEFT)


def at(
    status: SubscriptionStatus | None,
    *,
    opt_in: OptIn = OptIn.DOUBLE,
    suppressed: SuppressionReason | None = None,
    archived: bool = False,
    requests: frozenset[int] = frozenset(),
) -> Position:
    entry = MailingList(number=1, name="news", title="News", opt_in=opt_in, archived_at=NOW if archived else None)
    return Position(list=entry, status=status, suppressed=suppressed, requests=requests)


@pytest.mark.parametrize(
    ("status", "double", "single"),
    [(None, WAITS, JOINS), (PENDING, ASKS, JOINS), (SUBSCRIBED, STAYS, STAYS), (UNSUBSCRIBED, ASKS, ASKS)],
)
def test_who_asks_by_a_page_waits_for_a_confirmation_and_who_left_always_does(
    status: SubscriptionStatus | None, double: Move, single: Move
) -> None:
    assert request(at(status)) == double
    assert request(at(status, opt_in=OptIn.SINGLE)) == single


@pytest.mark.parametrize("status", [PENDING, UNSUBSCRIBED, None])
def test_only_what_was_asked_for_and_not_taken_back_can_be_confirmed(status: SubscriptionStatus | None) -> None:
    assert confirm(at(status, requests=frozenset({4, 7})), 7) == JOINS
    assert confirm(at(status, requests=frozenset({7})), 4) == LEFT
    assert confirm(at(status), 4) == LEFT


def test_a_confirmation_that_is_used_twice_changes_nothing() -> None:
    assert confirm(at(SUBSCRIBED, requests=frozenset({4})), 4) == STAYS
    assert confirm(at(SUBSCRIBED), 4) == STAYS


@pytest.mark.parametrize(
    ("status", "grounded", "groundless", "rejoining"),
    [
        (None, JOINS, Move(to=PENDING), JOINS),
        (PENDING, JOINS, STAYS, JOINS),
        (SUBSCRIBED, STAYS, STAYS, STAYS),
        (UNSUBSCRIBED, LEFT, LEFT, JOINS),
    ],
)
def test_staff_need_a_ground_and_bring_back_who_left_only_expressly(
    status: SubscriptionStatus | None, grounded: Move, groundless: Move, rejoining: Move
) -> None:
    assert by_hand(at(status), grounded=True) == grounded
    assert by_hand(at(status), grounded=False) == groundless
    assert by_hand(at(status), grounded=True, rejoin=True) == rejoining
    assert by_hand(at(status), grounded=False, rejoin=True) == groundless


@pytest.mark.parametrize("status", [None, *SubscriptionStatus])
@pytest.mark.parametrize("reason", SuppressionReason)
def test_who_is_suppressed_joins_by_no_way(status: SubscriptionStatus | None, reason: SuppressionReason) -> None:
    position = at(status, suppressed=reason, requests=frozenset({4}), archived=True)
    for decide in (request, partial(confirm, request=4), partial(by_hand, grounded=True, rejoin=True)):
        assert decide(position) == Move(refused=Refusal.SUPPRESSED)


@pytest.mark.parametrize("status", [None, *SubscriptionStatus])
def test_an_archived_list_takes_nobody_in(status: SubscriptionStatus | None) -> None:
    position = at(status, archived=True, requests=frozenset({4}), opt_in=OptIn.SINGLE)
    for decide in (request, partial(confirm, request=4), partial(by_hand, grounded=True, rejoin=True)):
        assert decide(position) == Move(refused=Refusal.ARCHIVED)


@pytest.mark.parametrize("archived", [False, True])
@pytest.mark.parametrize("suppressed", [None, SuppressionReason.COMPLAINT])
@pytest.mark.parametrize("status", [None, PENDING, SUBSCRIBED])
def test_leaving_is_always_possible(
    status: SubscriptionStatus | None, suppressed: SuppressionReason | None, archived: bool
) -> None:
    assert leave(at(status, suppressed=suppressed, archived=archived)) == LEAVES


def test_leaving_twice_changes_nothing_unless_they_asked_to_come_back() -> None:
    assert leave(at(UNSUBSCRIBED)) == STAYS
    assert leave(at(UNSUBSCRIBED, requests=frozenset({4}))) == Move(action=ConsentAction.UNSUBSCRIBED)


@pytest.mark.parametrize(
    ("settings", "ip", "agent"),
    [
        (ConsentSection(), "", ""),
        (ConsentSection(keep_ip=True), "203.0.113.9", ""),
        (ConsentSection(keep_user_agent=True), "", "A" * 400),
    ],
)
def test_where_somebody_came_from_is_kept_only_where_settings_allow(
    settings: ConsentSection, ip: str, agent: str
) -> None:
    said = said_on_page(settings, NOW, wording="Yes", ip="203.0.113.9", user_agent="A" * 9000)
    assert (said.ip, said.user_agent, said.wording, said.at) == (ip, agent, "Yes", NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("fe80::1%eth0", "fe80::1"), ("2001:DB8::1", "2001:db8::1"), ("unknown", ""), ("", ""), ("1" * 999, "")],
)
def test_an_ip_is_an_ip_or_nothing(given: str, kept: str) -> None:
    assert said_on_page(ConsentSection(keep_ip=True), NOW, wording="", ip=given).ip == kept


@pytest.mark.parametrize(("was", "back"), [(SUBSCRIBED, JOINS), (PENDING, Move(to=PENDING))])
def test_leaving_that_is_taken_back_puts_back_what_was_and_nothing_that_was_said_since(
    was: SubscriptionStatus, back: Move
) -> None:
    assert take_back(at(UNSUBSCRIBED), was=was, untouched=True) == back
    assert take_back(at(UNSUBSCRIBED), was=was, untouched=False) == LEFT
    for status in (SUBSCRIBED, PENDING, None):
        assert take_back(at(status), was=was, untouched=True) == STAYS
    bounced = at(UNSUBSCRIBED, suppressed=SuppressionReason.HARD_BOUNCE)
    assert take_back(bounced, was=was, untouched=True) == Move(refused=Refusal.SUPPRESSED)
    assert take_back(at(UNSUBSCRIBED, archived=True), was=was, untouched=True) == Move(refused=Refusal.ARCHIVED)
