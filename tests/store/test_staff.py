"""People who sign, and their approvals, on both databases."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import OptionUnusable, PassphraseLocked, PassphraseWrong, PersonNotFound
from newsletter.model.audit import Action
from newsletter.model.staff import StaffMember
from newsletter.model.version import Version
from newsletter.pipeline.passphrases import prove, still_theirs
from newsletter.signoff.passphrases import Cost, hashed
from newsletter.store import approvals, audit, staff, versions
from newsletter.store import rendered as stored
from newsletter.store import tables as t
from tests.support.mailing import rendered

if TYPE_CHECKING:
    from newsletter.store.database import Store

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
RIGHT = "four words that differ"
HASH = hashed(RIGHT, bytes(16), Cost(2, 1, 1))


def person(name: str = "Ana Ruiz", email: str = "ana@example.org", **more: tuple[str, ...]) -> StaffMember:
    return StaffMember(number=0, name=name, email=email, created_at=NOW, **more)  # type: ignore[arg-type]


def added(store: Store, one: StaffMember) -> StaffMember:
    with store.write() as connection:
        return staff.add(connection, one, HASH)


def version(store: Store, issue: str = "walking", text: str = "1") -> int:
    content = rendered(issue)
    made = Version(
        issue=issue, variants={"": content.fingerprint}, sources={"issues/walking/issue.md": text}, created_at=NOW
    )
    with store.write() as connection:
        return versions.keep(connection, made, [content], [], {text: f"text {text}"})


def test_somebody_is_found_by_any_of_their_names(store: Store) -> None:
    ana = added(store, person(roles=("editor", "physician"), aliases=("aruiz", "ruiz@example.com")))
    with store.read() as connection:
        for text in ("ana ruiz", "ANA@example.org", "ARuiz", " ruiz@example.com "):
            assert staff.find(connection, text) == ana
        with pytest.raises(PersonNotFound) as stopped:
            staff.find(connection, "Ana Riuz")
    assert (ana.roles, stopped.value.nearest) == (("editor", "physician"), "Ana Ruiz")


def test_no_two_share_a_name_or_an_address(store: Store) -> None:
    added(store, person(aliases=("ana@example.com",)))
    ben = added(store, person("Ben Lee", "ben@example.org"))
    for other in (
        person("ana ruiz", "x@example.org"),
        person("Cem Kaya", "ANA@example.org"),
        person("Cem Kaya", "ana@example.com"),
        person("Cem Kaya", "cem@example.org", aliases=("Ana Ruiz",)),
    ):
        with pytest.raises(OptionUnusable):
            added(store, other)
    with pytest.raises(OptionUnusable), store.write() as connection:
        staff.change(connection, replace(ben, email="ana@example.com"))
    with store.write() as connection:
        staff.change(connection, replace(ben, name="Benjamin Lee", roles=("editor",)))
        assert staff.find(connection, "benjamin lee").roles == ("editor",)


def test_who_left_stays_in_the_record_and_frees_their_name(store: Store) -> None:
    gone, number = added(store, person()), version(store)
    with store.write() as connection:
        approvals.add(connection, number, gone, "", NOW)
        staff.remove(connection, gone, NOW)
    again = added(store, person())
    with store.read() as connection:
        assert [one.number for one in staff.every(connection)] == [again.number]
        assert {one.number for one in staff.every(connection, removed=True)} == {gone.number, again.number}
        assert staff.by_number(connection)[gone.number].removed_at == NOW
        assert [one.staff for one in approvals.of_version(connection, number)] == [gone.number]
        with pytest.raises(PersonNotFound):
            staff.guard_of(connection, gone.number)


def test_the_right_passphrase_proves_it_and_forgives_slips(store: Store) -> None:
    ana = added(store, person())
    for _ in range(4):
        with pytest.raises(PassphraseWrong):
            prove(store, ana, "wrong", "desk", NOW)
    proven = prove(store, ana, RIGHT, "desk", NOW)
    with store.write() as connection:
        still_theirs(connection, ana, proven)
        assert staff.guard_of(connection, ana.number).failed == 0
        refused = [
            (one.actor, one.subject) for one in audit.entries(connection) if one.action == Action.APPROVAL_REFUSED
        ]
    assert refused == [("desk", "person Ana Ruiz")] * 4


def test_after_five_wrong_ones_not_even_the_right_one_is_looked_at_for_a_while(store: Store) -> None:
    ana = added(store, person())
    for _ in range(5):
        with pytest.raises(PassphraseWrong):
            prove(store, ana, "wrong", "desk", NOW)
    for moment in (NOW, NOW + timedelta(seconds=59)):
        with pytest.raises(PassphraseLocked) as locked:
            prove(store, ana, RIGHT, "desk", moment)
    assert (locked.value.failed, locked.value.wait) == (5, "1 minute")
    assert prove(store, ana, RIGHT, "desk", NOW + timedelta(seconds=60)) == HASH


def test_tries_at_once_are_all_counted_before_one_is_known_to_be_right(store: Store) -> None:
    ana = added(store, person())
    for _ in range(7):  # each is proven right, and none of them signs
        try:
            prove(store, ana, RIGHT, "desk", NOW)
        except PassphraseLocked:
            break
    with store.read() as connection:
        assert staff.guard_of(connection, ana.number).failed == 5


def test_a_passphrase_that_was_set_anew_meanwhile_signs_nothing(store: Store) -> None:
    ana = added(store, person())
    proven = prove(store, ana, RIGHT, "desk", NOW)
    with store.write() as connection:
        staff.set_passphrase(connection, ana.number, hashed("another one of hers", bytes(16), Cost(2, 1, 1)))
    with pytest.raises(PassphraseWrong), store.write() as connection:
        still_theirs(connection, ana, proven)


def test_approvals_keep_the_roles_of_then_and_are_withdrawn_together(store: Store) -> None:
    ana, ben = added(store, person(roles=("physician",))), added(store, person("Ben Lee", "ben@example.org"))
    one, two, other = version(store), version(store, text="2"), version(store, issue="diet")
    with store.write() as connection:
        for number, who in ((one, ana), (two, ana), (two, ben), (other, ana)):
            approvals.add(connection, number, who, "read twice", NOW)
        staff.change(connection, replace(ana, roles=()))
        taken = approvals.withdraw(connection, "walking", ana.number, "wrong dose", NOW)
        assert not approvals.withdraw(connection, "walking", ana.number, "again", NOW)
    assert [(found.version, found.withdrawn_why, found.roles) for found in taken] == [
        (one, "wrong dose", ("physician",)),
        (two, "wrong dose", ("physician",)),
    ]
    with store.read() as connection:
        assert list(approvals.of_issue(connection, "walking")) == [two, one]
        assert [found.withdrawn_at for found in approvals.of_version(connection, two)] == [NOW, None]
        assert [found.withdrawn_at for found in approvals.of_version(connection, other)] == [None]
        assert approvals.issues(connection) == ("diet", "walking")


def test_a_version_is_stored_once_and_its_bytes_are_known_to_be_whole(store: Store) -> None:
    number = version(store)
    assert version(store) == number
    print_ = rendered("walking").fingerprint
    with store.write() as connection:
        assert stored.is_whole(connection, print_)
        assert not stored.is_whole(connection, "0" * 64)
        changed = t.rendered.c.content + " "
        connection.execute(t.rendered.update().values(content=changed))
        assert not stored.is_whole(connection, print_)


def test_two_who_sign_at_once_sign_one_version(store: Store) -> None:
    people = [added(store, person()), added(store, person("Ben Lee", "ben@example.org"))]
    begin = threading.Barrier(2)

    def sign(who: StaffMember) -> int:
        proven = prove(store, who, RIGHT, "desk", NOW)
        begin.wait(timeout=30)
        number = version(store)
        with store.write() as connection:
            still_theirs(connection, who, proven)
            approvals.add(connection, number, who, "", NOW)
            audit.append(connection, who.name, Action.ISSUE_APPROVED, "issue walking", NOW)
        return number

    with ThreadPoolExecutor(2) as pool:
        numbers = {*pool.map(sign, people)}
    with store.read() as connection:
        assert len(numbers) == 1
        assert {one.name for one in approvals.of_version(connection, numbers.pop())} == {"Ana Ruiz", "Ben Lee"}
