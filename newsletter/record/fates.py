"""Which fate an event tells, and which stands of those of one delivery: the same in whatever order they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model.event import FATE_GRAVITY, FATE_RANK, EventKind, Fate
from newsletter.model.recording import Fated

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from newsletter.model.event import Event

#: other kinds say nothing about where a message is
FATES: Mapping[EventKind, Fate] = {
    EventKind.DROPPED: Fate.DROPPED,
    EventKind.DELIVERED: Fate.DELIVERED,
    EventKind.DEFERRED: Fate.DEFERRED,
    EventKind.HARD_BOUNCE: Fate.HARD_BOUNCE,
    EventKind.SOFT_BOUNCE: Fate.SOFT_BOUNCE,
    EventKind.COMPLAINED: Fate.COMPLAINED,
}


def standing(events: Iterable[Event]) -> list[Fated]:
    """The fate of each delivery or notice that they name, in order of mailing and number."""
    best: dict[tuple[int, int], Fated] = {}
    for event in events:
        fate = FATES.get(event.kind)
        if fate is None or event.mailing is None or event.n is None:
            continue
        told = Fated(event.mailing, event.n, fate, event.at, event.detail)
        key = (event.mailing, event.n)
        known = best.get(key)
        if known is None or _order(told) > _order(known):
            best[key] = told
    return [best[key] for key in sorted(best)]


def _order(fated: Fated) -> tuple[int, datetime, int, str]:
    return FATE_RANK[fated.fate], fated.at, FATE_GRAVITY[fated.fate], fated.reason
