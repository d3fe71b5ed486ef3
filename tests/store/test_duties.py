"""Who is at what run-due does, and how it went: on both databases."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.store import duties
from tests.support.mailing import BEGIN, MailingDesk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from newsletter.store.database import Store

NAME, LONGEST, MINUTE = "inbox", timedelta(minutes=6), timedelta(minutes=1)


def alive(_owner: str) -> bool:
    return True


def dead(_owner: str) -> bool:
    return False


def taken(store: Store, owner: str, now: datetime = BEGIN, is_alive: Callable[[str], bool] = alive) -> bool:
    with store.write() as connection:
        return duties.take(connection, NAME, owner, now, LONGEST, is_alive)


def leave(store: Store, owner: str) -> None:
    with store.write() as connection:
        duties.leave(connection, NAME, owner)


def test_one_at_a_time_until_it_is_left(store: Store) -> None:
    assert taken(store, "a")
    assert not taken(store, "b")
    leave(store, "a")
    assert taken(store, "b")
    assert not taken(store, "a")


def test_whoever_has_it_may_take_it_again(store: Store) -> None:
    assert taken(store, "a")
    assert taken(store, "a", BEGIN + MINUTE)


def test_the_dead_hold_nothing(store: Store) -> None:
    assert taken(store, "a")
    assert taken(store, "b", is_alive=dead)


def test_nobody_holds_it_for_longer_than_the_longest_time(store: Store) -> None:
    assert taken(store, "a")
    assert not taken(store, "b", BEGIN + LONGEST - MINUTE)
    assert taken(store, "b", BEGIN + LONGEST)


def test_a_clock_that_was_put_back_keeps_nobody_waiting(store: Store) -> None:
    assert taken(store, "a", BEGIN + timedelta(days=365))
    assert taken(store, "b", BEGIN)


def test_what_another_took_meanwhile_is_not_left_for_them(store: Store) -> None:
    taken(store, "a")
    taken(store, "b", BEGIN + LONGEST)
    leave(store, "a")
    assert not taken(store, "c", BEGIN + LONGEST)


def test_of_many_at_once_one_has_it(store: Store) -> None:
    got: list[bool] = []
    threads = [threading.Thread(target=lambda name=name: got.append(taken(store, name))) for name in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_what_was_never_done_is_known_by_its_name_alone(store: Store) -> None:
    with store.read() as connection:
        known = duties.get(connection, NAME)
    assert (known.name, known.failed_in_a_row, known.succeeded_at, known.fault) == (NAME, 0, None, "")


def test_failures_are_counted_until_it_works_again(store: Store) -> None:
    with store.write() as connection:
        assert duties.note_failure(connection, NAME, "no server", BEGIN).failed_in_a_row == 0
        assert duties.note_failure(connection, NAME, "no server", BEGIN + MINUTE).failed_in_a_row == 1
        duties.note_told(connection, NAME, BEGIN + MINUTE)
    with store.read() as connection:
        (known,) = duties.every(connection)
    assert (known.failed_in_a_row, known.fault, known.told_at) == (2, "no server", BEGIN + MINUTE)
    with store.write() as connection:
        assert duties.note_success(connection, NAME, BEGIN + 2 * MINUTE).is_told
        assert not duties.note_success(connection, NAME, BEGIN + 3 * MINUTE).is_told
    with store.read() as connection:
        known = duties.get(connection, NAME)
    assert (known.failed_in_a_row, known.fault, known.succeeded_at) == (0, "", BEGIN + 3 * MINUTE)


def test_pages_of_a_fault_are_cut(store: Store) -> None:
    with store.write() as connection:
        duties.note_failure(connection, NAME, "x" * 100_000, BEGIN)
    with store.read() as connection:
        assert 0 < len(duties.get(connection, NAME).fault) <= 2_000


@pytest.mark.parametrize("held", [True, False])
def test_what_is_over_is_forgotten_unless_somebody_is_at_it(store: Store, held: bool) -> None:
    taken(store, "a")
    if not held:
        leave(store, "a")
    with store.write() as connection:
        duties.forget(connection, [NAME, "mailing 7"])
        assert len(duties.every(connection)) == held


def test_duties_of_mailings_that_can_send_no_more_are_known(store: Store, tmp_path: Path) -> None:
    desk = MailingDesk(store, tmp_path)
    desk.readers(1)
    number = desk.plan()
    with desk.store.write() as connection:
        for name in (NAME, duties.name_of(number), duties.name_of(number + 1)):
            duties.take(connection, name, "a", BEGIN, LONGEST, alive)
        assert duties.of_finished_mailings(connection) == [duties.name_of(number + 1)]
