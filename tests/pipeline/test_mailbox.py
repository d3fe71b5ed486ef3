"""Mails of our mailbox are kept once, also by two runs at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from sqlalchemy import select

from newsletter.esp.mailbox.imap import Place
from newsletter.pipeline.mailbox import collect
from newsletter.store import tables as t
from tests.support.readers import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.store.database import Store

MAILS = [f"Subject: {n}\r\n\r\n".encode() for n in range(1, 10)]


def new_mails(place: Place) -> Iterator[tuple[Place, list[bytes]]]:
    """Three at a time."""
    for start in range(place.uid, len(MAILS), 3):
        yield Place(validity=7, uid=start + 3), MAILS[start : start + 3]


def kept(store: Store) -> list[bytes]:
    with store.read() as connection:
        return list(connection.scalars(select(t.event_inbox.c.body).order_by(t.event_inbox.c.number)))


def test_a_second_run_finds_nothing_new(store: Store) -> None:
    assert collect(store, new_mails, NOW) == 9
    assert collect(store, new_mails, NOW) == 0
    assert kept(store) == MAILS


def test_a_run_that_another_one_overtook_stops(store: Store) -> None:
    counts = []

    def overtaken(place: Place) -> Iterator[tuple[Place, list[bytes]]]:
        mails = new_mails(place)
        yield next(mails)
        counts.append(collect(store, new_mails, NOW))
        yield from mails

    counts.append(collect(store, overtaken, NOW))
    assert counts == [6, 3]
    assert kept(store) == MAILS


def test_two_runs_that_begin_together_keep_each_mail_once(store: Store) -> None:
    together = Barrier(2)

    def run(_: int) -> int:
        def from_the_same_place(place: Place) -> Iterator[tuple[Place, list[bytes]]]:
            together.wait(20)
            yield from new_mails(place)

        return collect(store, from_the_same_place, NOW)

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(run, range(2)))
    assert sum(counts) == 9
    assert kept(store) == MAILS
