"""Suppressions: the gravest reason stands, nothing that happened is lost, only `lift` lifts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.subscriber import SubscriptionStatus, SuppressionReason
from newsletter.model.suppressing import GRAVITY, Suppressed, Suppressing
from newsletter.store import suppressions, tables
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.suppressions.many import StoredSuppressions
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.subscriber import Suppression
    from newsletter.model.suppressing import SuppressedIdentity, SuppressionEvent
    from newsletter.store.database import Store
    from tests.support.readers import Desk

BY_HAND, BAD, BOUNCE, LEFT, COMPLAINT, ERASED = sorted(SuppressionReason, key=GRAVITY.__getitem__)
ADA = "ada@example.org"


def add(
    store: Store, reason: SuppressionReason, address: str = ADA, source: str = "a test", now: datetime = NOW
) -> bool:
    with store.write() as connection:
        return suppressions.add(connection, hash_of(address), address, reason, source, now)


def lift(store: Store, why: str = "rang us", now: datetime = NOW) -> Suppression | None:
    with store.write() as connection:
        return suppressions.lift(connection, hash_of(ADA), why, now)


def entry(
    reason: SuppressionReason, address: str = ADA, at: datetime | None = None, source: str = "a file"
) -> Suppressing:
    return Suppressing(identity_hash=hash_of(address), identity=address, reason=reason, source=source, at=at)


def import_(store: Store, *entries: Suppressing, now: datetime = NOW) -> list[Suppressed]:
    return StoredSuppressions(store).add(entries, now)[0]


def standing(store: Store, address: str = ADA) -> Suppression | None:
    with store.read() as connection:
        return suppression_of(connection, hash_of(address))


def history(store: Store, address: str = ADA) -> Sequence[SuppressionEvent]:
    with store.read() as connection:
        return suppressions.events_of(connection, hash_of(address))


def told(store: Store) -> list[tuple[str, SuppressionReason, str]]:
    return [(event.action, event.reason, event.source) for event in history(store)]


def reason_of(store: Store, address: str = ADA) -> SuppressionReason | None:
    found = standing(store, address)
    return found.reason if found else None


def addresses(store: Store, reason: SuppressionReason | None = None) -> list[str | None]:
    with store.read() as connection:
        return [row.identity for row in suppressions.stream(connection, reason)]


def test_the_gravest_reason_stands_and_the_others_are_kept(store: Store) -> None:
    assert add(store, BOUNCE)
    assert not add(store, BY_HAND, source="a colleague")
    assert add(store, COMPLAINT)
    assert reason_of(store) is COMPLAINT
    assert told(store) == [
        ("added", BOUNCE, "a test"),
        ("added", BY_HAND, "a colleague"),
        ("added", COMPLAINT, "a test"),
    ]


def test_the_same_reason_again_changes_nothing(store: Store) -> None:
    for reason in (LEFT, BOUNCE, BOUNCE, LEFT):
        add(store, reason, now=NOW)
    assert [event.reason for event in history(store)] == [LEFT, BOUNCE]
    found = standing(store)
    assert found is not None
    assert found.at == NOW


def test_a_lifting_says_what_stood_and_why_it_went(store: Store) -> None:
    add(store, BOUNCE, source="a hook")
    lifted = lift(store, "the mailbox works again", NOW + timedelta(days=1))
    assert lifted is not None
    assert (lifted.reason, lifted.source, lifted.at) == (BOUNCE, "a hook", NOW)
    assert standing(store) is None
    assert told(store)[-1] == ("lifted", BOUNCE, "the mailbox works again")
    assert lift(store) is None
    assert len(history(store)) == 2


def test_after_a_lifting_the_same_reason_counts_again(store: Store) -> None:
    add(store, BOUNCE)
    lift(store)
    assert add(store, BOUNCE)
    assert [event.action for event in history(store)] == ["added", "lifted", "added"]


def test_who_is_erased_has_no_address_any_more(store: Store) -> None:
    add(store, COMPLAINT)
    add(store, ERASED)
    assert addresses(store) == [None]


@pytest.mark.parametrize("reason", [BY_HAND, COMPLAINT])
def test_a_file_does_not_bring_the_address_of_an_erased_person_back(store: Store, reason: SuppressionReason) -> None:
    add(store, ERASED)
    assert import_(store, entry(reason)) == [Suppressed.NOTED]
    add(store, BOUNCE)
    assert (addresses(store), reason_of(store)) == ([None], ERASED)


def test_a_file_may_say_that_somebody_was_erased(store: Store) -> None:
    assert import_(store, entry(COMPLAINT), entry(ERASED)) == [Suppressed.NEW, Suppressed.GRAVER]
    assert import_(store, entry(BOUNCE, "bob@example.org")) == [Suppressed.NEW]
    assert import_(store, entry(ERASED, "bob@example.org")) == [Suppressed.GRAVER]
    assert addresses(store) == [None, None]


def test_many_at_once_are_told_apart(store: Store) -> None:
    add(store, BOUNCE, "known@example.org")
    add(store, COMPLAINT, "graver@example.org")
    outcomes = import_(
        store,
        entry(BOUNCE, "new@example.org"),
        entry(BOUNCE, "known@example.org"),
        entry(LEFT, "known@example.org"),
        entry(BOUNCE, "graver@example.org"),
        entry(BOUNCE, "new@example.org"),
    )
    assert [one.value for one in outcomes] == ["new", "known", "graver", "noted", "known"]
    assert reason_of(store, "known@example.org") is LEFT
    assert reason_of(store, "graver@example.org") is COMPLAINT
    assert [event.reason for event in history(store, "graver@example.org")] == [COMPLAINT, BOUNCE]


def test_the_same_file_again_changes_nothing_and_adds_no_event(store: Store) -> None:
    file = [entry(BOUNCE, f"r{i}@example.org", NOW - timedelta(days=i)) for i in range(2_000)]
    assert set(import_(store, *file)) == {Suppressed.NEW}
    before = [standing(store, one.identity or "") for one in file[::500]]
    again = import_(store, *file, now=NOW + timedelta(days=30))
    assert set(again) == {Suppressed.KNOWN}
    assert [standing(store, one.identity or "") for one in file[::500]] == before
    assert [len(history(store, one.identity or "")) for one in file[::500]] == [1, 1, 1, 1]


def test_times_of_a_file_are_kept_and_missing_ones_are_now(store: Store) -> None:
    import_(store, entry(BOUNCE, at=datetime(2024, 3, 1, 12, 30, tzinfo=UTC)), entry(BOUNCE, "bob@example.org"))
    ada, bob = standing(store), standing(store, "bob@example.org")
    assert ada is not None
    assert bob is not None
    assert (ada.at, bob.at) == (datetime(2024, 3, 1, 12, 30, tzinfo=UTC), NOW)
    assert history(store)[0].at == ada.at


def test_a_file_older_than_the_lifting_does_not_suppress_again(store: Store) -> None:
    old = entry(BOUNCE, at=NOW - timedelta(days=30))
    import_(store, old)
    lift(store)
    assert import_(store, old) == [Suppressed.LIFTED_SINCE]
    assert standing(store) is None
    assert len(history(store)) == 2
    newer = entry(BOUNCE, at=NOW + timedelta(days=1))
    assert import_(store, newer, old, now=NOW + timedelta(days=2)) == [Suppressed.NEW, Suppressed.KNOWN]
    assert len(history(store)) == 3


def test_a_file_without_times_suppresses_again(store: Store) -> None:
    """Nobody can tell whether the lifting came later: not mailed is the safe side."""
    import_(store, entry(BOUNCE))
    lift(store)
    assert import_(store, entry(BOUNCE)) == [Suppressed.NEW]


def test_foreseeing_says_the_same_and_changes_nothing(desk: Desk, store: Store) -> None:
    desk.import_(f"email\n{ADA}\n")
    file = [entry(LEFT), entry(COMPLAINT), entry(BOUNCE, "bob@example.org")]
    foreseen = StoredSuppressions(store).foresee(file, NOW)
    assert addresses(store) == []
    assert desk.statuses(ADA) == {"news": SubscriptionStatus.SUBSCRIBED}
    assert StoredSuppressions(store).add(file, NOW) == foreseen
    assert foreseen[1] == 1


def test_who_left_everything_by_a_file_leaves_their_lists(desk: Desk, store: Store) -> None:
    desk.import_(f"email\n{ADA}\nbob@example.org\n")
    desk.import_(f"email\n{ADA}\n", to="running", agreed=None)
    file = [entry(LEFT), entry(BOUNCE, "bob@example.org"), entry(LEFT, "stranger@example.org")]
    assert StoredSuppressions(store).add(file, NOW)[1] == 2
    assert set(desk.statuses(ADA).values()) == {SubscriptionStatus.UNSUBSCRIBED}
    assert desk.statuses("bob@example.org") == {"news": SubscriptionStatus.SUBSCRIBED}
    assert [(record.action, record.source) for record in desk.history(ADA)[-2:]] == [("unsubscribed", "import")] * 2
    assert StoredSuppressions(store).add(file, NOW)[1] == 0


def test_pages_follow_one_another_newest_first_without_gap_or_repeat(store: Store) -> None:
    # three of each moment
    file = [entry(BOUNCE, f"r{i}@example.org", NOW - timedelta(days=i // 3)) for i in range(20)]
    import_(store, *file, entry(COMPLAINT, at=NOW))
    seen: list[SuppressedIdentity] = []
    after = None
    with store.read() as connection:
        while rows := suppressions.page(connection, BOUNCE, limit=4, after=after):
            seen += rows
            after = (rows[-1].suppression.at, rows[-1].identity_hash)
    assert len(seen) == 20
    assert [row.suppression.at for row in seen] == sorted((one.at or NOW for one in file), reverse=True)
    assert {row.identity for row in seen} == {one.identity for one in file}


def test_counts_are_by_reason_the_gravest_first(store: Store) -> None:
    import_(store, entry(BOUNCE), entry(BOUNCE, "b@example.org"), entry(COMPLAINT, "c@example.org"))
    with store.read() as connection:
        assert list(suppressions.counts(connection).items()) == [(COMPLAINT, 1), (BOUNCE, 2)]


def test_the_stream_can_be_narrowed_to_a_reason(store: Store) -> None:
    import_(store, entry(BOUNCE), entry(COMPLAINT, "c@example.org"))
    assert addresses(store, COMPLAINT) == ["c@example.org"]
    assert sorted(addresses(store), key=str) == [ADA, "c@example.org"]


def test_every_reason_fits_its_column() -> None:
    assert max(len(reason) for reason in SuppressionReason) <= tables.suppressions.c.reason.type.length  # type: ignore[attr-defined]
