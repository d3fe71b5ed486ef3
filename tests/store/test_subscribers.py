"""What staff are shown of readers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from newsletter.model.mailing import ChunkState, Outcome
from newsletter.model.segment import Audience, Sorting
from newsletter.model.subscriber import ConsentSource, SubscriptionStatus, SuppressionReason
from newsletter.store import mailings
from newsletter.store import tables as t
from newsletter.store.people import consent, subscribers
from tests.support.mailing import LINK_NUMBERS
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.store.database import Store
    from tests.support.readers import Desk

PENDING, SUBSCRIBED, UNSUBSCRIBED = SubscriptionStatus


def letters_of(desk: Desk, count: int = 5) -> list[int]:
    """Subscribe r0, r1, ... to `news`; returns their numbers."""
    desk.import_("email\n" + "".join(f"r{i}@example.org\n" for i in range(count)))
    return [desk.get(f"r{i}@example.org").number for i in range(count)]


def addresses(desk: Desk, *, list_name: str | None = None, status: str | None = None) -> list[str]:
    with desk.store.read() as connection:
        rows = subscribers.page(connection, list_name=list_name, status=status, limit=100)
    return [row.subscriber.address for row in rows]


def test_a_person_is_found_by_identity_and_others_are_not(desk: Desk) -> None:
    desk.import_("email,first_name,city\nAda@Example.org,Ada,London\n")
    found = desk.get("ada@example.ORG")
    assert (found.address, found.first_name, found.attributes) == ("Ada@Example.org", "Ada", {"city": "London"})
    assert desk.find("bob@example.org") is None


def test_pages_follow_one_another_without_gap_or_repeat(desk: Desk) -> None:
    letters_of(desk, 7)
    seen: list[str] = []
    after = 0
    with desk.store.read() as connection:
        while rows := subscribers.page(connection, list_name="news", status=None, limit=3, after=after):
            seen += [row.subscriber.address for row in rows]
            after = rows[-1].subscriber.number
    assert seen == [f"r{i}@example.org" for i in range(7)]


def test_a_page_can_be_narrowed_to_a_list_and_a_status(desk: Desk) -> None:
    desk.import_("email\na@example.org\nb@example.org\n")
    desk.import_("email\nb@example.org\nc@example.org\n", to="running", agreed=None)
    assert addresses(desk) == ["a@example.org", "b@example.org", "c@example.org"]
    assert addresses(desk, list_name="running") == ["b@example.org", "c@example.org"]
    assert addresses(desk, status="subscribed") == ["a@example.org", "b@example.org"]
    # b is subscribed, but not to that list
    assert addresses(desk, list_name="running", status="subscribed") == []
    assert addresses(desk, list_name="nothing like it") == []


def test_a_page_shows_every_list_of_a_person_and_who_is_suppressed(desk: Desk) -> None:
    desk.import_("email\na@example.org\nb@example.org\n")
    desk.import_("email\na@example.org\n", to="running", agreed=None)
    desk.suppress("b@example.org", SuppressionReason.COMPLAINT)
    with desk.store.read() as connection:
        a, b = subscribers.page(connection, list_name="news", status=None, limit=9)
    assert a.statuses == {"news": SUBSCRIBED, "running": PENDING}
    assert (a.suppressed, b.suppressed) == (None, SuppressionReason.COMPLAINT)


def test_erased_people_are_not_shown(desk: Desk) -> None:
    letters_of(desk, 2)
    erased = {"address": None, "identity_hash": None, "public_id": None, "erased_at": NOW}
    with desk.store.write() as connection:
        connection.execute(update(t.subscribers).where(t.subscribers.c.address == "r0@example.org").values(**erased))
    assert addresses(desk) == ["r1@example.org"]


def test_the_history_is_in_order_and_names_lists_words_and_mailings(desk: Desk, store: Store) -> None:
    (number,) = letters_of(desk, 1)
    mailing = planned(store, desk.list_().number)
    with store.write() as connection:
        consent.leave(
            connection, number, [desk.list_().number], ConsentSource.ONE_CLICK, mailing, NOW + timedelta(hours=1)
        )
    joined, left = desk.history("r0@example.org")
    assert (joined.list, joined.mailing) == (desk.list_(), None)
    assert joined.ground.startswith("Ticked")
    assert (left.action, left.source, left.mailing, left.wording) == ("unsubscribed", "one-click", mailing, "")
    assert left.at == NOW + timedelta(hours=1)


def test_a_suppression_is_shown_with_reason_source_and_date(desk: Desk) -> None:
    desk.suppress("a@example.org", SuppressionReason.HARD_BOUNCE)
    with desk.store.read() as connection:
        found = subscribers.suppression_of(connection, hash_of("a@example.org"))
        assert subscribers.suppression_of(connection, hash_of("b@example.org")) is None
    assert found is not None
    assert (found.reason, found.source, found.at) == (SuppressionReason.HARD_BOUNCE, "the tests", NOW)


def planned(store: Store, list_number: int, issue: str = "an-issue") -> int:
    rendered = {"fingerprint": issue, "issue": issue, "variant": "", "content": "", "sources_digest": ""}
    with store.write() as connection:
        connection.execute(insert(t.rendered).values(created_at=NOW, **rendered))
        return mailings.add(
            connection,
            link_number=next(LINK_NUMBERS),
            issue=issue,
            variants={"": issue},
            audience=Audience(lists=(list_number,)),
            sender="outbox",
            again="",
            now=NOW,
        )


def started(store: Store, list_number: int, states: Mapping[tuple[int, int], ChunkState], issue: str) -> int:
    """A mailing with one chunk for each range of deliveries."""
    number = planned(store, list_number, issue)
    with store.write() as connection:
        mailings.start(
            connection, number, Audience(lists=(list_number,)), Sorting(), lambda _first, _last: list(states), NOW
        )
        for (first, _), state in states.items():
            chunk = (t.chunks.c.mailing == number, t.chunks.c.first == first)
            connection.execute(update(t.chunks).where(*chunk).values(state=state))
    return number


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (ChunkState.PLANNED, Outcome.PLANNED),
        (ChunkState.SUBMITTING, Outcome.IN_FLIGHT),
        (ChunkState.ACCEPTED, Outcome.ACCEPTED),
        (ChunkState.UNCERTAIN, Outcome.UNCERTAIN),
    ],
)
def test_the_mail_of_a_person_stands_as_its_chunk_does(
    desk: Desk, store: Store, state: ChunkState, outcome: Outcome
) -> None:
    numbers = letters_of(desk, 4)
    states = {(1, 2): ChunkState.REFUSED, (3, 4): state}
    mailing = started(store, desk.list_().number, states, "an-issue")
    with store.read() as connection:
        found = [subscribers.mail_of(connection, number)[0] for number in numbers]
    assert [mail.n for mail in found] == [1, 2, 3, 4]
    assert [mail.outcome for mail in found] == [Outcome.REFUSED, Outcome.REFUSED, outcome, outcome]
    assert {(mail.mailing, mail.issue, mail.started_at) for mail in found} == {(mailing, "an-issue", NOW)}


def test_the_outcome_of_a_single_delivery_goes_before_that_of_its_chunk(desk: Desk, store: Store) -> None:
    numbers = letters_of(desk, 3)
    desk.suppress("r1@example.org", SuppressionReason.COMPLAINT)
    started(store, desk.list_().number, {(1, 3): ChunkState.ACCEPTED}, "an-issue")
    with store.read() as connection:
        found = [subscribers.mail_of(connection, number)[0] for number in numbers]
    assert [(mail.outcome, mail.reason) for mail in found] == [
        (Outcome.ACCEPTED, ""),
        (Outcome.EXCLUDED, "suppressed"),
        (Outcome.ACCEPTED, ""),
    ]


def test_the_newest_mail_comes_first_and_others_mail_is_not_shown(desk: Desk, store: Store) -> None:
    (reader,) = letters_of(desk, 1)
    desk.import_("email\nother@example.org\n", to="running")
    older = started(store, desk.list_().number, {(1, 1): ChunkState.ACCEPTED}, "first")
    newer = started(store, desk.list_().number, {(1, 1): ChunkState.PLANNED}, "second")
    with store.read() as connection:
        assert [mail.mailing for mail in subscribers.mail_of(connection, reader)] == [newer, older]
        assert subscribers.mail_of(connection, desk.get("other@example.org").number) == ()
