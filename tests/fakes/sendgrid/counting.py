"""Counts what was taken without keeping it: a million readers in 16 MB, and still nobody can get a letter twice unseen."""

from __future__ import annotations

from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: custom arguments that tell one mailing from another to the same person
_MAILING = "nl_mailing"


class Counting:
    """`requests` and `readers` that were taken, and who came more than once."""

    def __init__(self) -> None:
        self.requests = 0
        self.readers = 0
        self.bytes = 0
        #: eight bytes for each delivery; two people share them by chance once in 30 million runs of a million
        self._seen = array("q")

    def add(self, personalizations: Sequence[Mapping[str, Any]], size: int = 0) -> None:
        before = len(self._seen)
        self._seen.extend(map(hash, _deliveries(personalizations)))
        self.count(len(self._seen) - before, size)

    def count(self, readers: int, size: int) -> None:
        """For who does not look inside the requests."""
        self.requests += 1
        self.readers += readers
        self.bytes += size

    def twice(self) -> int:
        """How many deliveries came again, to the same address in the same mailing."""
        return sum(one == other for one, other in pairwise(sorted(self._seen)))

    def totals(self) -> dict[str, int]:
        return {"requests": self.requests, "readers": self.readers, "twice": self.twice(), "bytes": self.bytes}


def _deliveries(personalizations: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for personal in personalizations:
        mailing = personal.get("custom_args", {}).get(_MAILING, "")
        for kind in ("to", "cc", "bcc"):
            for person in personal.get(kind, ()):
                yield person["email"].lower(), mailing
