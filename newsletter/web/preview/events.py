"""Server-Sent Events (HTML standard, section 9.2): each page is told the number of what it should show."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

#: seconds between signs of life: a page that hears none for long knows that the preview has ended
_HEARTBEAT = 15.0


class Events:
    """Topics with a number that rises. A listener who was away hears the latest number first and has missed nothing."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._closed = False

    def tell(self, topic: str, number: int) -> None:
        self._numbers[topic] = number
        for listener in self._listeners.get(topic, ()):
            listener.set()

    def is_heard(self, topic: str) -> bool:
        return topic in self._listeners

    def close(self) -> None:
        """End all streams: open ones would keep the server from stopping."""
        self._closed = True
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.set()

    async def stream(self, topic: str) -> AsyncIterator[bytes]:
        """The number of the topic now, and again at each change, until closed."""
        with self._listening(topic) as changed:
            yield b"retry: 500\n\n"
            while not self._closed:
                changed.clear()
                yield f"data: {self._numbers.get(topic, 0)}\n\n".encode()
                while not changed.is_set() and not self._closed:
                    try:
                        await asyncio.wait_for(changed.wait(), _HEARTBEAT)
                    except TimeoutError:
                        yield b": still here\n\n"

    @contextmanager
    def _listening(self, topic: str) -> Iterator[asyncio.Event]:
        listener = asyncio.Event()
        listeners = self._listeners.setdefault(topic, set())
        listeners.add(listener)
        try:
            yield listener
        finally:
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)
