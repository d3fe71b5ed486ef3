"""One thread that renders, so that the event loop never does. It is a daemon: Ctrl-C does not wait for a long rendering."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

R = TypeVar("R")


class Worker:
    """Does one thing after the other."""

    def __init__(self) -> None:
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name="preview worker", daemon=True).start()

    async def do(self, job: Callable[[], R]) -> R:
        """What the job returns, or raises."""
        future: Future[R] = Future()
        self._jobs.put((future, job))
        return await asyncio.wrap_future(future)

    def stop(self) -> None:
        """The job under way is left to itself."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (entry := self._jobs.get()) is not None:
            future, job = entry
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as why:  # noqa: BLE001 - handed to whoever waits for it
                future.set_exception(why)
            else:
                future.set_result(result)
