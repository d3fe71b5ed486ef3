"""What is shown of every issue, what is stale, and what is rendered next. Lives in the event loop; rendering does not.

An issue is rendered when somebody looks at it or listens for it. Many changes before a rendering begins give one; a
change while it is under way gives another one.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsletter.model.problem import Problem
    from newsletter.web.preview.events import Events
    from newsletter.web.preview.making import Edition, Made, Trouble
    from newsletter.web.preview.worker import Worker

#: the topic of the list of all issues
INDEX = ""
#: editions that are kept whole, with all their images; of others only the counts
_KEPT = 8


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What stands on an issue's page. `edition` is the last good one where there was one; `trouble` is what came after.

    `number` rises with every change of it.
    """

    number: int = 0
    edition: Edition | None = None
    trouble: Trouble | None = None
    #: of what the files say now
    problems: Sequence[Problem] = ()
    #: whether the edition is what its author means
    good: bool = False

    def after(self, made: Made) -> Shown:
        """A good edition stays until there is another one."""
        keeps = made.trouble is not None and self.good
        told = made.trouble.problems if made.trouble else made.edition.prepared.problems if made.edition else ()
        return Shown(
            number=self.number + 1,
            edition=self.edition if keeps else made.edition,
            trouble=made.trouble,
            problems=told,
            good=keeps or made.trouble is None,
        )

    def count(self, level: str) -> int:
        """Problems of a Level; pages know it by its name."""
        return sum(problem.level == level for problem in self.problems)


@dataclass(kw_only=True)
class _Entry:
    """`saves` counts changes; `begun` and `done` say of which of them a rendering knows that began, that ended."""

    shown: Shown = field(default_factory=Shown)
    saves: int = 0
    begun: int = -1
    done: int = -1
    rendered: asyncio.Event = field(default_factory=asyncio.Event)


class Board:
    """All issues by slug. `run` renders for ever; everything else returns at once, but `fresh` waits."""

    def __init__(self, make: Callable[[str], Made], worker: Worker, events: Events) -> None:
        self._make, self._worker, self._events = make, worker, events
        self._entries: dict[str, _Entry] = {}
        #: slugs in the order of their turn; those that somebody waits for go first
        self._urgent: dict[str, None] = {}
        self._whenever: dict[str, None] = {}
        self._wanted = asyncio.Event()
        self._index_number = 0

    def shown(self, slug: str) -> Shown:
        """As it stands, stale or not; it is rendered soon."""
        self._want(self._urgent, slug)
        return self._entry(slug).shown

    def has_shown(self, slug: str) -> bool:
        """Whether there is something to show, even if its file is gone by now."""
        return slug in self._entries and self._entries[slug].shown.edition is not None

    async def fresh(self, slug: str, patience: float) -> Shown:
        """As the files are now; what stood before where that takes longer than `patience` seconds."""
        self._want(self._urgent, slug)
        entry = self._entry(slug)
        saves = entry.saves
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while entry.done < saves:
                    entry.rendered.clear()
                    await entry.rendered.wait()
        return entry.shown

    def counted(self, slugs: Iterable[str]) -> dict[str, Shown]:
        """For the list of all issues: as they stand; those that are stale come when there is time."""
        for slug in slugs:
            self._want(self._whenever, slug)
        return {slug: self._entry(slug).shown for slug in slugs}

    def changed(self, slugs: Iterable[str] | None) -> None:
        """Files of these issues were saved; None for files that all of them share."""
        for slug in list(self._entries if slugs is None else slugs):
            self._entry(slug).saves += 1
            if self._events.is_heard(slug):
                self._want(self._urgent, slug)
        self._tell_index()

    async def run(self) -> None:
        while True:
            await self._wanted.wait()
            await self._render(self._next())

    async def _render(self, slug: str) -> None:
        entry = self._entry(slug)
        entry.begun = saves = entry.saves
        made = await self._worker.do(partial(self._make, slug))
        entry.shown, entry.done = entry.shown.after(made), saves
        entry.rendered.set()
        self._forget_old(slug)
        self._events.tell(slug, entry.shown.number)
        self._tell_index()

    def _next(self) -> str:
        """Taken from the queues; changes from now on count for the next rendering."""
        slug = next(iter(self._urgent or self._whenever))
        self._urgent.pop(slug, None)
        self._whenever.pop(slug, None)
        if not (self._urgent or self._whenever):
            self._wanted.clear()
        return slug

    def _want(self, queue: dict[str, None], slug: str) -> None:
        """Unless what was rendered, or is being rendered, knows of every change."""
        entry = self._entry(slug)
        if entry.begun == entry.saves:
            return
        queue.setdefault(slug)
        self._wanted.set()

    def _entry(self, slug: str) -> _Entry:
        return self._entries.setdefault(slug, _Entry())

    def _tell_index(self) -> None:
        self._index_number += 1
        self._events.tell(INDEX, self._index_number)

    def _forget_old(self, latest: str) -> None:
        """The editions of issues that nobody has open are let go, the oldest first."""
        self._entries[latest] = self._entries.pop(latest)
        whole = [slug for slug, entry in self._entries.items() if entry.shown.edition]
        for slug in whole[:-_KEPT]:
            if not self._events.is_heard(slug):
                entry = self._entries[slug]
                entry.shown = replace(entry.shown, edition=None, good=False)
                entry.begun = entry.done = -1
