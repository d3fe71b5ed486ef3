"""When a reference appeared: all its dates, for comparing and for telling."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model.reference import Reference

MONTHS = tuple("January February March April May June July August September October November December".split())
#: CSL's dates that a text may mean by the year of a source; those that we add for electronic and printed publication
_DATES = ("issued", "available-date", "published-print", "event-date", "original-date")
#: a publisher's DOI may tell when a paper was accepted: 10.1007/s11420-019-09729-4, 10.1302/BJJ-2019-0383
_YEAR_IN_DOI = re.compile(r"(?<![\d])((?:19|20)\d\d)(?!\d)|(?<=-0)(\d\d)(?=-\d{5}-)")


@dataclass(frozen=True, order=True)
class Moment:
    """A year, or a month of it; `month` is 0 where nothing is known about it."""

    year: int
    month: int = 0

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}" if self.month else str(self.year)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, monthrange(self.year, month)[1])


def moments(reference: Reference) -> tuple[Moment, ...]:
    """When it appeared, the date that is printed first; nothing where it has no year."""
    found = (moment for name in _DATES for moment in _moments(reference.csl.get(name)))
    return tuple(dict.fromkeys(found))


def _moments(value: Any) -> Iterator[Moment]:  # noqa: ANN401 - a field of a record
    parts = value.get("date-parts") if isinstance(value, dict) else None
    ends = [part for part in parts or () if part]
    for part in ends:
        yield Moment(*part[:2])
    if len(ends) == 2:
        yield from (Moment(year) for year in range(ends[0][0] + 1, min(ends[1][0], ends[0][0] + 20)))


def accepted_years(reference: Reference) -> frozenset[int]:
    """Years before the printed one in which a paper may have been online, as its DOI tells."""
    doi = str(reference.csl.get("DOI", ""))[:200]
    years = {int(full or f"20{short}") for full, short in _YEAR_IN_DOI.findall(doi)}
    known = {moment.year for moment in moments(reference)}
    return frozenset(year for year in years if year + 1 in known)


def appeared(references: Sequence[Reference]) -> str:
    """Such as "`fouilleron2012` appeared in April 2012 and `wiik2019` in November 2019"."""
    first, *others = references[:3]
    told = [f"`{first.key}` appeared in {moments(first)[0]}"]
    return " and ".join([*told, *(f"`{other.key}` in {moments(other)[0]}" for other in others)])
