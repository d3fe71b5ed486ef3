"""Keys that are numbers: whoever writes `[@10.1234/one]` or `[@PMID:31674240]` means the source that has this number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.reference import Reference

_LONGEST = 300
_NAMES = ("DOI", "PMID", "PMCID")
_NUMBERS = (
    ("DOI", re.compile(r"(?:^|[/:= ])(10\.\d{4,9}/[^\s\]}]+)")),
    ("PMCID", re.compile(r"(?:^|[/: ])(PMC\d{1,9})(?:/|$)", re.IGNORECASE)),
    ("PMID", re.compile(r"(?:^|pmid:? ?|pubmed\.ncbi\.nlm\.nih\.gov/|/pubmed/)(\d{1,9})/?$", re.IGNORECASE)),
)


def number_in(written: str) -> tuple[str, str] | None:
    """The name and the value of the number in a key or an address."""
    written = written[:_LONGEST].strip()
    found = ((name, pattern.search(written)) for name, pattern in _NUMBERS)
    return next(((name, match[1].rstrip(".,;/")) for name, match in found if match), None)


class Numbered:
    """The sources by their numbers. All of them are looked at, but only when somebody asks."""

    def __init__(self, references: Mapping[str, Reference]) -> None:
        self._references = references
        self._keys: dict[tuple[str, str], str] | None = None

    def key_of(self, name: str, value: str) -> str | None:
        if self._keys is None:
            self._keys = {}
            for key, reference in self._references.items():
                for each in _NAMES:
                    if isinstance(number := reference.csl.get(each), str) and number:
                        self._keys.setdefault((each, number.casefold()), key)
        return self._keys.get((name, value.casefold()))
