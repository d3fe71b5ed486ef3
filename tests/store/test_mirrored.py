"""Whom an ESP is known to hold back, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.model.subscriber import SuppressionReason
from newsletter.store import suppressions
from newsletter.store.suppressions import mirrored
from tests.support.readers import NOW, hash_of

if TYPE_CHECKING:
    from newsletter.store.database import Store

LATER = NOW + timedelta(hours=1)


def suppress(store: Store, address: str, reason: SuppressionReason, *, named: bool = True) -> None:
    with store.write() as connection:
        suppressions.add(connection, hash_of(address), address if named else None, reason, "the tests", NOW)


def unknown(store: Store, esp: str = "sendgrid", limit: int = 100) -> set[str]:
    """Page by page."""
    found, after = set[str](), ""
    with store.read() as connection:
        while page := mirrored.unknown_to(connection, esp, after=after, limit=limit):
            found |= {identity for _, identity in page}
            after = page[-1][0]
    return found


def remember(store: Store, *addresses: str, esp: str = "sendgrid") -> None:
    with store.write() as connection:
        mirrored.remember(connection, esp, [hash_of(address) for address in addresses], NOW)


def test_only_what_an_esp_should_know_is_told_to_it(store: Store) -> None:
    for reason in SuppressionReason:
        suppress(store, f"{reason.name.lower()}@example.org", reason)
    suppress(store, "nameless@example.org", SuppressionReason.COMPLAINT, named=False)
    told = {"left_everything", "complaint", "hard_bounce", "by_hand"}
    assert unknown(store) == {f"{name}@example.org" for name in told}


def test_who_is_known_to_one_esp_is_not_told_again_but_to_another(store: Store) -> None:
    everybody = {f"reader{n}@example.org" for n in range(7)}
    for address in everybody:
        suppress(store, address, SuppressionReason.BY_HAND)
    remember(store, "reader3@example.org", "reader5@example.org")
    assert unknown(store, limit=2) == everybody - {"reader3@example.org", "reader5@example.org"}
    assert unknown(store, "other") == everybody


def test_seeing_somebody_again_is_no_second_row_and_never_older(store: Store) -> None:
    hashes = [f"{n:032x}" for n in range(2_000)]
    for at in (NOW, LATER, NOW):
        with store.write() as connection:
            mirrored.remember(connection, "sendgrid", [*hashes, *hashes], at)
    with store.write() as connection:
        assert mirrored.forget_unseen(connection, "sendgrid", LATER) == 0
        assert mirrored.forget_unseen(connection, "sendgrid", LATER + timedelta(seconds=1)) == len(hashes)


def test_who_is_forgotten_is_so_at_one_esp_or_at_all(store: Store) -> None:
    ada, bob = "ada@example.org", "bob@example.org"
    for esp in ("sendgrid", "other"):
        remember(store, ada, bob, esp=esp)

    def held_back(address: str) -> list[bool]:
        with store.read() as connection:
            return [mirrored.is_held_back(connection, esp, hash_of(address)) for esp in ("sendgrid", "other")]

    with store.write() as connection:
        mirrored.forget(connection, hash_of(ada), "sendgrid")
        mirrored.forget(connection, hash_of(bob))
    assert held_back(ada) == [False, True]
    assert held_back(bob) == [False, False]


def test_the_erased_are_told_apart(store: Store) -> None:
    suppress(store, "ada@example.org", SuppressionReason.ERASED)
    suppress(store, "bob@example.org", SuppressionReason.COMPLAINT)
    with store.read() as connection:
        asked = [hash_of(f"{name}@example.org") for name in ("ada", "bob", "eve")]
        assert mirrored.erased_among(connection, asked) == {hash_of("ada@example.org")}


def test_when_an_esp_was_told_is_kept_while_it_is_seen_there(store: Store) -> None:
    ada, bob = hash_of("ada@example.org"), hash_of("bob@example.org")
    with store.write() as connection:
        mirrored.remember(connection, "sendgrid", [bob], NOW)
        mirrored.remember(connection, "sendgrid", [ada], NOW, told=True)
        mirrored.remember(connection, "sendgrid", [ada, bob], LATER)
        assert mirrored.told_among(connection, "sendgrid", [ada, bob]) == {ada: NOW}
        assert mirrored.told_among(connection, "other", [ada, bob]) == {}
