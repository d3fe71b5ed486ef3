"""The number of a source in a register: what is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Register(StrEnum):
    """Who gives the numbers. The values are the names of CSL's fields."""

    DOI = "DOI"
    #: PubMed
    PMID = "PMID"
    #: PubMed Central
    PMCID = "PMCID"


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """`value` is bare: `10.1177/0363546511434564`, `22368089`, `PMC6824412`."""

    register: Register
    value: str

    def __str__(self) -> str:
        return self.value if self.register is Register.PMCID else f"{self.register} {self.value}"

    def same(self, other: object) -> bool:
        """Whether a field of an answer holds this number; DOIs do not depend on case."""
        return str(other).lower() == self.value.lower()
