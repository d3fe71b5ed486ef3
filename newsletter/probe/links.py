"""Looks at the web addresses of an issue, several at once and politely: the adapter of check/links/reachable.py's port."""

from __future__ import annotations

import queue
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from newsletter.model.visit import Visit, VisitOutcome
from newsletter.probe.link_cache import LinkCache
from newsletter.probe.link_request import NotVisited, Requests, host_of
from newsletter.probe.link_visit import visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

#: reserved for examples (RFC 2606): what they answer says nothing about an issue
_SAMPLES = ("example.org", "example.com", "example.net", "example", "test")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """In one run; seconds where nothing else is said."""

    addresses: int = 200
    together: float = 60.0
    each: float = 20.0
    at_once: int = 8
    at_once_per_host: int = 2
    between_per_host: float = 0.2


class Links:
    """Looks from this machine, through no proxy. `cache` is a folder; `agent` says who looks."""

    def __init__(
        self,
        *,
        cache: Path,
        agent: str,
        limits: Limits | None = None,
        requests: Requests | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._cache = LinkCache(cache)
        self._limits = limits or Limits()
        self._requests = replace(requests or Requests(agent=""), agent=_one_line(agent))
        self._now = now

    def look(self, urls: Sequence[str]) -> Mapping[str, Visit]:
        """What each address answered, without those that only samples use."""
        wanted = [url for url in dict.fromkeys(urls) if not _is_sample(url)]
        found = self._cache.known(wanted, self._now())
        new = [url for url in wanted if url not in found]
        fresh = self._looked(_hosts_in_turn(new[: self._limits.addresses]))
        self._cache.keep(fresh, self._now())
        found |= fresh
        over = Visit(outcome=VisitOutcome.NOT_LOOKED, detail=f"one run looks at {self._limits.addresses} links at most")
        return {url: found.get(url, over) for url in wanted}

    def _looked(self, urls: Sequence[str]) -> dict[str, Visit]:
        """Whoever waits for an answer when the time is up is left behind: the threads are daemons."""
        deadline = time.monotonic() + self._limits.together
        waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        answers: queue.SimpleQueue[tuple[str, Visit]] = queue.SimpleQueue()
        for url in urls:
            waiting.put(url)
        work = partial(self._work, waiting, answers, _Gates(self._limits), deadline)
        for _ in range(min(self._limits.at_once, len(urls))):
            threading.Thread(target=work, daemon=True).start()
        late = Visit(
            outcome=VisitOutcome.NOT_LOOKED, detail=f"the {self._limits.together:.0f} seconds of a run were over"
        )
        return dict.fromkeys(urls, late) | dict(_until(answers, len(urls), deadline))

    def _work(
        self,
        waiting: queue.SimpleQueue[str],
        answers: queue.SimpleQueue[tuple[str, Visit]],
        gates: _Gates,
        deadline: float,
    ) -> None:
        while (left := deadline - time.monotonic()) > 0:
            try:
                url = waiting.get_nowait()
            except queue.Empty:
                return
            until = time.monotonic() + min(left, self._limits.each)
            try:
                found = visit(url, self._requests, partial(gates.turn, until=until), until)
            except Exception as why:  # noqa: BLE001 - what one server says must not lose the answers of others
                found = Visit(outcome=VisitOutcome.NOT_LOOKED, detail=f"our look at it failed ({type(why).__name__})")
            answers.put((url, found))


def _until(answers: queue.SimpleQueue[tuple[str, Visit]], count: int, deadline: float) -> Iterator[tuple[str, Visit]]:
    for _ in range(count):
        try:
            yield answers.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return


@dataclass
class _Gate:
    places: threading.Semaphore
    next_at: float = 0.0


@dataclass
class _Gates:
    """Lets a few in to each host at once, one after the other."""

    limits: Limits
    _gates: dict[str, _Gate] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str, until: float) -> Iterator[None]:
        """Waits for this host.

        Raises:
            NotVisited: its turn does not come in time.
        """
        with self._lock:
            gate = self._gates.setdefault(host, _Gate(threading.Semaphore(self.limits.at_once_per_host)))
        if not gate.places.acquire(timeout=max(0.0, until - time.monotonic())):
            raise NotVisited("there was no time left for all links to its site")
        try:
            self._wait(gate)
            yield
        finally:
            gate.places.release()

    def _wait(self, gate: _Gate) -> None:
        with self._lock:
            now = time.monotonic()
            start = max(now, gate.next_at)
            gate.next_at = start + self.limits.between_per_host
        time.sleep(start - now)


def _hosts_in_turn(urls: Sequence[str]) -> list[str]:
    """One of each host, then the second of each: so that one slow site does not keep all threads."""
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[host_of(url)].append(url)
    return [url for url in chain.from_iterable(zip_longest(*by_host.values())) if url is not None]


def _is_sample(url: str) -> bool:
    host = host_of(url)
    return any(host == name or host.endswith(f".{name}") for name in _SAMPLES)


def _one_line(agent: str) -> str:
    """Fit for a header: a newsletter's name can have any letters."""
    return "".join(one if one.isascii() and one.isprintable() else "?" for one in agent)[:200]
