"""Segments that ask for each other: all must be there, none may ask for itself, and together they must not be endless.

A segment is counted with those that it asks for, and with theirs: reuse could make a short file come to a billion
conditions.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from newsletter.settings.segment_walk import levels, tables
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.settings.segment_walk import Fault, Path, Table

#: tables within tables, and conditions that a segment comes to; databases have bounds of their own, well above
MOST_LEVELS = 20
MOST_CONDITIONS = 200
#: unknown names for which the nearest is looked for: each is compared with every segment
_GUESSED = 50
#: names that are shown of a ring
_SHOWN = 8
#: (place of `segment = ...`, the name that it asks for)
Request = tuple["Path", str]


def reuse_faults(segments: Table) -> Iterator[Fault]:
    requests: dict[str, list[Request]] = {name: [] for name in segments}
    for name, segment in segments.items():
        for path, table in tables(name, segment):
            if isinstance(asked := table.get("segment"), str):
                requests[name].append(((*path, "segment"), asked.strip()))
    yield from _missing(requests)
    order: list[str] = []
    rings = list(_rings(requests, order))
    yield from rings
    if not rings:
        yield from _too_much(segments, requests, order)


def _missing(requests: Mapping[str, Sequence[Request]]) -> Iterator[Fault]:
    missing = [one for several in requests.values() for one in several if one[1] not in requests]
    for place, (path, asked) in enumerate(missing):
        guess = nearest(asked, requests) if place < _GUESSED else None
        add = f'Add [segments.{asked[:60]}], or correct the name; for a list write list = "...".'
        fix = f"Did you mean `{guess}`?" if guess else add
        yield path, f"there is no segment `{asked[:60]}` | {fix}"


def _rings(requests: Mapping[str, Sequence[Request]], order: list[str]) -> Iterator[Fault]:
    """Each way back to a segment that is still being followed. `order` gets the names, what is asked for first."""
    done: set[str] = set()
    for start in requests:
        waiting = [] if start in done else [(start, iter(requests[start]))]
        trail = {start: None}  # in the order of the asking
        while waiting:
            name, rest = waiting[-1]
            path, asked = next(rest, ((), None))
            if asked is None:
                waiting.pop()
                del trail[name]
                done.add(name)
                order.append(name)
            elif asked in trail:
                yield path, _ring_in_words(list(trail), asked)
            elif asked in requests and asked not in done:
                waiting.append((asked, iter(requests[asked])))
                trail[asked] = None


def _ring_in_words(trail: Sequence[str], first: str) -> str:
    names = trail[trail.index(first) :]
    if len(names) == 1:
        return "it asks for the segment that it stands in | Take it out, or name another one."
    way = " → ".join((*names[:_SHOWN], *(("…",) if len(names) > _SHOWN else ()), first))
    return f"the segments ask for each other in a ring: {way} | Take one of these out."


def _too_much(segments: Table, requests: Mapping[str, Sequence[Request]], order: Sequence[str]) -> Iterator[Fault]:
    """The first that are too large are told, not those that ask for them."""
    sizes: dict[str, int] = defaultdict(int)
    depths: dict[str, int] = defaultdict(int)
    for name in order:
        own, asked = list(tables(name, segments[name])), requests[name]
        sizes[name] = sum(_size(table) for _, table in own) + sum(sizes[one] for _, one in asked)
        below = (levels(path[:-1]) + depths[one] for path, one in asked)
        depths[name] = max((*(levels(path) for path, _ in own), *below), default=0)
        for measure, most, what in (
            (sizes, MOST_CONDITIONS, f"it comes to more than {MOST_CONDITIONS} conditions"),
            (depths, MOST_LEVELS, f"conditions stand more than {MOST_LEVELS} levels deep in each other"),
        ):
            if measure[name] > most:
                measure[name] = most + 1
                if all(measure[one] <= most for _, one in asked):
                    fix = "Give these readers a tag or an attribute of their own, and ask for that."
                    yield (name,), f"{what}, with those of the segments that it asks for | {fix}"


def _size(table: Table) -> int:
    """One of many values is one question, every one of many tags are many."""
    tags = table.get("all_tags")
    single = sum(key not in {"all_tags", "attribute", "segment", "all", "any", "not"} for key in table)
    return single + (len(tags) if isinstance(tags, list | tuple) else 0)
