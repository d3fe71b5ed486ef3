"""One look at one address: HEAD, then GET where HEAD is refused, along redirects to what is there in the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.visit import Visit, VisitOutcome
from newsletter.probe.link_request import NoAnswer, NotVisited, Unreachable, host_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from newsletter.probe.link_request import Answer, Requests

MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_NO_PAGE = frozenset({404, 410})
#: refusals that GET would meet as well
_FINAL = frozenset({410, 429})


@dataclass
class _Way:
    """Where the redirects have led; `moved_to` is as far as all of them were for good."""

    where: str
    seen: set[str] = field(default_factory=set)
    for_good: bool = True
    moved_to: str = ""

    def go_on(self, answer: Answer) -> None:
        self.for_good = self.for_good and answer.status in _FOR_GOOD
        if self.for_good:
            self.moved_to = answer.location
        self.where = answer.location


def visit(url: str, requests: Requests, turn: Callable[[str], AbstractContextManager[None]], deadline: float) -> Visit:
    """`turn` waits until the host may be asked again. Every hop is checked like the first."""
    way = _Way(url)
    try:
        return _followed(way, requests, turn, deadline)
    except NotVisited as why:
        detail = str(why) if way.where == url else f"it redirects to {way.where[:80]}, but {why}"
        return Visit(outcome=VisitOutcome.NOT_LOOKED, detail=detail)
    except Unreachable as why:
        return Visit(outcome=VisitOutcome.FAILED, detail=str(why))
    except TimeoutError:
        return Visit(outcome=VisitOutcome.TIMEOUT)


def _followed(
    way: _Way, requests: Requests, turn: Callable[[str], AbstractContextManager[None]], deadline: float
) -> Visit:
    for _ in range(MOST_REDIRECTS + 1):
        way.seen.add(way.where)
        answer = _asked(way.where, requests, turn, deadline)
        if answer.status not in _REDIRECTS or not answer.location:
            return _judged(answer.status, way.moved_to)
        way.go_on(answer)
        if way.where in way.seen:
            # most often a site that wants cookies: a browser may well arrive
            return Visit(outcome=VisitOutcome.REFUSED, status=answer.status, detail="it sends programs in a circle")
    return Visit(outcome=VisitOutcome.FAILED, detail=f"it redirects more than {MOST_REDIRECTS} times")


def _asked(
    url: str, requests: Requests, turn: Callable[[str], AbstractContextManager[None]], deadline: float
) -> Answer:
    host = host_of(url)
    try:
        with turn(host):
            answer = requests.ask("HEAD", url, deadline)
    except NoAnswer:
        answer = None
    if answer and (answer.status < 400 or answer.status in _FINAL):
        return answer
    with turn(host):
        return requests.ask("GET", url, deadline)


def _judged(status: int, moved_to: str) -> Visit:
    match status:
        case _ if 200 <= status < 400:
            outcome = VisitOutcome.MOVED if moved_to else VisitOutcome.OK
            return Visit(outcome=outcome, status=status, where=moved_to)
        case _ if status in _NO_PAGE:
            return Visit(outcome=VisitOutcome.GONE, status=status)
        case _ if 400 <= status < 500 or status >= 600:  # LinkedIn turns programs away with 999
            return Visit(outcome=VisitOutcome.REFUSED, status=status)
    return Visit(outcome=VisitOutcome.FAILED, status=status, detail=f"its server has trouble (status {status})")
