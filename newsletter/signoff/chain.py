"""Is the audit log whole? Each entry names the hash of the one before; heads kept elsewhere tell where it ended once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.audit import BEGINNING, Action, Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.model.audit import Entry


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The first entry at which the log is not as it was written, and what is wrong, in words."""

    entry: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """A head of a log that a restored backup took the place of. `by` is the entry that the restoring wrote."""

    head: Head
    by: int


@dataclass(frozen=True, kw_only=True)
class Verified:
    """`fault` is None where the log is whole, as far as it can be told."""

    entries: int
    last: Head | None
    fault: Fault | None = None
    #: heads kept elsewhere that stand in it as they should
    confirmed: int = 0
    replaced: Sequence[Replaced] = field(default_factory=tuple)


def verify(entries: Iterable[Entry], heads: Iterable[Head] = ()) -> Verified:
    """Read it once, from the oldest entry to the newest, and hold it against what was noted elsewhere."""
    noted = {(head.number, head.hash): head for head in heads}
    wanted = {number for number, _ in noted}
    found: dict[int, str] = {}
    restorings: list[Head] = []
    last: Head | None = None
    count = 0
    for entry in entries:
        if why := _wrong(entry, last):
            return Verified(entries=count, last=last, fault=why)
        last, count = Head(number=entry.number, hash=entry.hash, at=entry.at), count + 1
        if entry.number in wanted:
            found[entry.number] = entry.hash
        if entry.action == Action.DATABASE_RESTORED:
            restorings.append(last)
    missed = [head for head in noted.values() if found.get(head.number) != head.hash]
    explained = {head: restoring for head in missed if (restoring := _explaining(head, restorings))}
    unexplained = [head for head in missed if head not in explained]
    return Verified(
        entries=count,
        last=last,
        fault=_contradicted(min(unexplained, key=lambda head: head.number), last) if unexplained else None,
        confirmed=len(noted) - len(missed),
        replaced=tuple(Replaced(head=head, by=by.number) for head, by in explained.items()),
    )


def _wrong(entry: Entry, before: Head | None) -> Fault | None:
    """What is wrong with an entry that follows on another one."""
    expected = before.number + 1 if before else 1
    if entry.number > expected:
        to = "" if entry.number == expected + 1 else f", and all up to entry {entry.number - 1}"
        return Fault(entry=expected, why=f"it is missing{to}")
    if entry.number < expected:
        where = f"behind entry {expected - 1}" if before else "before the first"
        why = f"it stands {where}: it was added, or the order was changed"
        return Fault(entry=entry.number, why=why)
    if not _is_as_written(entry):
        why = "it was changed after it was written: its hash is not that of what it says"
        return Fault(entry=entry.number, why=why)
    if entry.previous != (before.hash if before else BEGINNING):
        follows = f"on entry {before.number} as that is now" if before else "on nothing, as the first one does"
        return Fault(entry=entry.number, why=f"it does not follow {follows}: one of the two was written anew")
    return None


def _is_as_written(entry: Entry) -> bool:
    try:
        json.loads(entry.facts)
        return entry.hash == entry.hashed()
    except (ValueError, RecursionError):  # no JSON, or no text
        return False


def _explaining(head: Head, restorings: Sequence[Head]) -> Head | None:
    """The restoring of an older state, which wrote over what stood at the head's number; it came after the head."""
    return next((one for one in restorings if one.number <= head.number and one.at >= head.at), None)


def _contradicted(head: Head, last: Head | None) -> Fault:
    noted, end = f"{head.at:%Y-%m-%d %H:%M} UTC", last.number if last else 0
    if head.number <= end:
        why = f"another entry stood there on {noted}: the log was written anew, from there or before"
        return Fault(entry=head.number, why=why)
    ends = f"ends with entry {end}" if end else "is empty"
    why = f"the end was cut off: on {noted} there was an entry {head.number}, and the log {ends}"
    return Fault(entry=end + 1, why=why)
