"""What rules may know beyond the issue: the library, journals, retractions, the workspace's own words and claims.

Ports, filled by the pipeline.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.claims.ledger import Ledger
    from newsletter.check.claims.profile import ClaimRules
    from newsletter.model.journal import Journal
    from newsletter.model.notice import Notice
    from newsletter.model.reference import Reference


class Journals(Protocol):
    """A table of journals."""

    def named(self, name: str) -> Journal | None:
        """The journal of this title or abbreviation, whatever its case, points and leading article."""


class Retractions(Protocol):
    """A table of papers that were retracted or corrected."""

    @property
    def newest(self) -> date:
        """The day of its newest entry: how old the table is."""

    def described(self) -> str:
        """What it is and how old: "Retraction Watch, 2026-11-02"."""

    def notice(self, doi: str, pmid: str) -> Notice | None:
        """What became of the paper with this DOI or this PubMed number (either may be empty); the latest counts."""


class NoJournals:
    """Where no table is at hand."""

    def named(self, name: str) -> Journal | None:
        del name
        return None


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    #: what counts as now: the date of the issue, or the day of the run
    today: date = date.max
    #: the day of the run, whatever the date of the issue: to it the age of a table is counted
    run_on: date = date.max
    #: all references that the issue could cite, by key
    library: Mapping[str, Reference] = field(default_factory=dict)
    journals: Journals = field(default_factory=NoJournals)
    retractions: Retractions | None = None
    #: the workspace's glossary: words and phrases as they are written there
    words: frozenset[str] = frozenset()
    claims: ClaimRules | None = None
    ledger: Ledger | None = None


#: for whoever checks an issue with nothing else at hand
NOTHING_KNOWN = Knowledge()
