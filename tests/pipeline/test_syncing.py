"""Suppressions brought into line with a provider that is made of lists."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import ProviderFailed
from newsletter.model.mirror import HeldBack
from newsletter.model.subscriber import Suppression, SuppressionReason
from newsletter.pipeline.syncing import Sync
from newsletter.store import suppressions
from newsletter.store.people import erasing
from newsletter.store.people.subscribers import suppression_of
from newsletter.store.suppressions import events_of, lifting, mirrored
from tests.support.readers import KEYS, NOW, hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from newsletter.model.mirror import SyncReport
    from tests.support.readers import Desk

ADA, BOB, EVE = "ada@example.org", "bob@example.org", "eve@example.org"
BEFORE, AFTER = NOW - timedelta(days=9), NOW + timedelta(days=1)
LEFT, BOUNCE, COMPLAINT = (
    SuppressionReason.LEFT_EVERYTHING,
    SuppressionReason.HARD_BOUNCE,
    SuppressionReason.COMPLAINT,
)


class Provider:
    """Knows what it is told and forgets it; `fails_after` so many calls it is away."""

    esp = "sendgrid"
    name = "SendGrid"

    def __init__(self, *pages: Sequence[HeldBack], fails_after: int = 1_000) -> None:
        self.pages = pages
        self.told: list[str] = []
        self.taken_back: list[str] = []
        self.forgotten: list[str] = []
        self.wrong: set[str] = set()
        self.calls_left = fails_after
        #: it takes what it is told, and no answer comes; or says no to everybody
        self.breaks, self.says_no = False, False

    def pull(self) -> Iterator[Sequence[HeldBack]]:
        for page in self.pages:
            self._call()
            yield page

    def push(self, addresses: Sequence[str]) -> Sequence[str]:
        self._call()
        if self.says_no:
            raise ProviderFailed(self.name, "the key may not do that", "Look at the key.", certain=True)
        refused = [one for one in addresses if one in self.wrong]
        self.told += [one for one in addresses if one not in refused]
        if self.breaks:
            raise ProviderFailed(self.name, "the connection broke", "Try again later.")
        return refused

    def take_back(self, address: str) -> None:
        self._call()
        self.taken_back.append(address)

    def forget(self, address: str) -> bool:
        self._call()
        self.forgotten.append(address)
        return True

    def _call(self) -> None:
        if self.calls_left == 0:
            raise ProviderFailed(self.name, "it is away", "Try again later.", certain=True)
        self.calls_left -= 1


def held(address: str, reason: SuppressionReason = BOUNCE, at: datetime | None = BEFORE, status: str = "") -> HeldBack:
    return HeldBack(address=address, reason=reason, at=at, status=status)


def sync(
    desk: Desk, provider: Provider, *, pull: bool = True, push: bool = True, now: datetime = NOW, **how: bool
) -> SyncReport:
    dry_run = how.pop("dry_run", False)
    run = Sync(desk.store, KEYS, provider, now, dry_run=dry_run)
    return run.run(pull=pull, push=push, **how)


def suppress(desk: Desk, *addresses: str, reason: SuppressionReason = COMPLAINT) -> None:
    with desk.store.write() as connection:
        for address in addresses:
            suppressions.add(connection, hash_of(address), address, reason, "by hand", NOW)


def suppressed(desk: Desk, address: str) -> Suppression | None:
    with desk.store.read() as connection:
        return suppression_of(connection, hash_of(address))


def held_back(desk: Desk, address: str) -> bool:
    with desk.store.read() as connection:
        return mirrored.is_held_back(connection, "sendgrid", hash_of(address))


def test_a_pull_suppresses_with_reason_source_and_time_and_changes_nothing_else(desk: Desk) -> None:
    desk.import_(f"email\n{ADA}\n{BOB}\n{EVE}\n")
    before = desk.contents()
    report = sync(desk, Provider([held("ADA@example.org ")], [held(BOB, LEFT)], [held("zoe@example.net", COMPLAINT)]))
    assert suppressed(desk, ADA) == Suppression(reason=BOUNCE, source="SendGrid", at=BEFORE)
    assert suppressed(desk, BOB) == Suppression(reason=LEFT, source="SendGrid", at=BEFORE)
    assert suppressed(desk, "zoe@example.net") == Suppression(reason=COMPLAINT, source="SendGrid", at=BEFORE)
    assert suppressed(desk, EVE) is None
    assert (report.new, report.reasons) == (3, {BOUNCE: 1, LEFT: 1, COMPLAINT: 1})
    after = desk.contents()
    assert {name for name in after if after[name] != before[name]} == {
        "suppressions",
        "suppression_events",
        "esp_suppressions",
    }


def test_who_was_pulled_is_not_told_back_and_a_second_sync_does_nothing(desk: Desk) -> None:
    provider = Provider([held(ADA)])
    sync(desk, provider)
    assert provider.told == []
    again = sync(desk, provider, now=AFTER)
    assert (again.new, again.already, again.pushed) == (0, 1, 0)


def test_only_what_the_provider_does_not_know_is_told(desk: Desk) -> None:
    for address in (ADA, BOB):
        with desk.store.write() as connection:
            suppressions.add(connection, hash_of(address), address, SuppressionReason.BY_HAND, "by hand", NOW)
    provider = Provider([held(BOB)])
    assert sync(desk, provider).pushed == 1
    assert provider.told == [ADA]
    assert held_back(desk, ADA)
    sync(desk, provider, pull=False)
    assert provider.told == [ADA]


def test_what_the_provider_does_not_take_is_said_and_not_remembered(desk: Desk) -> None:
    suppress(desk, ADA, BOB, "jörg@example.org")
    provider = Provider()
    provider.wrong = {BOB}
    report = sync(desk, provider)
    assert (provider.told, report.pushed, report.refused) == ([ADA], 1, 2)
    assert not held_back(desk, BOB)


def test_a_dry_run_tells_the_same_and_changes_nothing(desk: Desk) -> None:
    suppress(desk, ADA, BOB)
    before = desk.contents()
    provider = Provider([held(BOB), held(EVE), held("nobody")])
    tried = sync(desk, provider, dry_run=True, forget_erased=True)
    assert (desk.contents(), provider.told, provider.forgotten) == (before, [], [])
    done = sync(desk, provider)
    tried.dry_run = False
    assert tried == done
    assert (done.new, done.already, done.pushed, done.unusable) == (1, 1, 1, 1)


def test_bounces_for_now_only_suppress_nobody_but_are_remembered(desk: Desk) -> None:
    report = sync(desk, Provider([held(ADA, status="4.2.2"), held(BOB, status="5.1.1")]))
    assert (report.soft, report.new) == (1, 1)
    assert suppressed(desk, ADA) is None
    assert held_back(desk, ADA)


def test_what_was_lifted_here_since_stays_so(desk: Desk) -> None:
    sync(desk, Provider([held(ADA)]))
    with desk.store.write() as connection:
        assert lifting.lift(connection, hash_of(ADA), "The mailbox works again", NOW)
    report = sync(desk, Provider([held(ADA)]), now=AFTER)
    assert (report.lifted_since, suppressed(desk, ADA)) == (1, None)
    again = sync(desk, Provider([held(ADA, at=AFTER)]), now=AFTER + timedelta(days=1))
    assert again.new == 1


def test_a_time_to_come_counts_from_now(desk: Desk) -> None:
    sync(desk, Provider([held(ADA, at=AFTER), held(BOB, at=None)]))
    for address in (ADA, BOB):
        found = suppressed(desk, address)
        assert found
        assert found.at == NOW


def test_one_person_in_several_lists_is_one(desk: Desk) -> None:
    report = sync(desk, Provider([held(ADA)], [held("Ada@Example.org", COMPLAINT)]))
    assert (report.new, report.repeated) == (1, 1)
    found = suppressed(desk, ADA)
    assert found
    assert found.reason is COMPLAINT


def test_the_erased_stay_without_a_name_and_can_be_made_forgotten(desk: Desk) -> None:
    with desk.store.write() as connection:
        erasing.erase(connection, hash_of(ADA), ADA, NOW)
    provider = Provider([held(ADA), held(BOB)], [held(ADA, COMPLAINT)])
    report = sync(desk, provider)
    assert (report.erased, report.forgotten, report.new, provider.told) == (1, 0, 1, [])
    with desk.store.read() as connection:
        assert [event.reason for event in events_of(connection, hash_of(ADA))] == [SuppressionReason.ERASED]
    assert not held_back(desk, ADA)
    assert ADA not in str(desk.contents())
    assert sync(desk, provider, forget_erased=True).forgotten == 1
    assert provider.forgotten == [ADA]


def test_who_is_not_held_back_there_any_more_is_told_again(desk: Desk) -> None:
    sync(desk, Provider([held(ADA), held(BOB)]))
    provider = Provider([held(BOB)])
    sync(desk, provider, now=AFTER)
    assert provider.told == [ADA]


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_provider_that_goes_away_leaves_what_was_done_and_the_same_again_goes_on(desk: Desk, calls: int) -> None:
    suppress(desk, EVE)
    pages = ([held(ADA)], [held(BOB)], [held("zoe@example.net")])
    with pytest.raises(ProviderFailed):
        sync(desk, Provider(*pages, fails_after=calls))
    assert [bool(suppressed(desk, one)) for one in (ADA, BOB, "zoe@example.net")] == [calls > n for n in range(3)]
    provider = Provider(*pages)
    report = sync(desk, provider)
    assert (report.new, report.already, provider.told) == (3 - calls, calls, [EVE])


def test_a_pull_or_a_push_can_be_had_alone(desk: Desk) -> None:
    suppress(desk, EVE)
    provider = Provider([held(ADA)])
    sync(desk, provider, push=False)
    assert (bool(suppressed(desk, ADA)), provider.told) == (True, [])
    other = Provider([held(BOB)])
    sync(desk, other, pull=False)
    assert (suppressed(desk, BOB), other.told) == (None, [EVE])


def test_what_we_told_does_not_come_back_as_their_own_word(desk: Desk) -> None:
    """SendGrid files all that it is told under people who left."""
    suppress(desk, ADA, BOB, EVE, reason=SuppressionReason.BY_HAND)
    sync(desk, Provider())
    echoes = [held(ADA, LEFT, NOW), held(BOB, LEFT, None), held(EVE, COMPLAINT, NOW)]
    for now in (AFTER, AFTER + timedelta(days=300)):
        report = sync(desk, Provider(echoes), now=now)
    assert (report.already, report.graver, report.new) == (3, 0, 0)
    reasons = {name: found.reason for name in (ADA, BOB, EVE) if (found := suppressed(desk, name))}
    assert reasons == {ADA: SuppressionReason.BY_HAND, BOB: SuppressionReason.BY_HAND, EVE: COMPLAINT}


def test_who_had_left_there_before_we_told_did_so_themselves(desk: Desk) -> None:
    suppress(desk, ADA, reason=SuppressionReason.BY_HAND)
    provider = Provider()
    sync(desk, provider, pull=False)
    assert provider.told == [ADA]
    assert sync(desk, Provider([held(ADA, LEFT)]), now=AFTER).graver == 1


def test_what_was_told_of_a_reader_who_came_back_is_taken_back(desk: Desk) -> None:
    desk.import_(f"email\nAda@Example.org\n{BOB}\n")
    suppress(desk, ADA, BOB, EVE, reason=SuppressionReason.BY_HAND)
    sync(desk, Provider())
    with desk.store.write() as connection:
        for address in (ADA, EVE):  # nobody knows the address of Eve, who is no reader
            assert lifting.lift(connection, hash_of(address), "Rang again", NOW)
    provider = Provider([held(ADA, LEFT, NOW), held(BOB, LEFT, NOW), held(EVE, LEFT, NOW)])
    tried = sync(desk, provider, now=AFTER, dry_run=True)
    assert (tried.taken_back, provider.taken_back) == (1, [])
    done = sync(desk, provider, now=AFTER)
    assert (done.taken_back, provider.taken_back, provider.told, done.new) == (1, [ADA], [], 0)
    assert suppressed(desk, ADA) is None
    assert [held_back(desk, one) for one in (ADA, BOB, EVE)] == [False, True, True]
    assert sync(desk, Provider([held(BOB, LEFT, NOW)]), now=AFTER).taken_back == 0


def test_what_was_told_and_never_answered_does_not_come_back_as_their_own_word(desk: Desk) -> None:
    suppress(desk, ADA, BOB, reason=SuppressionReason.BY_HAND)
    broken = Provider()
    broken.breaks = True
    with pytest.raises(ProviderFailed):
        sync(desk, broken)
    assert broken.told == [ADA, BOB] or broken.told == [BOB, ADA]
    again = Provider([held(ADA, LEFT, NOW)])  # it had taken Ada only
    report = sync(desk, again, now=AFTER)
    assert (report.graver, report.already, again.told) == (0, 1, [BOB])


@pytest.mark.parametrize("killed", [KeyboardInterrupt, MemoryError])
def test_who_is_killed_while_telling_has_noted_it(
    desk: Desk, killed: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    suppress(desk, ADA, reason=SuppressionReason.BY_HAND)
    dying = Provider()

    def push(_addresses: Sequence[str]) -> Sequence[str]:
        raise killed

    monkeypatch.setattr(dying, "push", push)
    with pytest.raises(killed):
        sync(desk, dying)
    assert sync(desk, Provider([held(ADA, LEFT, NOW)]), now=AFTER).graver == 0


def test_a_definite_no_takes_the_note_back_so_that_a_push_alone_tells_them_again(desk: Desk) -> None:
    suppress(desk, ADA, reason=SuppressionReason.BY_HAND)
    stern = Provider()
    stern.says_no = True
    with pytest.raises(ProviderFailed):
        sync(desk, stern, pull=False)
    assert not held_back(desk, ADA)
    later = Provider()
    sync(desk, later, pull=False)
    assert later.told == [ADA]
