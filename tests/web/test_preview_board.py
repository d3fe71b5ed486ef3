"""What is rendered when: once for many saves, again for a save meanwhile, first what somebody waits for."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsletter.pipeline import Prepared
from newsletter.web.preview.board import INDEX, Board
from newsletter.web.preview.events import Events
from newsletter.web.preview.making import Edition, Made, Trouble
from newsletter.web.preview.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

AT = datetime(2026, 12, 1, tzinfo=UTC)
OK = "ok"


@dataclass
class Kitchen:
    """Makes what it is told to, and counts. While `closed` is not set it waits."""

    made: list[str] = field(default_factory=list)
    outcome: str = OK
    go_on: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)

    def make(self, slug: str) -> Made:
        self.made.append(slug)
        self.started.set()
        assert self.go_on.wait(20)
        anything: Any = None
        prepared = Prepared(slug=slug, path=anything, problems=(), sources_digest=str(len(self.made)))
        edition = Edition(at=AT, workspace=anything, prepared=prepared)
        if self.outcome == OK:
            return Made(edition=edition)
        makeshift = edition if self.outcome == "makeshift" else None
        return Made(edition=makeshift, trouble=Trouble(what=self.outcome, fix="", at=AT))


def played(scene: Callable[[Board, Kitchen, Events], Awaitable[None]], *, waiting: bool = False) -> Kitchen:
    kitchen, events, worker = Kitchen(), Events(), Worker()
    if not waiting:
        kitchen.go_on.set()

    async def play() -> None:
        board = Board(kitchen.make, worker, events)
        running = asyncio.create_task(board.run())
        try:
            async with asyncio.timeout(20):
                await scene(board, kitchen, events)
        finally:
            kitchen.go_on.set()
            running.cancel()
            worker.stop()

    asyncio.run(play())
    return kitchen


async def begun(kitchen: Kitchen) -> None:
    await asyncio.to_thread(kitchen.started.wait, 20)
    kitchen.started.clear()


def test_many_saves_before_a_rendering_give_one() -> None:
    async def scene(board: Board, _kitchen: Kitchen, _events: Events) -> None:
        for _ in range(5):
            board.changed(["a"])
            board.shown("a")
        assert (await board.fresh("a", 20)).number == 1

    assert played(scene).made == ["a"]


def test_a_save_during_a_rendering_gives_another_one_and_only_one() -> None:
    async def scene(board: Board, kitchen: Kitchen, _events: Events) -> None:
        board.shown("a")
        await begun(kitchen)
        for _ in range(3):
            board.changed(["a"])
        waiting = asyncio.create_task(board.fresh("a", 20))
        await asyncio.sleep(0)
        kitchen.go_on.set()
        shown = await waiting
        assert shown.edition is not None
        assert shown.edition.prepared.sources_digest == "2"

    assert played(scene, waiting=True).made == ["a", "a"]


def test_nothing_is_rendered_for_nobody() -> None:
    async def scene(board: Board, _kitchen: Kitchen, _events: Events) -> None:
        board.changed(["a", "b"])
        board.changed(None)
        assert (await board.fresh("a", 20)).number == 1
        board.changed(None)
        await asyncio.sleep(0.05)

    assert played(scene).made == ["a"]


def test_what_somebody_looks_at_goes_before_the_list() -> None:
    async def scene(board: Board, kitchen: Kitchen, _events: Events) -> None:
        board.counted(["a", "b", "c"])
        await begun(kitchen)
        waiting = asyncio.create_task(board.fresh("c", 20))
        await asyncio.sleep(0)
        kitchen.go_on.set()
        await waiting
        await board.fresh("b", 20)

    assert played(scene, waiting=True).made == ["a", "c", "b"]


def test_a_page_is_not_kept_waiting_longer_than_it_wants() -> None:
    async def scene(board: Board, _kitchen: Kitchen, _events: Events) -> None:
        shown = await board.fresh("a", 0.01)
        assert (shown.number, shown.edition) == (0, None)

    played(scene, waiting=True)


def test_a_good_edition_stays_through_trouble_and_a_makeshift_one_does_not() -> None:
    async def after(board: Board, kitchen: Kitchen, outcome: str) -> tuple[str, str, bool]:
        kitchen.outcome = outcome
        board.changed(["a"])
        shown = await board.fresh("a", 20)
        digest = shown.edition.prepared.sources_digest if shown.edition else ""
        return digest, shown.trouble.what if shown.trouble else "", shown.good

    async def scene(board: Board, kitchen: Kitchen, _events: Events) -> None:
        assert await after(board, kitchen, "makeshift") == ("1", "makeshift", False)
        assert await after(board, kitchen, "nothing") == ("", "nothing", False)
        assert await after(board, kitchen, OK) == ("3", "", True)
        assert await after(board, kitchen, "makeshift") == ("3", "makeshift", True)
        assert await after(board, kitchen, "nothing") == ("3", "nothing", True)
        assert await after(board, kitchen, OK) == ("6", "", True)

    played(scene)


def test_listeners_hear_the_latest_number_and_streams_end_when_closed() -> None:
    async def scene(board: Board, _kitchen: Kitchen, events: Events) -> None:
        await board.fresh("a", 20)
        heard: list[bytes] = []

        async def listen(topic: str) -> None:
            async for line in events.stream(topic):
                heard.append(line)  # noqa: PERF401 - read by others while it grows

        listening = [asyncio.create_task(listen(topic)) for topic in ("a", INDEX)]
        await asyncio.sleep(0.01)
        assert heard[:2] == [b"retry: 500\n\n", b"data: 1\n\n"]
        board.changed(["a"])  # somebody listens, so it is rendered
        while b"data: 2\n\n" not in heard:
            await asyncio.sleep(0.01)
        events.close()
        await asyncio.gather(*listening)
        assert not events.is_heard("a")

    assert played(scene).made == ["a", "a"]


def test_only_the_last_issues_are_kept_whole_and_come_back_when_looked_at() -> None:
    async def scene(board: Board, kitchen: Kitchen, _events: Events) -> None:
        for number in range(12):
            await board.fresh(f"issue{number}", 20)
        assert not board.has_shown("issue0")
        assert board.has_shown("issue11")
        assert (await board.fresh("issue0", 20)).edition is not None

    assert played(scene).made[-1] == "issue0"
