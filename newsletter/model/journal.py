"""A journal as catalogues know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Journal:
    """`abbreviation` is that of the National Library of Medicine: "Am J Sports Med"."""

    title: str
    abbreviation: str
    issns: tuple[str, ...] = ()
