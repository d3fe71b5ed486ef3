"""What a file says of people who left, never agreed or must not be mailed, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ConsentRefused
from newsletter.model.subscriber import ConsentAction, ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import suppressions
from newsletter.store.people import consent, lists, subscribers
from newsletter.store.people.tags import of_people
from tests.support.readers import AGREED, NOW, hash_of

if TYPE_CHECKING:
    from newsletter.model.importing import Known
    from newsletter.model.subscriber import Suppression
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus
ADA = "ada@example.org"
EARLIER = NOW - timedelta(days=30)


def suppression(desk: Desk, address: str = ADA) -> Suppression | None:
    with desk.store.read() as connection:
        return subscribers.suppression_of(connection, hash_of(address))


def joins_by_page(desk: Desk, at: datetime) -> None:
    from newsletter.model.consent import Said
    from newsletter.subscribers.consent import by_hand

    said = Said(source=ConsentSource.PAGE, at=at, recorded_at=at)
    with desk.store.write() as connection:
        number = desk.get(ADA).number
        consent.carry_out(connection, number, desk.list_().number, lambda p: by_hand(p, grounded=True), said)


@pytest.mark.parametrize(
    ("word", "agreed", "status"),
    [
        ("subscribed", AGREED, SUBSCRIBED),
        ("subscribed", None, PENDING),
        ("pending", AGREED, PENDING),
        ("whatever", AGREED, PENDING),
        ("unsubscribed", AGREED, UNSUBSCRIBED),
        ("unsubscribed", None, UNSUBSCRIBED),
    ],
)
def test_somebody_new_stands_as_the_row_says_and_never_better_than_the_ground(
    desk: Desk, word: str, agreed: str | None, status: SubscriptionStatus
) -> None:
    report = desk.import_(f"email,status\n{ADA},{word}\n", agreed=agreed)
    assert report.added == 1
    assert desk.statuses(ADA) == {"news": status}
    expected = {SUBSCRIBED: ["subscribed"], UNSUBSCRIBED: ["unsubscribed"], PENDING: []}[status]
    assert [event.action for event in desk.history(ADA)] == expected
    assert desk.import_file(agreed=agreed).unchanged == 1


def test_a_row_that_says_pending_takes_no_consent_away_and_gives_none(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n")
    desk.import_("email\nbob@example.org\n", agreed=None)
    report = desk.import_(f"email,status\n{ADA},pending\nbob@example.org,pending\n")
    assert (report.unchanged, report.pending) == (2, 1)
    assert desk.statuses(ADA) == {"news": SUBSCRIBED}
    assert desk.statuses("bob@example.org") == {"news": PENDING}


@pytest.mark.parametrize("agreed", [AGREED, None])
def test_whom_the_file_calls_unsubscribed_leaves_here_too(desk: Desk, agreed: str | None) -> None:
    desk.import_(f"email\n{ADA}\n", agreed=agreed)
    report = desk.import_(f"email,status\n{ADA},unsubscribed\n", now=NOW + timedelta(days=1))
    assert (report.updated, report.unsubscribed) == (1, 1)
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}
    event = desk.history(ADA)[-1]
    assert (event.action, event.source) == (ConsentAction.UNSUBSCRIBED, ConsentSource.IMPORT)
    assert event.at == event.recorded_at == NOW + timedelta(days=1)
    again = desk.import_file()
    assert (again.unchanged, again.left_earlier) == (1, 1)


def test_who_joined_here_after_they_left_there_stays(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n", agreed=None)
    joins_by_page(desk, NOW)
    report = desk.import_(f"email,status,unsubscribed_at\n{ADA},unsubscribed,{EARLIER:%Y-%m-%d}\n")
    assert (report.unchanged, report.unsubscribed) == (1, 0)
    assert desk.statuses(ADA) == {"news": SUBSCRIBED}


def test_who_left_there_after_they_joined_here_leaves(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n", agreed=None)
    joins_by_page(desk, EARLIER)
    report = desk.import_(f"email,status,unsubscribed_at\n{ADA},unsubscribed,{NOW - timedelta(days=3):%Y-%m-%d}\n")
    assert report.unsubscribed == 1
    assert desk.history(ADA)[-1].at == datetime(2026, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize(("days_after", "status"), [(-1, SUBSCRIBED), (1, UNSUBSCRIBED)])
def test_a_no_in_a_form_ends_only_a_subscription_that_is_older(
    desk: Desk, days_after: int, status: SubscriptionStatus
) -> None:
    desk.import_(f"email\n{ADA}\n", agreed=None)
    joins_by_page(desk, EARLIER)
    answered = EARLIER + timedelta(days=days_after)
    desk.import_(f"email,joined_at,Newsletter consent\n{ADA},{answered:%Y-%m-%d %H:%M},no\nbob@example.org,,yes\n")
    assert desk.statuses(ADA) == {"news": status}


def test_an_import_that_did_not_say_when_somebody_joined_is_no_proof_that_they_joined_later(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n")
    report = desk.import_(f"email,status,unsubscribed_at\n{ADA},unsubscribed,{EARLIER:%Y-%m-%d}\n")
    assert report.unsubscribed == 1
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}


@pytest.mark.parametrize(
    ("word", "reason"), [("bounced", SuppressionReason.HARD_BOUNCE), ("complained", SuppressionReason.COMPLAINT)]
)
def test_whom_the_file_calls_unmailable_is_suppressed(desk: Desk, word: str, reason: SuppressionReason) -> None:
    desk.import_(f"email\n{ADA}\n")
    report = desk.import_(f"email,status\n{ADA},{word}\nnew@example.org,{word}\n", now=NOW + timedelta(days=1))
    assert (report.suppressed, report.newly_suppressed, report.added, report.updated) == (2, 2, 0, 0)
    for address in (ADA, "new@example.org"):
        found = suppression(desk, address)
        assert found is not None
        assert (found.reason, found.source) == (reason, "import of a file")
    assert desk.statuses(ADA) == {"news": UNSUBSCRIBED}
    assert desk.history(ADA)[-1].action is ConsentAction.UNSUBSCRIBED
    assert desk.find("new@example.org") is None, "nobody needs to know more of them"
    again = desk.import_file()
    assert (again.suppressed, again.newly_suppressed) == (2, 0)


def test_the_gravest_reason_stands_and_of_the_erased_nothing_more_is_noted(desk: Desk) -> None:
    desk.suppress(ADA, SuppressionReason.COMPLAINT)
    desk.suppress("gone@example.org", SuppressionReason.ERASED)
    report = desk.import_(f"email,status\n{ADA},bounced\ngone@example.org,bounced\n")
    assert (report.suppressed, report.newly_suppressed) == (2, 0)
    found, gone = suppression(desk), suppression(desk, "gone@example.org")
    assert found is not None
    assert gone is not None
    assert (found.reason, gone.reason) == (SuppressionReason.COMPLAINT, SuppressionReason.ERASED)
    with desk.store.read() as connection:
        assert [e.reason for e in suppressions.events_of(connection, hash_of(ADA))] == ["complaint", "hard bounce"]
        assert len(suppressions.events_of(connection, hash_of("gone@example.org"))) == 1


def test_an_archived_list_takes_nobody_in(desk: Desk) -> None:
    with desk.store.write() as connection:
        lists.change(connection, replace(desk.list_(), archived_at=NOW))
    with pytest.raises(ConsentRefused, match="news is archived"):
        desk.import_(f"email\n{ADA}\n")
    assert desk.everybody() == []


def test_when_people_joined_is_kept_and_the_earliest_time_wins(desk: Desk) -> None:
    desk.import_(f"email,joined_at\n{ADA},2024-05-01 10:00:00\nbob@example.org,2031-01-01\n")
    assert known(desk).joined_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    (event,) = desk.history(ADA)
    assert (event.at, event.recorded_at) == (datetime(2024, 5, 1, 10, tzinfo=UTC), NOW)
    assert [event.at for event in desk.history("bob@example.org")] == [NOW], "the future is not known"
    assert desk.import_(f"email,joined_at\n{ADA},2025-01-01\n").unchanged == 1
    assert desk.import_(f"email,joined_at\n{ADA},2023-01-01\n").updated == 1
    assert known(desk).joined_at == datetime(2023, 1, 1, tzinfo=UTC)


def known(desk: Desk, address: str = ADA) -> Known:
    from newsletter.model.import_plan import Found
    from newsletter.store.importing.lookup import Looking

    with desk.store.read() as connection:
        looking = Looking(connection, desk.list_().number, [])
        return looking.closer([Found(0, desk.get(address).number, None)])[0]


def tags(desk: Desk, address: str = ADA) -> tuple[str, ...]:
    with desk.store.read() as connection:
        number = desk.get(address).number
        return of_people(connection, [number]).get(number, ())


def test_tags_are_only_ever_added(desk: Desk) -> None:
    desk.import_(f'email,tags\n{ADA},"Runner, vip"\nbob@example.org,\n', tags=("Spring fair",))
    assert tags(desk) == ("Runner", "Spring fair", "vip")
    assert tags(desk, "bob@example.org") == ("Spring fair",)
    report = desk.import_(f"email,tags\n{ADA},RUNNER\nbob@example.org,vip\n", tags=("spring FAIR",))
    assert (report.unchanged, report.updated) == (1, 1)
    assert tags(desk) == ("Runner", "Spring fair", "vip"), "the spelling that came first"
    assert tags(desk, "bob@example.org") == ("Spring fair", "vip")


def test_the_suppressed_get_no_tags(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n")
    desk.suppress(ADA, SuppressionReason.COMPLAINT)
    desk.import_(f"email,tags\n{ADA},vip\n", tags=("all",))
    assert tags(desk) == ()


@pytest.mark.parametrize("keep", [True, False])
def test_where_somebody_joined_from_is_kept_only_where_settings_allow(desk: Desk, keep: bool) -> None:
    desk.import_(f"email,ip\n{ADA},203.0.113.9\nbob@example.org,nonsense\n", keep_ip=keep)
    assert [event.ip for event in desk.history(ADA)] == ["203.0.113.9" if keep else ""]
    assert [event.ip for event in desk.history("bob@example.org")] == [""]


def test_the_exact_words_that_people_saw_are_kept_beside_the_ground(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n", wording="Yes, send me the letter")
    (event,) = desk.history(ADA)
    assert (event.ground, event.wording) == (AGREED, "Yes, send me the letter")


def test_a_dry_run_tells_everything_and_changes_nothing(desk: Desk) -> None:
    desk.import_("email,first_name\nold@example.org,Old\nleaves@example.org,L\nbounces@example.org,B\n")
    content = (
        "email,first_name,status,tags\nold@example.org,Older,,vip\nnew@example.org,New,subscribed,\nbroken,,,\n"
        "leaves@example.org,,unsubscribed,\nbounces@example.org,,bounced,\nnew@example.org,,,\n"
    )
    before = desk.contents()
    rehearsed = desk.import_(content, dry_run=True)
    assert desk.contents() == before
    assert rehearsed.dry_run
    done = desk.import_(content)
    assert desk.contents() != before
    for name in (
        "rows",
        "added",
        "updated",
        "suppressed",
        "newly_suppressed",
        "unsubscribed",
        "duplicates",
        "rejected",
    ):
        assert getattr(rehearsed, name) == getattr(done, name), name
