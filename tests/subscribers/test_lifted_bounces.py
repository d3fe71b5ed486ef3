"""A suppression that was lifted is not brought back by the old export that it came from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SubscriptionStatus
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.suppressions import lifting
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from tests.support.readers import Desk

HEADINGS = "Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,CLEAN_TIME,LEID,EUID"
ADA = "ada@example.org"


def cleaned(at: datetime) -> str:
    return f"{HEADINGS}\n{ADA},2,2024-05-01 10:00:00,2024-05-01 10:01:00,{at:%Y-%m-%d %H:%M:%S},1,e1\n"


def test_mailchimps_time_of_cleaning_is_the_time_of_the_bounce(desk: Desk) -> None:
    day = datetime(2025, 1, 1, 9, tzinfo=UTC)
    report = desk.import_(cleaned(day))
    assert report.newly_suppressed == 1
    assert [table.columns[-1].field for table in report.tables] == ["left_at"]
    with desk.store.read() as connection:
        suppression = suppression_of(connection, hash_of(ADA))
    assert suppression is not None
    assert suppression.at == day


def test_a_lifted_bounce_stays_lifted_when_the_old_export_is_imported_again(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n")
    old = cleaned(NOW - timedelta(days=300))
    desk.import_(old)
    with desk.store.write() as connection:
        assert lifting.lift(connection, hash_of(ADA), "the mailbox works again", NOW) is not None
    report = desk.import_(old, now=NOW + timedelta(days=1))
    assert (report.suppressed, report.newly_suppressed, report.unchanged) == (0, 0, 1)
    newer = desk.import_(cleaned(NOW + timedelta(days=2)), now=NOW + timedelta(days=3))
    assert newer.newly_suppressed == 1
    assert desk.statuses(ADA) == {"news": SubscriptionStatus.UNSUBSCRIBED}
